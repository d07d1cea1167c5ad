#pragma once

// The only door to libtorrent. For the .cpp files of this module.

#include "base/result.h"
#include "catalog/ids.h"

#include <libtorrent/add_torrent_params.hpp>
#include <libtorrent/alert_types.hpp>
#include <libtorrent/error_code.hpp>
#include <libtorrent/info_hash.hpp>
#include <libtorrent/peer_info.hpp>
#include <libtorrent/settings_pack.hpp>
#include <libtorrent/torrent_status.hpp>

#include <algorithm>

namespace croft::swarm {

namespace lt = libtorrent;

inline catalog::BundleId id_of(const lt::info_hash_t& hashes) {
    catalog::BundleId id;
    std::copy(hashes.v2.begin(), hashes.v2.end(), id.info_hash_v2.bytes.begin());
    return id;
}

}  // namespace croft::swarm
