#include "api/openapi.h"

#include "api/embedded.h"

namespace croft::api {

std::string_view openapi_document() { return embedded_documents().front().bytes; }

}  // namespace croft::api
