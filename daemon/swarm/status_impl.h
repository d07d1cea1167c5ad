#pragma once

#include "swarm/libtorrent_impl.h"
#include "swarm/swarm.h"

#include <cstdint>
#include <string>

namespace croft::swarm {

/// libtorrent's words as ours. Pure.

/// `total_bytes` is ours: libtorrent gives 0 for seeds.
Progressed progressed(const BundleId& id, const lt::torrent_status& status,
                      std::uint64_t total_bytes);

/// A bundle and its companion as one: the state of the first, the peers and bytes of both.
Progressed together(Progressed bundle, const Progressed& companion);

Peer peer_of(const lt::peer_info& info);

/// `what` failed `on` a file or bundle.
Error error_of(const lt::error_code& error, std::string_view what, std::string_view on);

std::string endpoint_text(const lt::address& address, int port);

/// The counters of a session that `Totals` is made of.
struct Counters {
    std::uint64_t received_bytes = 0, sent_bytes = 0;
    std::uint32_t peers = 0, dht_nodes = 0;
};
Counters counters_of(const lt::session_stats_alert& alert);

}  // namespace croft::swarm
