#pragma once

#include "catalog/follower.h"

#include <filesystem>
#include <string>
#include <vector>

namespace croft::cli::verify {

/// What lies in a feed's folder, sorted by what can be said of it. Nothing is left over.
struct Inventory {
    std::vector<catalog::ReleaseName> bundles;    ///< with a document that describes them
    std::vector<catalog::ReleaseName> documents;  ///< a document alone, its bundle is elsewhere
    std::vector<catalog::ReleaseName> absent;     ///< in the catalogue, and nothing of it is here
    std::vector<std::string> strays;  ///< folders in `bundles/` that no document here describes
    std::vector<std::string> unsigned_files;  ///< what belongs to none of it
};

/// The document that a signature's file belongs to: `X` of `X.minisig` and of
/// `X.E7AB74853166E261.minisig`; any other name is its own.
std::string signed_by(const std::string& name);

Inventory take_inventory(const std::filesystem::path& feed, const catalog::FollowerState& state);

/// What lies on a stick and is neither a feed nor what a file system puts there.
std::vector<std::string> strangers_on(const std::filesystem::path& stick);

}  // namespace croft::cli::verify
