#pragma once

#include "catalog/follower.h"
#include "library/library.h"

#include <filesystem>
#include <memory>

/// One release's documents in a publisher's folder (FORMATS "One folder layout"). Reads and writes:
/// for the pool.
namespace croft::library {

using SharedDocuments = std::shared_ptr<const Documents>;

/// Reads them back, the release held to the hash that we keep, the torrent to the one that the
/// release names. Our own feed's folder is read in the same way.
Result<SharedDocuments> read_documents(const std::filesystem::path& feed,
                                       const catalog::ReleaseName& release, const Sha256& manifest);

/// Whom a folder's documents come from: the publisher's chain and newest catalogue. Writes nothing
/// where they are there already.
Outcome write_feed(const std::filesystem::path& feed, const catalog::FollowerState& state);

/// Everything but the payload; makes the folders it goes to. All of it is on the disk afterwards.
Outcome write_documents(const std::filesystem::path& feed, const Documents& documents);

/// Where the release's payload lies below its publisher's folder.
std::filesystem::path bundle_folder(const std::filesystem::path& feed,
                                    const catalog::ReleaseName& release);
/// The publisher's folder of a bundle's folder.
std::filesystem::path feed_of(const std::filesystem::path& bundle_folder);

}  // namespace croft::library
