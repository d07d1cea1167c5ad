#pragma once

#include "base/result.h"
#include "catalog/ids.h"

#include <filesystem>
#include <optional>
#include <vector>

namespace croft::cli::verify {

/// What a path is, and where its documents lie.
struct Place {
    enum class Kind {
        document,  ///< one file and its signature
        bundle,    ///< a bundle's folder, alone or in a feed
        feed,      ///< a publisher's folder
        stick,     ///< a folder of feeds
        torrent,   ///< a .torrent of a feed, with its content
    };
    Kind kind = Kind::document;
    std::filesystem::path path;
    std::filesystem::path feed;                   ///< empty: none around
    std::optional<catalog::ReleaseName> release;  ///< of a bundle or torrent in a feed
    std::filesystem::path content;                ///< the bundle's folder
    std::vector<std::filesystem::path> feeds;     ///< of a stick
};

/// `not_found` where there is nothing, or a folder that is none of these.
Result<Place> place_of(const std::filesystem::path& path);

}  // namespace croft::cli::verify
