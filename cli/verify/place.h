#pragma once

#include "base/result.h"
#include "catalog/ids.h"

#include <filesystem>
#include <optional>
#include <vector>

namespace croft::cli::verify {

/// One thing to judge.
struct Thing {
    enum class Kind {
        document,  ///< a file with a signature of its own
        part,      ///< a file of a bundle, judged by the list of sums above it
        bundle,    ///< a folder, judged by the list of sums in it
        release,  ///< a bundle's folder or a torrent, judged by the documents of the feed around it
        feed,     ///< a publisher's documents, and everything that lies beside them
        stick,    ///< a folder of feeds: that nothing else lies there
    };
    Kind kind = Kind::document;
    std::filesystem::path path;
    std::filesystem::path feed;    ///< around it, or itself; empty: none
    std::filesystem::path bundle;  ///< the folder with the list of sums, or of the release's files
    std::optional<catalog::ReleaseName> release = {};  ///< by its place in a feed
};

/// Everything that a path is: a folder with a bundle's list of sums and a publisher's documents is
/// both. A file with `has_signature` (`--sig`) or one beside it is a document. `not_found` where
/// there is nothing, or a folder that is none of these.
Result<std::vector<Thing>> things_at(const std::filesystem::path& path, bool has_signature);

/// The release at its place in a feed.
Thing release_in(const std::filesystem::path& feed, const catalog::ReleaseName& release);

bool is_there(const std::filesystem::path& path);
bool is_feed(const std::filesystem::path& folder);
bool is_bundle(const std::filesystem::path& folder);

/// The names in a folder, sorted; none where it can't be read.
std::vector<std::string> names_in(const std::filesystem::path& folder);

}  // namespace croft::cli::verify
