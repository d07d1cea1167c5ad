#include "base/file.h"
#include "base/log.h"
#include "loop/asio.h"
#include "swarm/libtorrent_swarm_impl.h"
#include "swarm/settings_impl.h"
#include "swarm/status_impl.h"

#include <libtorrent/ip_filter.hpp>
#include <libtorrent/version.hpp>
#include <sys/resource.h>

#include <algorithm>

namespace croft::swarm {
namespace {

constexpr std::chrono::seconds status_period{1};
constexpr std::chrono::seconds save_period{15};
constexpr std::chrono::minutes dht_save_period{10};
constexpr std::uint64_t dht_state_cap = 4 * 1024 * 1024;

/// The limits of a session hold for peers in local networks too, which libtorrent exempts.
lt::ip_filter everybody_global() {
    constexpr std::uint32_t global = 1U << 0;  // session_handle::global_peer_class_id
    lt::ip_filter filter;
    filter.add_rule(lt::make_address_v4("0.0.0.0"), lt::make_address_v4("255.255.255.255"), global);
    filter.add_rule(lt::make_address_v6("::"),
                    lt::make_address_v6("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"), global);
    return filter;
}

std::uint64_t open_files_limit() {
    rlimit limit{};
    return ::getrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : 1024;
}

/// Those that have shaken hands.
void add_peers(std::vector<Peer>& peers, const lt::torrent_handle& handle) {
    std::vector<lt::peer_info> infos;
    handle.get_peer_info(infos);
    for (const auto& info : infos) {
        if (!(info.flags & (lt::peer_info::handshake | lt::peer_info::connecting))) {
            peers.push_back(peer_of(info));
        }
    }
}

lt::session_params load_dht_state(const Options& options) {
    if (!options.dht || options.state_folder.empty()) return {};
    const auto bytes = read_file(options.state_folder / "dht.state", dht_state_cap);
    if (!bytes) return {};
    try {
        return lt::read_session_params(*bytes, lt::session_handle::save_dht_state);
    } catch (const std::exception& error) {
        log::warning("swarm: DHT state refused", {{"why", error.what()}});
        return {};
    }
}

}  // namespace

LibtorrentSwarm::LibtorrentSwarm(Loop& loop, const Options& options, lt::session_params params,
                                 std::function<void(Event)> on_event)
    : loop_(loop),
      options_(options),
      on_event_(std::move(on_event)),
      session_(std::make_unique<lt::session>(std::move(params))),
      // Its queue holds bundles that we hold: our own doing, so the limit is no defence here.
      pool_(loop, {.bulk_threads = 1, .queue_limit = 1'000'000}) {
    session_->set_peer_class_filter(everybody_global());
    session_->set_alert_notify(
        [&loop, work = while_alive([this] { drain(); })] { loop.post(work); });
    timers_.push_back(loop.every(status_period, [this] { tick(); }));
    timers_.push_back(loop.every(save_period, [this] { save_changed(); }));
    timers_.push_back(loop.every(dht_save_period, [this] { save_dht_state(); }));
}

LibtorrentSwarm::~LibtorrentSwarm() {
    if (session_) session_->set_alert_notify({});
}

LibtorrentSwarm::Entry* LibtorrentSwarm::find(const BundleId& id) {
    const auto found = entries_.find(id);
    return found == entries_.end() ? nullptr : &found->second;
}

LibtorrentSwarm::Entry* LibtorrentSwarm::find_active(const lt::info_hash_t& hashes) {
    Entry* entry = find(bundle_of(hashes));
    const Form form = hashes.has_v2() ? Form::hybrid : Form::v1_twin;
    return entry && entry->form == form ? entry : nullptr;
}

void LibtorrentSwarm::pause(const BundleId& id) {
    Entry* entry = find(id);
    if (!entry || is_stopping_) return;
    entry->is_paused = true;
    tell(*entry, [](const auto& handle) { handle.pause(); });
    tell(entry->companion, [](const auto& handle) { handle.pause(); });
}

void LibtorrentSwarm::resume(const BundleId& id) {
    Entry* entry = find(id);
    if (!entry || entry->is_removing || is_stopping_) return;
    entry->is_paused = entry->is_failed = false;
    tell(*entry, [](const auto& handle) {
        handle.clear_error();
        handle.unset_flags(lt::torrent_flags::upload_mode);
        handle.resume();
    });
    if (entry->is_complete && !entry->is_told_complete) flush(*entry);
    tell(entry->companion, [](const auto& handle) { handle.resume(); });
}

void LibtorrentSwarm::connect(const BundleId& id, const std::vector<std::string>& peers) {
    Entry* entry = find(id);
    if (!entry || is_stopping_) return;
    if (entry->source) entry->known_peers.insert(peers.begin(), peers.end());
    if (!entry->handle.is_valid() || entry->next_form) {
        entry->peers.insert(entry->peers.end(), peers.begin(), peers.end());
        return;
    }
    for (const auto& text : peers) {
        const auto peer = parse_host_port(text);
        if (!peer || peer->port == 0) {
            log::warning("swarm: no address of a peer", {{"address", text}});
        } else if (peer->is_numeric) {
            connect_to(*entry, *peer);
        } else if (options_.proxy.empty()) {
            look_up(id, *peer);
        }
    }
}

void LibtorrentSwarm::connect_to(const Entry& entry, const HostPort& peer) {
    tell(entry, [&](const auto& handle) {
        handle.connect_peer({lt::make_address(peer.host), peer.port});
    });
    if (options_.dht) session_->add_dht_node({peer.host, peer.port});
}

void LibtorrentSwarm::look_up(const BundleId& id, const HostPort& peer) {
    using Resolver = asio::ip::tcp::resolver;
    const auto resolver = std::make_shared<Resolver>(context_of(loop_));
    auto found = while_alive([this, id, name = peer.host](const boost::system::error_code& error,
                                                          const Resolver::results_type& results) {
        if (error) {
            return log::warning("swarm: peer not found",
                                {{"host", name}, {"why", error.message()}});
        }
        const Entry* entry = find(id);
        if (!entry) return;
        for (const auto& result : results) {
            const auto endpoint = result.endpoint();
            connect_to(*entry, {endpoint.address().to_string(), endpoint.port(), true});
        }
    });
    resolver->async_resolve(
        peer.host, std::to_string(peer.port),
        [resolver, found](const boost::system::error_code& error,
                          const Resolver::results_type& results) { found(error, results); });
}

void LibtorrentSwarm::peers(const BundleId& id, std::function<void(std::vector<Peer>)> then) {
    const Entry* entry = find(id);
    const auto companion = entry ? entry->companion : lt::torrent_handle();
    const auto question = [companion](const lt::torrent_handle& handle) {
        std::vector<Peer> answer;
        add_peers(answer, handle);
        if (companion.is_valid()) add_peers(answer, companion);
        return answer;
    };
    ask(id, question, std::move(then));
}

void LibtorrentSwarm::pieces(const BundleId& id, std::function<void(std::vector<bool>)> then) {
    const auto question = [](const lt::torrent_handle& handle) {
        const auto have = handle.status(lt::torrent_handle::query_pieces).pieces;
        std::vector<bool> answer;
        answer.reserve(static_cast<std::size_t>(have.size()));
        for (const bool bit : have)
            answer.push_back(bit);
        return answer;
    };
    ask(id, question, std::move(then));
}

void LibtorrentSwarm::set_limits(std::uint64_t down, std::uint64_t up) {
    if (is_stopping_) return;
    constexpr std::uint64_t most = 2'000'000'000;  // an int, in libtorrent
    lt::settings_pack pack;
    pack.set_int(lt::settings_pack::download_rate_limit, static_cast<int>(std::min(down, most)));
    pack.set_int(lt::settings_pack::upload_rate_limit, static_cast<int>(std::min(up, most)));
    session_->apply_settings(std::move(pack));
}

void LibtorrentSwarm::stop(std::chrono::milliseconds deadline, std::function<void()> then) {
    assert(!is_stopping_);
    is_stopping_ = true;
    then_stopped_ = std::move(then);
    deadline_ = loop_.after(deadline, [this] {
        log::warning("swarm: the deadline came first");
        finish_stop();
    });
    timers_.clear();
    session_->pause();
    save_dht_state();
    for (const auto& [id, entry] : entries_)
        saves_.add(id);
    close_when_done();
}

/// Ends the session once nobody speaks to it any more: a question asked after that would wait for
/// ever.
void LibtorrentSwarm::close_when_done() {
    if (!is_stopping_ || !session_ || jobs_ > 0 || !saves_.is_idle()) return;
    run(
        Pool::Lane::bulk,
        [session =
             std::shared_ptr<lt::session>(std::move(session_))](const std::stop_token&) mutable {
            session.reset();  // waits for libtorrent's threads
            return true;
        },
        [this](bool) { finish_stop(); });
}

void LibtorrentSwarm::finish_stop() {
    deadline_ = Loop::Timer();
    if (auto then = std::exchange(then_stopped_, {})) loop_.post(std::move(then));
}

Result<std::unique_ptr<Swarm>> make_libtorrent_swarm(Loop& loop, const Options& options,
                                                     std::function<void(Event)> on_event) {
    auto settings = make_settings(options, open_files_limit());
    if (!settings) return tl::unexpected(settings.error());
    lt::session_params params = load_dht_state(options);
    params.settings = std::move(*settings);
    try {
        return std::make_unique<LibtorrentSwarm>(loop, options, std::move(params),
                                                 std::move(on_event));
    } catch (const std::exception& error) {
        return fail(Errc::io, "swarm_start",
                    std::string("can't start libtorrent: ") + error.what());
    }
}

std::string library_version() { return lt::version(); }

}  // namespace croft::swarm