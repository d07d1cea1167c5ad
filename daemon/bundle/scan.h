#pragma once

#include "base/result.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace croft::bundle {

struct Scanned {
    struct File {
        std::string path;  ///< relative, the bytes the file system gave, `/` between components
        std::uint64_t size = 0;
        std::int64_t modified_ns = 0;
    };
    std::vector<File> files;                                  ///< sorted by path
    std::vector<std::string> symlinks, specials, unreadable;  ///< found, not followed
};

/// Everything below `folder`. Follows no symlink, crosses into no mount of another file system
/// silently (it is listed like a folder), opens nothing.
Result<Scanned> scan(const std::filesystem::path& folder);

/// The paths alone, sorted: of everything below `folder` that is no folder, and of folders that
/// can't be listed. Faster than `scan`, for it asks nothing about the files.
Result<std::vector<std::string>> list_paths(const std::filesystem::path& folder);

}  // namespace croft::bundle
