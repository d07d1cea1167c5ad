#pragma once

#include "bundle/hash_files.h"
#include "bundle/make_torrent.h"
#include "bundle/scan.h"
#include "catalog/release.h"
#include "trust/hash.h"

#include <filesystem>
#include <string>
#include <vector>

namespace croft::test {

/// Hashes every file below `folder`.
inline std::vector<bundle::TorrentFileEntry> hash_tree(const std::filesystem::path& folder,
                                                       std::uint64_t piece_length) {
    const bundle::Scanned scanned = bundle::scan(folder).value();
    std::vector<bundle::FileToHash> files;
    for (const auto& file : scanned.files)
        files.push_back({folder / file.path, file.size});
    auto hashes = bundle::hash_files(files, {.piece_length = piece_length}).value();
    std::vector<bundle::TorrentFileEntry> entries;
    for (std::size_t i = 0; i < files.size(); ++i) {
        entries.push_back({scanned.files[i].path, files[i].size, std::move(hashes[i])});
    }
    return entries;
}

/// A release document's content for a torrent of these files.
inline catalog::Release release_of(const bundle::Torrent& torrent, std::string_view bytes,
                                   const std::vector<bundle::TorrentFileEntry>& entries) {
    catalog::Release release;
    release.torrent = {torrent.btih,         torrent.id,           torrent.name,
                       torrent.piece_length, trust::sha256(bytes), bytes.size()};
    release.total_size = torrent.total_size;
    for (const auto& entry : entries) {
        release.files.push_back({entry.path, entry.size, entry.hashes.sha256, entry.hashes.root});
    }
    return release;
}

}  // namespace croft::test
