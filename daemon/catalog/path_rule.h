#pragma once

#include "base/result.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace croft::catalog {

/// Whether a path may stand in a bundle: UTF-8 NFC; components of 1-240 bytes, 1,024 in all, depth
/// <= 32; nothing that a file system, a shell or a reader's eye could take for something else. Each
/// refusal is `malformed` with a reason of its own (`path_not_nfc`, `path_dotdot`, `path_device`…).
Outcome check_path(std::string_view path);

/// `check_path` for each, unique under case folding, no file that is another's folder.
Outcome check_paths(std::span<const std::string> paths);

/// A publisher's own names made to fit: safe ones stay; every member of a case-fold group of two or
/// more, and every unsafe or long component, is percent-escaped or cut, + `~` + 8 hex digits of
/// SHA-256(original path).
struct MappedName {
    std::string original;  ///< any bytes a file system takes
    std::string mapped;    ///< passes `check_paths`
};
std::vector<MappedName> map_names(std::vector<std::string> originals);

}  // namespace croft::catalog
