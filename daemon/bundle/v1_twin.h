#pragma once

#include "bundle/torrent.h"

#include <string>
#include <vector>

namespace croft::bundle {

/// A v1 torrent (BEP 3, pad files of BEP 47) over the same bytes as a hybrid one, for clients that
/// can't read hybrids: Transmission 3 refuses them, aria2 gets their info-hash wrong. It is the
/// hybrid's info dictionary without the v2 keys (`file tree`, `meta version`), so that anybody
/// makes the same one, nothing is hashed again, and its pieces are the hybrid's, one by one.
struct V1Twin {
    Sha1 btih;
    std::string info;  ///< the exact bytes of the info dictionary
};
V1Twin v1_twin_of(const Torrent& hybrid);

/// The `.torrent` of a twin, with these trackers.
std::string v1_torrent(const V1Twin& twin, const std::vector<std::string>& trackers);

}  // namespace croft::bundle
