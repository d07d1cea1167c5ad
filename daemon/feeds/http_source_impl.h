#pragma once

#include "feeds/source_impl.h"

namespace croft::feeds {

/// A feed's layout below a base URL, read on behalf of `party`.
std::shared_ptr<Source> make_http_source(std::shared_ptr<Context> context, std::string base_url,
                                         Reach reach, std::string party);

}  // namespace croft::feeds
