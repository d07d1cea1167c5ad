#pragma once

#include "library/library.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// One folder of a release at a time: nobody wants 100,000 files at once. Pure.
namespace croft::api {

struct TreeEntry {
    std::string name, path;
    bool is_folder = false;
    std::uint64_t files = 0;  ///< below a folder
    std::uint64_t size_bytes = 0;
    std::optional<Sha256> sha256, root;  ///< of a file
};

/// The folders and then the files that lie in `parent` ("" is the top), each by name. Empty where
/// there is no such folder.
std::vector<TreeEntry> list_folder(const library::Documents& documents, std::string_view parent);

}  // namespace croft::api
