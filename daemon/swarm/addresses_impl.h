#pragma once

#include "base/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace croft::swarm {

struct HostPort {
    std::string host;  ///< an address without brackets, or a name
    std::uint16_t port = 0;
    bool is_numeric = false;  ///< the host is an IPv4 or IPv6 address

    std::string text() const;
};

/// `127.0.0.1:6881`, `[::1]:6881`, `node.example:6881`; none where it is anything else.
std::optional<HostPort> parse_host_port(std::string_view text);

}  // namespace croft::swarm
