#pragma once

#include "swarm/libtorrent_impl.h"
#include "swarm/swarm.h"

#include <string>

namespace croft::swarm {

/// The torrents under which libtorrent can know a bundle: over the same pieces.
enum class Form {
    hybrid,
    v1_twin  ///< bundle/v1_twin.h
};

/// What libtorrent is given for a bundle: bytes that we build ourselves, and of the resume data
/// only what we believe. Reads nothing but the folder's names. Refuses: a folder that is not called
/// as the torrent (`wrong_folder`), one whose parent is not there (`root_missing`), a torrent whose
/// paths, sizes or hashes libtorrent sees otherwise than we do (`libtorrent_differs`).
///
/// Slow for big torrents: for the pool.
Result<lt::add_torrent_params> make_params(const Add& add, Form form = Form::hybrid);

/// The bytes to keep of what libtorrent would save: no hash trees (they are made again from the
/// torrent), no trackers or web seeds (they come from the release), no blocks of pieces that are
/// not verified.
std::string encode_resume_data(lt::add_torrent_params saved);

}  // namespace croft::swarm
