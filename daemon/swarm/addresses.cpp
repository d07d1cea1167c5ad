#include "swarm/addresses_impl.h"
#include "swarm/swarm.h"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <charconv>

namespace croft::swarm {
namespace {

constexpr std::size_t longest_name = 253;  // RFC 1035

bool is_host_name(std::string_view text) {
    return !text.empty() && text.size() <= longest_name && text.front() != '-' &&
           text.front() != '.' && std::ranges::all_of(text, [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '-' || c == '.';
           });
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return port;
}

}  // namespace

std::string HostPort::text() const {
    const bool is_v6 = host.find(':') != std::string::npos;
    return (is_v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

std::optional<HostPort> parse_host_port(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const auto port = parse_port(text.substr(colon + 1));
    if (!port) return std::nullopt;

    std::string_view host = text.substr(0, colon);
    const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
    if (bracketed) host = host.substr(1, host.size() - 2);

    boost::system::error_code no_address;
    const auto address = boost::asio::ip::make_address(std::string(host), no_address);
    if (!no_address) {
        if (address.is_v6() != bracketed) return std::nullopt;
        return HostPort{address.to_string(), *port, true};
    }
    if (bracketed || !is_host_name(host)) return std::nullopt;
    return HostPort{std::string(host), *port, false};
}

bool is_peer_address(std::string_view text) {
    const auto parsed = parse_host_port(text);
    return parsed && parsed->port != 0;
}

}  // namespace croft::swarm
