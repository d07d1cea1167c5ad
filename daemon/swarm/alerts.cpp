// What the session tells.

#include "base/log.h"
#include "swarm/libtorrent_swarm_impl.h"
#include "swarm/status_impl.h"

#include <algorithm>

namespace croft::swarm {

void LibtorrentSwarm::drain() {
    if (!session_) return;
    std::vector<lt::alert*> alerts;
    session_->pop_alerts(&alerts);
    for (lt::alert* alert : alerts) {
        dispatch<lt::add_torrent_alert, lt::state_changed_alert, lt::state_update_alert,
                 lt::session_stats_alert, lt::save_resume_data_alert,
                 lt::save_resume_data_failed_alert, lt::cache_flushed_alert,
                 lt::torrent_removed_alert, lt::torrent_error_alert, lt::file_error_alert,
                 lt::fastresume_rejected_alert, lt::listen_succeeded_alert,
                 lt::listen_failed_alert>(alert);
    }
}

template <class... Alerts>
void LibtorrentSwarm::dispatch(lt::alert* alert) {
    const auto offer = [this](auto* typed) {
        if (typed) on(*typed);
        return typed != nullptr;
    };
    (offer(lt::alert_cast<Alerts>(alert)) || ...);
}

void LibtorrentSwarm::tick() {
    session_->post_torrent_updates({});
    session_->post_session_stats();
    look_for_other_ways();
}

void LibtorrentSwarm::on(const lt::state_changed_alert& alert) {
    const BundleId id = bundle_of(alert.handle.info_hashes());
    Entry* entry = find_active(alert.handle.info_hashes());
    if (!entry || entry->is_leaving()) return;
    const bool is_complete =
        alert.state == lt::torrent_status::finished || alert.state == lt::torrent_status::seeding;
    // Whole by its twin: what we promise and save is the hybrid.
    if (is_complete && entry->form == Form::v1_twin) return change_form(id, *entry);
    if (std::exchange(entry->is_complete, is_complete) == is_complete) return;
    if (is_complete) return flush(*entry);
    if (!std::exchange(entry->is_told_complete, false)) return;
    remove_companion(*entry);
    on_event_(Damaged{id});
}

/// A piece counts as soon as its hash fits, which is before its blocks are on the disk: whoever
/// reads the files now may find them short. `cache_flushed_alert` comes when all are written.
void LibtorrentSwarm::flush(const Entry& entry) {
    tell(entry, [](const auto& handle) { handle.flush_cache(); });
}

void LibtorrentSwarm::on(const lt::cache_flushed_alert& alert) {
    Entry* entry = find_active(alert.handle.info_hashes());
    if (!entry) return;
    if (entry->is_leaving()) return finish_leaving(*entry);
    const bool is_news = entry->is_complete && !entry->is_failed && !entry->is_told_complete;
    if (!is_news) return;
    entry->is_told_complete = true;
    const BundleId id = bundle_of(alert.handle.info_hashes());
    saves_.add(id);
    add_companion(*entry);
    on_event_(Completed{id});
}

void LibtorrentSwarm::on(const lt::state_update_alert& alert) {
    for (const auto& status : alert.status) {
        const BundleId id = bundle_of(status.info_hashes);
        Entry* entry = find(id);
        if (!entry || entry->is_leaving()) continue;
        const bool is_active = find_active(status.info_hashes) != nullptr;
        (is_active ? entry->own : entry->beside) = progressed(id, status, entry->total_bytes);
        if (is_active) entry->is_unsaved = status.need_save_resume;
        if (!entry->own) continue;
        Progressed event = entry->beside ? together(*entry->own, *entry->beside) : *entry->own;
        if (entry->is_failed) event.state = State::failed;
        if (std::exchange(entry->last, event) != event) on_event_(event);
    }
}

void LibtorrentSwarm::on(const lt::session_stats_alert& alert) {
    const auto now = std::chrono::steady_clock::now();
    const std::chrono::duration<double> passed = now - std::exchange(totals_at_, now);
    const auto rate = [&](std::uint64_t before, std::uint64_t after) {
        return static_cast<std::uint64_t>(static_cast<double>(after - before) / passed.count());
    };
    const Counters counters = counters_of(alert);
    Totals totals = totals_;
    totals.down_rate = rate(totals_.received_bytes, counters.received_bytes);
    totals.up_rate = rate(totals_.sent_bytes, counters.sent_bytes);
    totals.received_bytes = counters.received_bytes;
    totals.sent_bytes = counters.sent_bytes;
    totals.peers = counters.peers;
    totals.dht_nodes = counters.dht_nodes;
    if (std::exchange(totals_, totals) != totals) on_event_(totals);
}

void LibtorrentSwarm::on(const lt::listen_succeeded_alert& alert) {
    if (alert.socket_type != lt::socket_type_t::tcp) return;
    const std::string address = endpoint_text(alert.address, alert.port);
    if (std::ranges::find(totals_.listening, address) != totals_.listening.end()) return;
    totals_.listening.push_back(address);
    log::info("swarm: listening", {{"address", address}});
    on_event_(totals_);
}

void LibtorrentSwarm::on(const lt::listen_failed_alert& alert) {
    log::warning("swarm: can't listen", {{"address", endpoint_text(alert.address, alert.port)},
                                         {"why", alert.error.message()}});
}

void LibtorrentSwarm::on(const lt::fastresume_rejected_alert& alert) {
    log::warning(
        "swarm: the disk is not as resume data say, the files are checked",
        {{"bundle", bundle_of(alert.handle.info_hashes()).hex()}, {"why", alert.error.message()}});
}

void LibtorrentSwarm::on(const lt::torrent_error_alert& alert) {
    report_failure(bundle_of(alert.handle.info_hashes()),
                   error_of(alert.error, "share", alert.filename()));
}

void LibtorrentSwarm::on(const lt::file_error_alert& alert) {
    report_failure(bundle_of(alert.handle.info_hashes()),
                   error_of(alert.error, lt::operation_name(alert.op), alert.filename()));
}

void LibtorrentSwarm::report_failure(const BundleId& id, const Error& error) {
    Entry* entry = find(id);
    if (!entry || entry->is_leaving() || std::exchange(entry->is_failed, true)) return;
    log::warning("swarm: failed", {{"bundle", id.hex()}, {"why", error.message}});
    on_event_(Failed{id, error});
}

}  // namespace croft::swarm
