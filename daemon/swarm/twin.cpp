// The same bundle for clients that know v1 only. A whole bundle is seeded under both torrents: the
// twin is a companion beside the hybrid. While one is fetched, only one of the two is in the
// session, since two would write to the same files: where nobody has what is missing, it changes
// into the other form and takes its pieces along, which are the same in both.

#include "bundle/v1_twin.h"
#include "swarm/libtorrent_swarm_impl.h"

#include <algorithm>

namespace croft::swarm {

BundleId LibtorrentSwarm::bundle_of(const lt::info_hash_t& hashes) const {
    if (hashes.has_v2()) return id_of(hashes);
    const auto found = twins_.find(hashes.v1);
    return found == twins_.end() ? BundleId() : found->second;
}

void LibtorrentSwarm::learn_twin(const BundleId& id, Entry& entry, const Add& bundle) {
    lt::sha1_hash btih;
    std::ranges::copy(bundle::v1_twin_of(bundle.torrent).btih.bytes, btih.begin());
    twins_[btih] = id;
    auto source = std::make_shared<Add>(bundle);
    // Only true at first: it changes its form because something is missing.
    source->have_all = false;
    source->resume_data.clear();
    entry.source = std::move(source);
    entry.patience.emplace(options_.twin_patience);
    entry.known_peers.insert(bundle.peers.begin(), bundle.peers.end());
}

void LibtorrentSwarm::look_for_other_ways() {
    const auto now = std::chrono::steady_clock::now();
    for (auto& [id, entry] : entries_) {
        const bool is_fetched = entry.patience && entry.own && !entry.is_leaving() &&
                                !entry.is_failed && entry.own->state == State::downloading;
        if (!is_fetched) continue;
        // Not the rate: it sinks for half a minute after the last byte.
        const bool has_seed = entry.own->seeds > 0;
        if (entry.patience->is_over(now, entry.own->done_bytes, has_seed)) change_form(id, entry);
    }
}

void LibtorrentSwarm::change_form(const BundleId& id, Entry& entry) {
    if (is_stopping_ || !entry.source) return;
    entry.next_form = entry.form == Form::hybrid ? Form::v1_twin : Form::hybrid;
    log::debug("swarm: tried the other way", {{"bundle", entry.source->torrent.name}});
    tell(entry, [](const auto& handle) { handle.pause(); });
    pieces(id, [this, id](const std::vector<bool>& pieces) {
        Entry* found = find(id);
        if (!found || !found->next_form || found->is_removing) return;
        found->have.resize(static_cast<int>(pieces.size()), false);
        for (std::size_t i = 0; i < pieces.size(); ++i) {
            if (pieces[i]) found->have.set_bit(lt::piece_index_t(static_cast<int>(i)));
        }
        begin_removal(*found);
    });
}

/// Out of the session, and into it again in the other form.
void LibtorrentSwarm::come_back(Entry entry) {
    const BundleId id = entry.source->torrent.id;
    Entry& next = entries_[id];
    next.folder = entry.folder;
    next.total_bytes = entry.total_bytes;
    next.peers.assign(entry.known_peers.begin(), entry.known_peers.end());
    next.known_peers = std::move(entry.known_peers);
    next.is_paused = entry.is_paused;
    next.source = entry.source;
    next.form = *entry.next_form;
    next.have = std::move(entry.have);
    next.patience = entry.patience;
    join(id, next.source, next);
}

void LibtorrentSwarm::add_companion(const Entry& entry) {
    if (is_stopping_ || !entry.source || entry.companion.is_valid()) return;
    auto whole = std::make_shared<Add>(*entry.source);
    whole->have_all = true;
    using Params = Result<std::shared_ptr<lt::add_torrent_params>>;
    run(
        Pool::Lane::bulk,
        [whole](const std::stop_token&) -> Params {
            return make_params(*whole, Form::v1_twin).map([](lt::add_torrent_params&& params) {
                params.flags |= lt::torrent_flags::upload_mode;  // never writes
                return std::make_shared<lt::add_torrent_params>(std::move(params));
            });
        },
        [this, id = whole->torrent.id](Params params) {
            const Entry* found = find(id);
            if (!found || found->is_leaving() || is_stopping_) return;
            if (!params) {
                return log::warning("swarm: no v1 twin", {{"why", params.error().message}});
            }
            if (found->is_paused) (*params)->flags |= lt::torrent_flags::paused;
            session_->async_add_torrent(std::move(**params));
        });
}

void LibtorrentSwarm::on_companion(const lt::add_torrent_alert& alert, Entry* entry) {
    if (alert.error) {
        return log::warning("swarm: no v1 twin", {{"why", alert.error.message()}});
    }
    if (!entry || entry->is_leaving()) return session_->remove_torrent(alert.handle);
    entry->companion = alert.handle;
}

void LibtorrentSwarm::remove_companion(Entry& entry) {
    entry.beside.reset();
    tell(std::exchange(entry.companion, {}),
         [this](const auto& handle) { session_->remove_torrent(handle); });
}

}  // namespace croft::swarm
