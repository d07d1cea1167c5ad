#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace croft::publish {

/// What is wrong with an SPDX licence expression (https://spdx.org/licenses, annex D of SPDX 2.3):
/// the identifier that the list has not, or the whole text where it is no expression; none where it
/// is good. `LicenseRef-…` is for licences that are not on the list.
std::optional<std::string> wrong_in_licence(std::string_view expression);

/// All identifiers of the list, sorted.
std::span<const std::string_view> known_licences();

}  // namespace croft::publish
