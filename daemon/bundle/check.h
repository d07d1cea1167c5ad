#pragma once

#include "base/result.h"
#include "bundle/sums.h"
#include "bundle/torrent.h"
#include "catalog/release.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

namespace croft::bundle {

struct CheckOptions {
    bool sums = false;     ///< also the plain SHA-256 of each file, one core a file
    unsigned threads = 0;  ///< 0: all cores
    std::function<void(std::uint64_t bytes)> on_bytes = {};  ///< each amount read, from any thread
    std::stop_token stop = {};                               ///< answers `cancelled`
    bool drop_cache = false;  ///< POSIX_FADV_DONTNEED behind us: for scrubs
};

/// What a folder holds against what was signed. Whole where all three lists are empty.
struct Checked {
    std::uint64_t files = 0, bytes = 0;                ///< found good
    std::vector<std::string> damaged, missing, extra;  ///< paths, sorted
    bool is_whole() const { return damaged.empty() && missing.empty() && extra.empty(); }
};

/// Reads every file below `folder`, on all cores and in constant memory, and compares with the
/// release's sizes and v2 roots (and SHA-256 where asked). Opens only names of the release, without
/// following symlinks. *Damaged* is also what the disk can't read, and a symlink, FIFO or device in
/// a file's place; *extra* whatever the release does not name, but for a top-level `.pad/`, which
/// other clients write.
///
/// `torrent` is looked at for releases with `files_list` only: it gives their sizes and roots.
/// Their SHA-256 are taken from the folder's own `SHA256SUMS`, where that is the signed one.
Result<Checked> check_folder(const std::filesystem::path& folder, const catalog::Release& release,
                             const Torrent& torrent, const CheckOptions& options);

/// The same by `SHA256SUMS` alone: for a bundle whose release document is not at hand. The list
/// itself and its signature are not extra.
Result<Checked> check_folder(const std::filesystem::path& folder, const std::vector<Sum>& sums,
                             const CheckOptions& options);

}  // namespace croft::bundle
