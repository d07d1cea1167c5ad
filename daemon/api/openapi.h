#pragma once

#include <string_view>

namespace croft::api {

/// The text of openapi.json (OpenAPI 3.1). The tests hold it to the routes, both ways.
std::string_view openapi_document();

}  // namespace croft::api
