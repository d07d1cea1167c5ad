#pragma once

#include "library/library.h"

#include <filesystem>
#include <string>
#include <vector>

namespace croft::library {

struct Deleted {
    std::uint64_t files = 0;
    std::vector<std::string> left;  ///< folders that hold something the release does not name
};

/// Deletes the files that the release names, then the folders that are empty, then the release's
/// own documents; nothing else. Works below the descriptor of the publisher's folder and follows no
/// symlink. What is gone already is fine, so it can be done again after a crash. For the pool.
Result<Deleted> delete_bundle(const std::filesystem::path& feed, const Documents& documents);

}  // namespace croft::library
