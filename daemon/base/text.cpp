#include "base/text.h"

#include <fmt/format.h>
#include <utf8proc.h>

#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <memory>
#include <utility>

namespace croft {
namespace {

/// The code point at the start of `text` and its length; length 0 where the bytes are not UTF-8.
std::pair<char32_t, std::size_t> first_code_point(std::string_view text) {
    utf8proc_int32_t code_point = 0;
    const auto length = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                         static_cast<utf8proc_ssize_t>(text.size()), &code_point);
    if (length <= 0) return {0, 0};
    return {static_cast<char32_t>(code_point), static_cast<std::size_t>(length)};
}

std::optional<std::string> mapped(std::string_view text, utf8proc_option_t options) {
    utf8proc_uint8_t* result = nullptr;
    const auto length = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                     static_cast<utf8proc_ssize_t>(text.size()), &result, options);
    const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(result, &std::free);
    if (length < 0) return std::nullopt;
    return std::string(reinterpret_cast<const char*>(result), static_cast<std::size_t>(length));
}

constexpr std::array<std::pair<std::string_view, double>, 13> size_units = {
    {{"KiB", 1024.0},
     {"MiB", 1048576.0},
     {"GiB", 1073741824.0},
     {"TiB", 1099511627776.0},
     {"kB", 1e3},
     {"KB", 1e3},
     {"MB", 1e6},
     {"GB", 1e9},
     {"TB", 1e12},
     {"B", 1},
     {"", 1},
     {"bytes", 1},
     {"byte", 1}}};

}  // namespace

bool is_utf8(std::string_view text) {
    while (!text.empty()) {
        const auto [code_point, length] = first_code_point(text);
        if (length == 0) return false;
        text.remove_prefix(length);
    }
    return true;
}

std::optional<std::string> to_nfc(std::string_view text) {
    return mapped(text, static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
}

std::optional<std::string> fold_case(std::string_view text) {
    return mapped(text, static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE |
                                                       UTF8PROC_CASEFOLD));
}

bool is_invisible(char32_t c) {
    return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0xad || c == 0x61c || c == 0x180e ||
           (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
           (c >= 0x2060 && c <= 0x206f) || c == 0xfeff || (c >= 0xfff9 && c <= 0xfffb) ||
           (c >= 0xe0000 && c <= 0xe007f);
}

std::vector<char32_t> code_points(std::string_view utf8) {
    std::vector<char32_t> result;
    while (!utf8.empty()) {
        const auto [code_point, length] = first_code_point(utf8);
        if (length == 0) break;
        result.push_back(code_point);
        utf8.remove_prefix(length);
    }
    return result;
}

std::string escape_control(std::string_view text) {
    std::string safe;
    while (!text.empty()) {
        const auto [code_point, length] = first_code_point(text);
        if (length == 0) {
            safe += fmt::format("\\x{:02x}", static_cast<unsigned char>(text.front()));
            text.remove_prefix(1);
            continue;
        }
        if (is_invisible(code_point)) {
            safe += fmt::format("\\u{{{:x}}}", static_cast<std::uint32_t>(code_point));
        } else {
            safe += text.substr(0, length);
        }
        text.remove_prefix(length);
    }
    return safe;
}

std::string format_size(std::uint64_t bytes) {
    if (bytes < 1024) return fmt::format("{} B", bytes);
    constexpr std::array units = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    double value = static_cast<double>(bytes);
    std::size_t unit = 0;
    value /= 1024;
    while (value >= 999.5 && unit + 1 < units.size()) {
        value /= 1024;
        ++unit;
    }
    return fmt::format("{:.{}f} {}", value, value < 9.95 ? 1 : 0, units[unit]);
}

Result<std::uint64_t> parse_size(std::string_view text) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
    while (unit.starts_with(' '))
        unit.remove_prefix(1);
    if (error == std::errc() && value >= 0 && std::isfinite(value)) {
        for (const auto& [name, factor] : size_units) {
            if (unit == name && value * factor < 9e18) {
                return static_cast<std::uint64_t>(std::llround(value * factor));
            }
        }
    }
    return fail(Errc::invalid_argument, "bad_size",
                fmt::format("\"{}\" is not a size; write it like 500GiB, 40 MB or 4096",
                            escape_control(text)));
}

std::string format_count(std::uint64_t count) {
    std::string digits = std::to_string(count);
    for (std::size_t at = digits.size(); at > 3; at -= 3)
        digits.insert(at - 3, ",");
    return digits;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    while (true) {
        const auto at = text.find(separator);
        parts.push_back(text.substr(0, at));
        if (at == std::string_view::npos) return parts;
        text.remove_prefix(at + 1);
    }
}

}  // namespace croft
