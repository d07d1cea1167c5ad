#include "swarm/addresses_impl.h"
#include "swarm/settings_impl.h"

#include <algorithm>
#include <limits>

namespace croft::swarm {
namespace {

using lt::settings_pack;

constexpr int mib = 1024 * 1024;
constexpr std::string_view proxy_scheme = "socks5://";

Result<std::string> join_listen(const std::vector<std::string>& addresses) {
    std::string joined;
    for (const auto& text : addresses) {
        const auto parsed = parse_host_port(text);
        if (!parsed || !parsed->is_numeric) {
            return fail(Errc::invalid_argument, "bad_listen_address",
                        "'" + text +
                            "' is no address to listen on: give ADDRESS:PORT, such as "
                            "0.0.0.0:51413 or [::]:51413");
        }
        joined += (joined.empty() ? "" : ",") + parsed->text();
    }
    return joined;
}

/// Behind a proxy only numeric nodes: libtorrent resolves these names itself, past the proxy.
std::string join_bootstrap(const Options& options) {
    std::string joined;
    for (const auto& node : options.dht_bootstrap) {
        const auto parsed = parse_host_port(node);
        if (!parsed || (!options.proxy.empty() && !parsed->is_numeric)) continue;
        joined += (joined.empty() ? "" : ",") + parsed->text();
    }
    return joined;
}

/// Everything through the proxy or not at all: peers, trackers, names; what would go past it is
/// off.
Outcome apply_proxy(settings_pack& pack, const std::string& proxy) {
    if (proxy.empty()) return {};
    const auto server = proxy.starts_with(proxy_scheme)
                            ? parse_host_port(std::string_view(proxy).substr(proxy_scheme.size()))
                            : std::nullopt;
    if (!server || server->port == 0) {
        return fail(Errc::invalid_argument, "bad_proxy",
                    "'" + proxy + "' is no proxy that we know: give socks5://HOST:PORT");
    }
    pack.set_int(settings_pack::proxy_type, settings_pack::socks5);
    pack.set_str(settings_pack::proxy_hostname, server->host);
    pack.set_int(settings_pack::proxy_port, server->port);
    pack.set_bool(settings_pack::proxy_hostnames, true);
    pack.set_bool(settings_pack::proxy_peer_connections, true);
    pack.set_bool(settings_pack::proxy_tracker_connections, true);
    pack.set_bool(settings_pack::enable_lsd, false);
    pack.set_bool(settings_pack::enable_upnp, false);
    pack.set_bool(settings_pack::enable_natpmp, false);
    return {};
}

void apply_discovery(settings_pack& pack, const Options& options) {
    pack.set_bool(settings_pack::enable_dht, options.dht);
    pack.set_str(settings_pack::dht_bootstrap_nodes, join_bootstrap(options));
    // The default, 0, keeps strangers' items for ever.
    pack.set_int(settings_pack::dht_item_lifetime, 7200);
    pack.set_bool(settings_pack::enable_lsd, options.lsd);
    pack.set_bool(settings_pack::enable_upnp, options.port_mapping);
    pack.set_bool(settings_pack::enable_natpmp, options.port_mapping);
    pack.set_bool(settings_pack::enable_outgoing_utp, options.utp);
    pack.set_bool(settings_pack::enable_incoming_utp, options.utp);
}

void apply_caution(settings_pack& pack) {
    pack.set_bool(settings_pack::ssrf_mitigation, true);
    pack.set_bool(settings_pack::validate_https_trackers, true);
    pack.set_bool(settings_pack::allow_idna, false);
    // Feed torrents are the only metadata that we take from peers.
    pack.set_int(settings_pack::max_metadata_size, 16 * mib);
    pack.set_int(settings_pack::metadata_token_limit, 500'000);
    pack.set_int(settings_pack::max_piece_count, 1 << 17);
    // RC4 costs six times the CPU and hides nothing from who looks closely.
    pack.set_bool(settings_pack::prefer_rc4, false);
}

void apply_disk(settings_pack& pack, std::uint64_t open_files_limit) {
    // pread and pwrite for every file: a mapped one kills the process when its disk goes away, and
    // makes resident memory grow with the torrent.
    pack.set_int(settings_pack::mmap_file_size_cutoff, std::numeric_limits<int>::max());
    pack.set_int(settings_pack::disk_write_mode, settings_pack::always_pwrite);
    pack.set_int(settings_pack::file_pool_size,
                 static_cast<int>(std::clamp<std::uint64_t>(open_files_limit / 4, 32, 400)));
    pack.set_int(settings_pack::aio_threads, 4);
    pack.set_int(settings_pack::hashing_threads, 1);
}

}  // namespace

Result<settings_pack> make_settings(const Options& options, std::uint64_t open_files_limit) {
    const auto listen = join_listen(options.listen);
    if (!listen) return tl::unexpected(listen.error());

    settings_pack pack;
    pack.set_str(settings_pack::user_agent, "Croft/" CROFT_VERSION);
    pack.set_str(settings_pack::listen_interfaces, *listen);
    pack.set_int(settings_pack::connections_limit, options.connections);
    // Seconds, times the number of failures. A seed from which we parted while the disk was full is
    // to be found again soon after there is room.
    pack.set_int(settings_pack::min_reconnect_time, 10);
    // So many blocks a peer may ask us for before they arrive: 8 MiB, enough for 80 MB/s over a
    // tenth of a second. On a fast network all of them can wait in its socket; libtorrent reads
    // that empty at once and holds it twice, 2,000 of them (the default) in 140 MiB.
    pack.set_int(settings_pack::max_allowed_in_request_queue, 500);
    // Every alert costs; these two kinds tell all that we act on. One is never dropped: there is
    // room for a handful from each of ten thousand bundles between two turns of the loop.
    pack.set_int(settings_pack::alert_mask,
                 static_cast<int>(static_cast<std::uint32_t>(lt::alert_category::status |
                                                             lt::alert_category::storage)));
    pack.set_int(settings_pack::alert_queue_size, 100'000);
    // A tracker that is silent must not hold up our end.
    pack.set_int(settings_pack::stop_tracker_timeout, 1);
    apply_discovery(pack, options);
    apply_caution(pack);
    apply_disk(pack, open_files_limit);
    if (auto proxy = apply_proxy(pack, options.proxy); !proxy) return tl::unexpected(proxy.error());
    return pack;
}

}  // namespace croft::swarm
