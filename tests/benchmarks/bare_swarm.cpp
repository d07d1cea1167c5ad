#include "benchmarks/bare_swarm.h"

#include "swarm/addresses_impl.h"
#include "swarm/settings_impl.h"

#include <libtorrent/alert_types.hpp>
#include <libtorrent/load_torrent.hpp>
#include <libtorrent/session.hpp>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <stdexcept>
#include <vector>

namespace croft::bench {
namespace {

namespace lt = libtorrent;

lt::session_params params_for(const std::string& listen) {
    swarm::Options options;
    options.listen = {listen};
    options.dht_bootstrap.clear();
    options.dht = options.lsd = options.utp = false;
    lt::session_params params;
    params.settings = swarm::make_settings(options, 1024).value();
    return params;
}

lt::add_torrent_params torrent_for(const std::string& torrent,
                                   const std::filesystem::path& folder) {
    auto params = lt::load_torrent_buffer(torrent, {.max_buffer_size = 1 << 26});
    params.save_path = folder.parent_path();
    params.flags &= ~(lt::torrent_flags::auto_managed | lt::torrent_flags::paused);
    return params;
}

void wait_until_finished(lt::session& session) {
    for (;;) {
        session.wait_for_alert(std::chrono::seconds(10));
        std::vector<lt::alert*> alerts;
        session.pop_alerts(&alerts);
        for (const auto* alert : alerts) {
            if (lt::alert_cast<lt::torrent_finished_alert>(alert)) return;
        }
    }
}

}  // namespace

void bare_seed(const std::string& torrent, const std::filesystem::path& folder) {
    lt::session session(params_for("127.0.0.4:0"));
    session.add_torrent(torrent_for(torrent, folder));
    wait_until_finished(session);
    std::printf("ready 127.0.0.4:%d\n", int(session.listen_port()));
    std::fflush(stdout);
    char end = 0;
    while (::read(STDIN_FILENO, &end, 1) > 0) {
    }
}

void bare_fetch(const std::string& torrent, const std::filesystem::path& folder,
                const std::string& peer) {
    const auto address = swarm::parse_host_port(peer).value();
    lt::session session(params_for("127.0.0.3:0"));
    const auto start = std::chrono::steady_clock::now();
    auto params = torrent_for(torrent, folder);
    params.peers.emplace_back(lt::make_address(address.host), address.port);
    session.add_torrent(std::move(params));
    wait_until_finished(session);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    std::printf("done %.4f\n", took.count());
    std::fflush(stdout);
}

}  // namespace croft::bench
