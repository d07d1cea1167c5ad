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
    std::function<void(std::uint64_t bytes_done)> on_bytes;  ///< amounts, from any thread
    std::stop_token stop;
    bool drop_cache = false;  ///< POSIX_FADV_DONTNEED behind us: for scrubs
};

/// What a folder holds against what was signed. Whole where all three lists are empty.
struct Checked {
    std::uint64_t files = 0, bytes = 0;
    std::vector<std::string> damaged, missing, extra;
    bool is_whole() const { return damaged.empty() && missing.empty() && extra.empty(); }
};

/// Reads every file below `folder` and compares with the release's v2 roots (and SHA-256 where
/// asked). Opens only names of the release, without following symlinks; a symlink, FIFO or device
/// in a file's place is *damaged*. A top-level `.pad/` is ignored.
Result<Checked> check_folder(const std::filesystem::path& folder, const catalog::Release& release,
                             const Torrent& torrent, const CheckOptions& options);

/// The same by `SHA256SUMS` alone: for a bundle whose release document is not at hand.
Result<Checked> check_folder(const std::filesystem::path& folder, const std::vector<Sum>& sums,
                             const CheckOptions& options);

}  // namespace croft::bundle
