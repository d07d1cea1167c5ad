#include "base/text.h"
#include "swarm/addresses_impl.h"
#include "swarm/status_impl.h"

#include <libtorrent/session_stats.hpp>

#include <algorithm>

namespace croft::swarm {
namespace {

State state_of(const lt::torrent_status& status) {
    if (status.errc || (status.flags & lt::torrent_flags::upload_mode)) return State::failed;
    if (status.flags & lt::torrent_flags::paused) return State::paused;
    switch (status.state) {
        case lt::torrent_status::finished:
        case lt::torrent_status::seeding: return State::seeding;
        case lt::torrent_status::downloading:
        case lt::torrent_status::downloading_metadata: return State::downloading;
        default: return State::checking;
    }
}

std::uint64_t unsigned_of(std::int64_t number) {
    return static_cast<std::uint64_t>(std::max<std::int64_t>(number, 0));
}

std::uint64_t counter(const lt::session_stats_alert& alert, int index) {
    return unsigned_of(alert.counters()[index]);
}

}  // namespace

Progressed progressed(const BundleId& id, const lt::torrent_status& status,
                      std::uint64_t total_bytes) {
    Progressed event;
    event.id = id;
    event.state = state_of(status);
    event.total_bytes = total_bytes;
    event.done_bytes = status.is_seeding
                           ? total_bytes
                           : std::min(total_bytes, unsigned_of(status.total_wanted_done));
    event.down_rate = unsigned_of(status.download_payload_rate);
    event.up_rate = unsigned_of(status.upload_payload_rate);
    event.sent_bytes = unsigned_of(status.all_time_upload);
    event.received_bytes = unsigned_of(status.all_time_download);
    event.peers = static_cast<std::uint32_t>(std::max(status.num_peers, 0));
    event.seeds = static_cast<std::uint32_t>(std::max(status.num_seeds, 0));
    if (status.num_complete >= 0) {
        event.known_seeds = static_cast<std::uint32_t>(status.num_complete);
    }
    return event;
}

Progressed together(Progressed bundle, const Progressed& companion) {
    bundle.up_rate += companion.up_rate;
    bundle.sent_bytes += companion.sent_bytes;
    bundle.peers += companion.peers;
    bundle.seeds += companion.seeds;
    return bundle;
}

Peer peer_of(const lt::peer_info& info) {
    Peer peer;
    peer.address = endpoint_text(info.ip.address(), info.ip.port());
    peer.client = escape_control(info.client);
    peer.progress = info.progress_ppm / 1e6;
    peer.down_rate = unsigned_of(info.payload_down_speed);
    peer.up_rate = unsigned_of(info.payload_up_speed);
    peer.is_seed = bool(info.flags & lt::peer_info::seed);
    return peer;
}

Error error_of(const lt::error_code& error, std::string_view what, std::string_view on) {
    const bool is_systems = error.category() == boost::system::system_category() ||
                            error.category() == boost::system::generic_category();
    if (is_systems) return system_error(what, on, error.value());
    return {Errc::io, "swarm_error",
            std::string(what) + " " + escape_control(on) + ": " + error.message()};
}

std::string endpoint_text(const lt::address& address, int port) {
    return HostPort{address.to_string(), static_cast<std::uint16_t>(port), true}.text();
}

Counters counters_of(const lt::session_stats_alert& alert) {
    static const int received = lt::find_metric_idx("net.recv_payload_bytes");
    static const int sent = lt::find_metric_idx("net.sent_payload_bytes");
    static const int peers = lt::find_metric_idx("peer.num_peers_connected");
    static const int nodes = lt::find_metric_idx("dht.dht_nodes");
    return {.received_bytes = counter(alert, received),
            .sent_bytes = counter(alert, sent),
            .peers = static_cast<std::uint32_t>(counter(alert, peers)),
            .dht_nodes = static_cast<std::uint32_t>(counter(alert, nodes))};
}

}  // namespace croft::swarm
