// How a bundle comes to the session, and how it leaves.

#include "swarm/libtorrent_swarm_impl.h"
#include "swarm/params_impl.h"
#include "swarm/status_impl.h"

namespace croft::swarm {

void LibtorrentSwarm::add(Add bundle) {
    if (is_stopping_) return;
    const BundleId id = bundle.torrent.id;
    if (Entry* entry = find(id)) {
        if (entry->is_removing) {
            entry->again = std::move(bundle);
        } else {
            connect(id, bundle.peers);
        }
        return;
    }
    Entry& entry = entries_[id];
    entry.folder = bundle.folder;
    entry.total_bytes = bundle.torrent.total_size;
    entry.peers = bundle.peers;
    const auto added = std::make_shared<const Add>(std::move(bundle));
    if (added->has_v1_twin) learn_twin(id, entry, *added);
    join(id, added, entry);
}

/// Gives it to libtorrent in the form that the entry has.
void LibtorrentSwarm::join(const BundleId& id, std::shared_ptr<const Add> bundle,
                           const Entry& entry) {
    using Params = Result<std::shared_ptr<lt::add_torrent_params>>;
    run(
        Pool::Lane::bulk,
        [bundle = std::move(bundle), form = entry.form,
         have = entry.have](const std::stop_token&) -> Params {
            return make_params(*bundle, form).map([&have](lt::add_torrent_params&& params) {
                if (!have.empty()) params.have_pieces = have;
                return std::make_shared<lt::add_torrent_params>(std::move(params));
            });
        },
        [this, id](Params params) { start(id, std::move(params)); });
}

void LibtorrentSwarm::start(const BundleId& id,
                            Result<std::shared_ptr<lt::add_torrent_params>> params) {
    Entry* entry = find(id);
    assert(entry);
    if (is_stopping_) return;
    if (entry->is_removing) return finish_removal(id);
    if (!params) return give_up(id, params.error());
    if (entry->is_paused) (*params)->flags |= lt::torrent_flags::paused;
    session_->async_add_torrent(std::move(**params));
}

void LibtorrentSwarm::on(const lt::add_torrent_alert& alert) {
    const BundleId id = bundle_of(alert.params.info_hashes);
    Entry* entry = find(id);
    const bool is_twin = !alert.params.info_hashes.has_v2();
    if (is_twin && (!entry || entry->form == Form::hybrid)) return on_companion(alert, entry);
    if (!entry) return;
    if (alert.error) return give_up(id, error_of(alert.error, "add", entry->folder.native()));
    entry->handle = alert.handle;
    if (entry->is_removing) return begin_removal(*entry);
    if (entry->is_paused) tell(*entry, [](const auto& handle) { handle.pause(); });
    connect(id, std::exchange(entry->peers, {}));
}

void LibtorrentSwarm::give_up(const BundleId& id, const Error& error) {
    const bool was_removing = find(id)->is_removing;
    if (was_removing) return finish_removal(id);
    entries_.erase(id);
    on_event_(Failed{id, error});
}

void LibtorrentSwarm::remove(const BundleId& id) {
    if (is_stopping_) return;
    Entry* entry = find(id);
    if (!entry) {
        return loop_.post(while_alive([this, id] { on_event_(Removed{id}); }));
    }
    entry->again.reset();
    if (std::exchange(entry->is_removing, true)) return;
    if (entry->handle.is_valid()) begin_removal(*entry);
}

/// libtorrent says "removed" while writes are still under way. So: first no more peers, then all
/// writes done, which `cache_flushed_alert` tells, and then the removal.
void LibtorrentSwarm::begin_removal(Entry& entry) {
    remove_companion(entry);
    tell(entry, [](const auto& handle) {
        handle.pause();
        handle.flush_cache();
    });
}

void LibtorrentSwarm::finish_leaving(Entry& entry) {
    if (std::exchange(entry.is_flushed, true)) return;
    tell(entry, [this](const auto& handle) { session_->remove_torrent(handle); });
}

void LibtorrentSwarm::on(const lt::torrent_removed_alert& alert) {
    if (find_active(alert.info_hashes)) finish_removal(bundle_of(alert.info_hashes));
}

void LibtorrentSwarm::finish_removal(const BundleId& id) {
    auto gone = entries_.extract(id);
    if (gone.empty()) return;
    saves_.done(id);
    if (!gone.mapped().is_removing && gone.mapped().next_form) {
        return come_back(std::move(gone.mapped()));
    }
    on_event_(Removed{id});
    if (gone.mapped().again) add(std::move(*gone.mapped().again));
}

}  // namespace croft::swarm
