#pragma once

#include <string_view>

namespace croft::feeds {

/// Whether a numeric IP address is loopback, link-local, private, multicast or otherwise not of the
/// public internet (IANA special-purpose registries): where a feed may not send us by itself.
bool is_private_address(std::string_view address);

}  // namespace croft::feeds
