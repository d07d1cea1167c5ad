#pragma once

#include "bundle/hash_files.h"
#include "bundle/torrent.h"

#include <span>
#include <string>
#include <vector>

namespace croft::bundle {

struct TorrentFileEntry {
    std::string path;  ///< passes catalog::check_paths
    std::uint64_t size = 0;
    FileHashes hashes;  ///< made with the torrent's piece length
};

/// The bytes of a hybrid `.torrent`: v1 with pad files (BEP 47) and v2 over the same bytes, in the
/// order of BEP 52's tree, the last file padded too. No creation date, no creator, no client's
/// mark: the same files give the same bytes anywhere, in whatever order they come. With the same
/// piece length libtorrent 2.0 makes the same info dictionary.
std::string make_torrent(const std::string& name, std::uint64_t piece_length,
                         std::span<const TorrentFileEntry> files,
                         const std::vector<std::string>& trackers = {});

}  // namespace croft::bundle
