// What outlives the process: resume data and the DHT's nodes.

#include "base/file.h"
#include "base/log.h"
#include "swarm/libtorrent_swarm_impl.h"
#include "swarm/params_impl.h"

#include <fcntl.h>
#include <unistd.h>

namespace croft::swarm {
namespace {

/// Makes what was written to a bundle's folder durable, all files of its file system at once.
void sync_file_system(const std::filesystem::path& folder) {
    const Descriptor open(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!open || ::syncfs(open.number()) != 0) {
        log::warning("swarm: can't sync", {{"folder", folder.native()}});
    }
}

}  // namespace

void LibtorrentSwarm::save_changed() {
    for (const auto& [id, entry] : entries_) {
        if (entry.is_unsaved) saves_.add(id);
    }
}

bool LibtorrentSwarm::save(const BundleId& id) {
    const Entry* entry = find(id);
    if (!entry || entry->is_leaving()) return false;
    return tell(*entry, [](const auto& handle) {
        handle.save_resume_data(lt::torrent_handle::flush_disk_cache |
                                lt::torrent_handle::only_if_modified);
    });
}

void LibtorrentSwarm::on(lt::save_resume_data_alert& alert) {
    const BundleId id = bundle_of(alert.params.info_hashes);
    Entry* entry = find(id);
    if (!entry || entry->is_leaving()) return saves_.done(id);
    // The pieces are the same in either form; what is kept speaks of the hybrid.
    std::ranges::copy(id.info_hash_v2.bytes, alert.params.info_hashes.v2.begin());
    const int pieces = alert.params.have_pieces.count();
    const bool has_new_pieces = std::exchange(entry->synced_pieces, pieces) != pieces;
    run(
        Pool::Lane::bulk,
        [folder = entry->folder, has_new_pieces,
         params = std::make_shared<lt::add_torrent_params>(std::move(alert.params))](
            const std::stop_token&) {
            if (has_new_pieces) sync_file_system(folder);
            return encode_resume_data(std::move(*params));
        },
        [this, id](std::string bytes) {
            saves_.done(id);
            if (find(id)) on_event_(ResumeDataSaved{id, std::move(bytes)});
        });
}

void LibtorrentSwarm::on(const lt::save_resume_data_failed_alert& alert) {
    saves_.done(bundle_of(alert.handle.info_hashes()));
    close_when_done();
}

void LibtorrentSwarm::save_dht_state() {
    if (!options_.dht || options_.state_folder.empty()) return;
    run(
        Pool::Lane::quick,
        [this](const std::stop_token&) {
            const auto state = session_->session_state(lt::session_handle::save_dht_state);
            const auto bytes =
                lt::write_session_params_buf(state, lt::session_handle::save_dht_state);
            return write_file(options_.state_folder / "dht.state", {bytes.data(), bytes.size()},
                              0600);
        },
        [](const Outcome& outcome) {
            if (!outcome) {
                log::warning("swarm: DHT state not saved", {{"why", outcome.error().message}});
            }
        });
}

}  // namespace croft::swarm
