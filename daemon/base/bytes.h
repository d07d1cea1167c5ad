#pragma once

#include "base/hex.h"

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace croft {

/// A SHA-256 digest. A type of its own, so that it can't be mistaken for other bytes.
struct Sha256 {
    std::array<std::uint8_t, 32> bytes{};
    auto operator<=>(const Sha256&) const = default;

    std::string hex() const { return to_hex(bytes); }
    static std::optional<Sha256> from_hex(std::string_view digits) {
        const auto raw = bytes_from_hex<32>(digits);
        return raw ? std::optional(Sha256{*raw}) : std::nullopt;
    }
};

/// A SHA-1 digest: BitTorrent v1 info-hashes and pieces, nothing else.
struct Sha1 {
    std::array<std::uint8_t, 20> bytes{};
    auto operator<=>(const Sha1&) const = default;

    std::string hex() const { return to_hex(bytes); }
    static std::optional<Sha1> from_hex(std::string_view digits) {
        const auto raw = bytes_from_hex<20>(digits);
        return raw ? std::optional(Sha1{*raw}) : std::nullopt;
    }
};

/// Text as the bytes that hash functions and sockets take.
inline std::span<const std::uint8_t> as_bytes(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// Bytes as text, unchanged: strings carry documents byte for byte.
inline std::string_view as_text(std::span<const std::uint8_t> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace croft
