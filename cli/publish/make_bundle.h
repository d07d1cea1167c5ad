#pragma once

#include "cli/publish/documents.h"
#include "cli/publish/lint.h"
#include "cli/publish/stage.h"

#include <functional>
#include <stop_token>
#include <string>
#include <vector>

namespace croft::publish {

struct HashWatch {
    unsigned threads = 0;  ///< 0: all cores
    std::function<void(std::uint64_t bytes)> on_bytes =
        {};  ///< each amount hashed, from any thread
    std::stop_token stop = {};
};

/// All of a bundle that is known before a byte is hashed, so that one piece length fits everything.
struct BundlePlan {
    std::vector<NamedFile> files;  ///< of the source, sorted by path
    std::string names;             ///< croft-names.tsv; empty where no name differs
    std::string crate;             ///< ro-crate-metadata.json
    std::string sums_comment;      ///< what the signature of SHA256SUMS will say
    std::uint64_t piece_length = 0;
    std::vector<catalog::MappedName> mapped_names;
};

BundlePlan plan_bundle(const Lint& lint, const Edition& edition, const OwnFeed& feed,
                       std::uint64_t serial, Time date);

/// Reads the source once: hashes it and, by the way of `transfer`, puts it into the staging folder.
Result<std::vector<bundle::TorrentFileEntry>> hash_source(const Lint& lint, const BundlePlan& plan,
                                                          const Staging& staging, Transfer transfer,
                                                          const HashWatch& watch);

/// Adds what `publish` writes itself: names, crate, `SHA256SUMS` (everything but itself and its
/// signature) and its signature, which `sign_sums` makes; then the torrent. Followers' own checks
/// are made on it at once.
Result<Bundle> finish_bundle(const BundlePlan& plan, std::vector<bundle::TorrentFileEntry> hashed,
                             const Staging& staging, const catalog::ReleaseName& name,
                             const std::vector<std::string>& trackers,
                             const std::function<std::string(const std::string& sums)>& sign_sums);

}  // namespace croft::publish
