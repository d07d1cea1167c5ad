#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace croft::cli {

/// The word that was probably meant: the nearest by edit distance, if it is near enough.
std::optional<std::string> suggestion(std::string_view typed,
                                      const std::vector<std::string>& known);

}  // namespace croft::cli
