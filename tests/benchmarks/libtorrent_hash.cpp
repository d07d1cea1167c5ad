#include "benchmarks/libtorrent_hash.h"

#include <libtorrent/bencode.hpp>
#include <libtorrent/create_torrent.hpp>
#include <libtorrent/file_storage.hpp>

#include <iterator>

namespace croft::bench {

std::string libtorrent_hybrid(const std::filesystem::path& folder) {
    lt::file_storage files;
    lt::add_files(files, folder.native());
    lt::create_torrent torrent(files);
    lt::set_piece_hashes(torrent, folder.parent_path().native());
    std::string bytes;
    lt::bencode(std::back_inserter(bytes), torrent.generate());
    return bytes;
}

}  // namespace croft::bench
