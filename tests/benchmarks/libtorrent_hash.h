#pragma once

#include <filesystem>
#include <string>

namespace croft::bench {

/// A hybrid torrent by libtorrent's own `set_piece_hashes`, at the piece length it chooses.
std::string libtorrent_hybrid(const std::filesystem::path& folder);

}  // namespace croft::bench
