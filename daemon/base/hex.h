#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace croft {

/// Lower-case hexadecimal, two digits a byte.
std::string to_hex(std::span<const std::uint8_t> bytes);

/// Fills `out` from exactly `2 * out.size()` lower-case digits; false on anything else.
bool from_hex(std::string_view digits, std::span<std::uint8_t> out);

/// A fixed number of bytes out of exactly `2 * N` lower-case digits.
template <std::size_t N>
std::optional<std::array<std::uint8_t, N>> bytes_from_hex(std::string_view digits) {
    std::array<std::uint8_t, N> bytes{};
    if (!from_hex(digits, bytes)) return std::nullopt;
    return bytes;
}

}  // namespace croft
