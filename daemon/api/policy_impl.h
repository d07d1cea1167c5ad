#pragma once

#include "api/context_impl.h"

namespace croft::api {

Json policy(const Context& context);
std::uint64_t keep_free_bytes(const Context& context);
/// On the disk that takes new bundles.
std::uint64_t free_bytes(const Context& context);

}  // namespace croft::api
