#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "catalog/release.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace croft::bundle {

/// A hybrid torrent that has passed every check of ours; nothing less is handed to libtorrent.
struct Torrent {
    /// A `.torrent` we take at most, and at most for a release whose hash is signed.
    static constexpr std::size_t size_cap = std::size_t{64} * 1024 * 1024;

    struct File {
        std::string path;  ///< relative to the torrent's name, `/` between components
        std::uint64_t size = 0;
        std::optional<Sha256> root;
        std::uint64_t offset = 0;  ///< in the v1 byte stream: a multiple of the piece length
    };

    Sha1 btih;
    catalog::BundleId id;
    std::string name;
    std::uint64_t piece_length = 0;
    std::uint64_t total_size = 0;                        ///< payload, without padding
    std::vector<File> files;                             ///< sorted by path, pad files left out
    std::map<Sha256, std::vector<Sha256>> piece_layers;  ///< by root; files of more than one piece
    std::string info;                                    ///< the exact bytes of the info dictionary

    std::uint64_t piece_count() const;
    const File* find(std::string_view path) const;
};

/// Reads and checks. Refuses, each with its reason: anything bencode refuses, v1-only, v2-only and
/// single-file torrents, v1 and v2 parts that differ, `similar`/`collections` (BEP 38) and any
/// other key we don't know in the info dictionary, symlinks and unknown attributes (BEP 47),
/// unsafe paths (catalog/path_rule.h), wrong, missing or additional piece layers (every root is
/// recomputed), sizes that overflow. The outer dictionary is not looked at but for the layers: see
/// `with_trackers`.
Result<Torrent> parse_torrent(std::string_view bytes);

/// The same files, sizes, roots and hashes as the signed release says, and `bytes` are those of
/// its `torrent.sha256`; else `damaged`, or `malformed` where the release contradicts itself. A
/// release with `files_list` needs its text in `sums`: held to its hash, it gives the paths.
Outcome matches(const Torrent& torrent, std::string_view bytes, const catalog::Release& release,
                std::optional<std::string_view> sums = {});

/// A `.torrent` with the outer dictionary made anew: info and piece layers of `torrent`, trackers
/// of the signed release, nothing a stranger wrote.
std::string with_trackers(const Torrent& torrent, const std::vector<std::string>& trackers);

/// What a `.torrent` says, without any promise: for `croft inspect`, also of foreign ones (v1, v2).
struct TorrentSummary {
    std::optional<Sha1> btih;
    std::optional<Sha256> btmh;
    std::string name;
    std::uint64_t piece_length = 0, total_size = 0, file_count = 0;
    std::vector<std::pair<std::string, std::uint64_t>> files;
    std::vector<std::string> trackers, webseeds;
    std::optional<Error> refused;  ///< why we would not take it
};
Result<TorrentSummary> summarise_torrent(std::string_view bytes);

}  // namespace croft::bundle
