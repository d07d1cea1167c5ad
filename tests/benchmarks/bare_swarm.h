#pragma once

#include <filesystem>
#include <string>

namespace croft::bench {

/// The other side of bench_download: libtorrent with our settings and nothing of ours around it.

/// Checks the folder, says `ready ADDRESS` on stdout and seeds until stdin ends.
void bare_seed(const std::string& torrent, const std::filesystem::path& folder);

/// Downloads from `peer` and says `done SECONDS`.
void bare_fetch(const std::string& torrent, const std::filesystem::path& folder,
                const std::string& peer);

}  // namespace croft::bench
