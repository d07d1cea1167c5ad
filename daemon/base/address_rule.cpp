#include "base/address_rule.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace croft {
namespace {

template <std::size_t Size>
struct Block {
    std::array<std::uint8_t, Size> network;
    unsigned prefix_bits;
};

// https://www.iana.org/assignments/iana-ipv4-special-registry: all that is not globally reachable.
constexpr Block<4> special_v4[] = {
    {{0}, 8},             // this network
    {{10}, 8},            // private
    {{100, 64}, 10},      // shared by carriers
    {{127}, 8},           // loopback
    {{169, 254}, 16},     // link-local
    {{172, 16}, 12},      // private
    {{192, 0, 0}, 24},    // protocol assignments
    {{192, 0, 2}, 24},    // documentation
    {{192, 88, 99}, 24},  // 6to4 relays
    {{192, 168}, 16},     // private
    {{198, 18}, 15},      // benchmarks
    {{198, 51, 100}, 24},
    {{203, 0, 113}, 24},
    {{224}, 4},  // multicast
    {{240}, 4},  // reserved, broadcast
};

constexpr Block<16> global_unicast_v6{{0x20}, 3};
// https://www.iana.org/assignments/iana-ipv6-special-registry, within global unicast.
constexpr Block<16> special_v6[] = {
    {{0x20, 0x01}, 23},              // protocol assignments, Teredo, ORCHID
    {{0x20, 0x01, 0x0d, 0xb8}, 32},  // documentation
    {{0x3f, 0xff}, 20},              // documentation
};

/// Where an IPv6 address of this block carries an IPv4 address.
struct Carrier {
    Block<16> block;
    std::size_t offset;
};
constexpr Carrier carriers[] = {
    {{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96}, 12},  // mapped
    {{{0x00, 0x64, 0xff, 0x9b}, 96}, 12},                    // NAT64
    {{{0x20, 0x02}, 16}, 2},                                 // 6to4
};

template <std::size_t Size>
bool lies_in(std::span<const std::uint8_t, Size> address, const Block<Size>& block) {
    for (unsigned bit = 0; bit < block.prefix_bits; ++bit) {
        const unsigned mask = 0x80U >> (bit % 8);
        if ((address[bit / 8] & mask) != (block.network[bit / 8] & mask)) return false;
    }
    return true;
}

bool is_private_v4(std::span<const std::uint8_t, 4> address) {
    return std::ranges::any_of(special_v4,
                               [&](const auto& block) { return lies_in(address, block); });
}

bool is_private_v6(std::span<const std::uint8_t, 16> address) {
    for (const auto& [block, offset] : carriers) {
        if (!lies_in(address, block)) continue;
        return is_private_v4(address.subspan(offset).first<4>());
    }
    return !lies_in(address, global_unicast_v6) ||
           std::ranges::any_of(special_v6,
                               [&](const auto& block) { return lies_in(address, block); });
}

/// Empty where `text` is no numeric address. A zone (`fe80::1%eth0`) is cut off.
std::optional<bool> private_if_numeric(std::string_view text) {
    const std::string address(text.substr(0, text.find('%')));
    std::array<std::uint8_t, 4> v4{};
    if (::inet_pton(AF_INET, address.c_str(), v4.data()) == 1) return is_private_v4(v4);
    std::array<std::uint8_t, 16> v6{};
    if (::inet_pton(AF_INET6, address.c_str(), v6.data()) == 1) return is_private_v6(v6);
    return std::nullopt;
}

/// `127.1`, `0x7f.0x1`: no name that DNS gives out ends in a number.
bool ends_in_number(std::string_view name) {
    const std::string_view label = name.substr(name.rfind('.') + 1);
    return label.starts_with("0x") ||
           std::ranges::all_of(label, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

bool is_private_address(std::string_view address) {
    return private_if_numeric(address).value_or(true);
}

bool is_local_host(std::string_view host) {
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    if (const auto numeric = private_if_numeric(host)) return *numeric;

    std::string name(host.substr(0, host.size() - (host.ends_with('.') ? 1 : 0)));
    std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::tolower(c); });
    if (name.find('.') == std::string::npos || ends_in_number(name)) return true;
    constexpr std::string_view local_zones[] = {".localhost", ".local", ".lan", ".internal",
                                                ".home.arpa"};
    return std::ranges::any_of(local_zones, [&](auto zone) { return name.ends_with(zone); });
}

bool is_local_url(std::string_view url) {
    const auto scheme_end = url.find("://");
    if (scheme_end == std::string_view::npos) return true;
    std::string_view host = url.substr(scheme_end + 3);
    host = host.substr(0, host.find_first_of("/?#"));
    if (host.find('@') != std::string_view::npos) return true;
    const bool is_bracketed = host.starts_with('[');
    const auto end = is_bracketed ? host.find(']') : host.find(':');
    host = host.substr(0, is_bracketed && end != std::string_view::npos ? end + 1 : end);
    const bool is_plain = std::ranges::all_of(host, [&](unsigned char c) {
        return std::isalnum(c) || c == '.' || c == '-' || c == '_' ||
               (is_bracketed && (c == '[' || c == ']' || c == ':'));
    });
    return host.empty() || !is_plain || is_local_host(host);
}

}  // namespace croft
