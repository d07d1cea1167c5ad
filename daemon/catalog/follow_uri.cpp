#include "catalog/follow_uri.h"

#include "base/text.h"

#include <algorithm>
#include <charconv>
#include <set>

namespace croft::catalog {
namespace {

constexpr std::size_t uri_cap = 4096;
constexpr std::size_t salt_cap = 64;  // BEP 44
constexpr std::string_view scheme = "magnet:?", key_prefix = "urn:btpk:";

tl::unexpected<Error> refuse(std::string reason, std::string_view what) {
    return fail(Errc::malformed, "uri_" + std::move(reason),
                "not a follow URI: " + std::string(what));
}

bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

std::string percent_encode(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        if (is_letter_or_digit(c) || std::string_view("-._~").find(c) != std::string_view::npos) {
            out += c;
            continue;
        }
        out += '%';
        out += digits[static_cast<std::uint8_t>(c) >> 4];
        out += digits[static_cast<std::uint8_t>(c) & 15];
    }
    return out;
}

std::optional<std::string> percent_decode(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '%') {
            out += text[at];
            continue;
        }
        std::uint8_t byte = 0;
        const std::string_view pair = text.substr(at + 1, 2);
        const auto [end, error] = std::from_chars(pair.data(), pair.data() + pair.size(), byte, 16);
        if (pair.size() != 2 || error != std::errc() || end != pair.data() + 2) return std::nullopt;
        out += static_cast<char>(byte);
        at += 2;
    }
    return out;
}

bool is_printable_ascii(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; });
}

bool is_port(std::string_view text) {
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    return error == std::errc() && end == text.data() + text.size() && port > 0;
}

/// `host:port`, where a host is a name, an IPv4 address, or an IPv6 address in brackets.
bool is_host_and_port(std::string_view text) {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos || !is_port(text.substr(colon + 1))) return false;
    std::string_view host = text.substr(0, colon);
    const bool is_bracketed = host.starts_with('[') && host.ends_with(']');
    if (is_bracketed) host = host.substr(1, host.size() - 2);
    return !host.empty() && host.size() <= 253 && std::ranges::all_of(host, [&](char c) {
        return is_letter_or_digit(c) || c == '.' || c == '-' || (is_bracketed && c == ':');
    });
}

/// A base URL below which the paths of a feed lie: http(s), no user, no query, no fragment.
bool is_feed_url(std::string_view url) {
    if (!is_printable_ascii(url)) return false;
    if (url.starts_with("https://")) {
        url.remove_prefix(8);
    } else if (url.starts_with("http://")) {
        url.remove_prefix(7);
    } else {
        return false;
    }
    const std::string_view authority = url.substr(0, url.find('/'));
    return !authority.empty() && authority.find('@') == std::string_view::npos &&
           url.find_first_of("?#\\\"<>") == std::string_view::npos;
}

Outcome take_exact_topic(FollowUri& uri, std::string_view value, bool& has_key) {
    if (!value.starts_with(key_prefix)) {
        if (!is_feed_url(value))
            return refuse("feed", "an xs is neither a key nor a feed's address");
        uri.feeds.emplace_back(value);
        return {};
    }
    if (has_key) return refuse("duplicate", "it has two keys");
    const auto key = bytes_from_hex<32>(value.substr(key_prefix.size()));
    if (!key) return refuse("key", "urn:btpk: is not followed by 64 lower-case hex digits");
    uri.beacon_key = *key;
    has_key = true;
    return {};
}

Outcome take_salt(FollowUri& uri, std::string_view digits) {
    uri.salt.resize(digits.size() / 2);
    if (digits.size() % 2 != 0 || uri.salt.size() > salt_cap ||
        !from_hex(digits, {reinterpret_cast<std::uint8_t*>(uri.salt.data()), uri.salt.size()})) {
        return refuse("salt", "s is not at most 64 bytes in lower-case hex digits");
    }
    return {};
}

Outcome take(FollowUri& uri, std::string_view key, std::string_view value, bool& has_key) {
    if (key == "xs") return take_exact_topic(uri, value, has_key);
    if (key == "s") return take_salt(uri, value);
    if (key == "dn") {
        if (!is_utf8(value)) return refuse("name", "dn is not UTF-8");
        uri.name = value;
    } else if (key == "x.pub") {
        const auto id = PublisherId::parse(value);
        if (!id) return refuse("publisher", "x.pub is not 64 lower-case hex digits");
        uri.publisher = *id;
    } else if (key == "x.pe") {
        if (!is_host_and_port(value)) return refuse("peer", "an x.pe is not host:port");
        uri.peers.emplace_back(value);
    }
    return {};
}

}  // namespace

Result<FollowUri> FollowUri::parse(std::string_view text) {
    if (text.size() > uri_cap) return refuse("too_long", "it is longer than 4 KiB");
    if (!is_printable_ascii(text)) return refuse("characters", "it has others than plain ASCII");
    if (!text.starts_with(scheme)) return refuse("scheme", "it does not begin with magnet:?");
    text.remove_prefix(scheme.size());

    FollowUri uri;
    bool has_key = false;
    std::set<std::string_view> seen;
    for (const std::string_view parameter : split(text, '&')) {
        const std::size_t equals = parameter.find('=');
        if (equals == std::string_view::npos) return refuse("syntax", "a part of it has no =");
        const std::string_view key = parameter.substr(0, equals);
        const bool may_repeat = key == "xs" || key == "x.pe";
        if (!seen.insert(key).second && !may_repeat) {
            return refuse("duplicate", "\"" + std::string(key) + "\" stands twice");
        }
        const auto value = percent_decode(parameter.substr(equals + 1));
        if (!value) return refuse("syntax", "a % is not followed by two hex digits");
        if (auto taken = take(uri, key, *value, has_key); !taken) {
            return tl::unexpected(taken.error());
        }
    }
    if (!has_key) return refuse("key", "it has no xs=urn:btpk:…");
    return uri;
}

std::string FollowUri::text() const {
    std::string out(scheme);
    out += "xs=";
    out += key_prefix;
    out += to_hex(beacon_key);
    if (!salt.empty()) out += "&s=" + to_hex(as_bytes(salt));
    if (!name.empty()) out += "&dn=" + percent_encode(name);
    if (publisher) out += "&x.pub=" + publisher->hex();
    for (const std::string& feed : feeds)
        out += "&xs=" + percent_encode(feed);
    for (const std::string& peer : peers)
        out += "&x.pe=" + peer;
    return out;
}

}  // namespace croft::catalog
