#pragma once

#include "base/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace croft {

bool is_utf8(std::string_view text);

/// Unicode normalisation form C (UAX #15), and full case folding of it (UAX #44); none if not
/// UTF-8.
std::optional<std::string> to_nfc(std::string_view text);
std::optional<std::string> fold_case(std::string_view text);

/// Foreign text made safe for a terminal or a log: control, bidi and zero-width characters and
/// broken UTF-8 become `\u{…}` or `\x…`; everything else stays.
std::string escape_control(std::string_view text);

/// True for control, bidi-control and zero-width code points: what a name must not hide.
bool is_invisible(char32_t code_point);

/// The code points of valid UTF-8.
std::vector<char32_t> code_points(std::string_view utf8);

/// "36 MiB", "9.4 GiB", "812 B": at most three significant digits, binary units.
std::string format_size(std::uint64_t bytes);

/// `500GiB`, `1.5 TB`, `4096`: a number and an optional unit (KiB MiB GiB TiB kB MB GB TB B).
Result<std::uint64_t> parse_size(std::string_view text);

/// "8,331": digits in groups of three.
std::string format_count(std::uint64_t count);

std::vector<std::string_view> split(std::string_view text, char separator);

}  // namespace croft
