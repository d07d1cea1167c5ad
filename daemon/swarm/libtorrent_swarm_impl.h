#pragma once

#include "base/log.h"
#include "loop/pool.h"
#include "swarm/addresses_impl.h"
#include "swarm/libtorrent_impl.h"
#include "swarm/params_impl.h"
#include "swarm/patience_impl.h"
#include "swarm/save_queue_impl.h"
#include "swarm/swarm.h"

#include <libtorrent/bitfield.hpp>
#include <libtorrent/session.hpp>
#include <libtorrent/session_params.hpp>

#include <cassert>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace croft::swarm {

/// The real swarm. Commands go down to the session at once; what it answers comes up as alerts,
/// which `drain` takes from its queue on the loop. Whatever would wait for the session's own
/// thread, or is slow, runs in the pool.
class LibtorrentSwarm final : public Swarm {
public:
    LibtorrentSwarm(Loop& loop, const Options& options, lt::session_params params,
                    std::function<void(Event)> on_event);
    LibtorrentSwarm(const LibtorrentSwarm&) = delete;
    LibtorrentSwarm& operator=(const LibtorrentSwarm&) = delete;
    ~LibtorrentSwarm() override;

    void add(Add bundle) override;
    void remove(const BundleId& id) override;
    void pause(const BundleId& id) override;
    void resume(const BundleId& id) override;
    void connect(const BundleId& id, const std::vector<std::string>& peers) override;
    void peers(const BundleId& id, std::function<void(std::vector<Peer>)> then) override;
    void pieces(const BundleId& id, std::function<void(std::vector<bool>)> then) override;
    void set_limits(std::uint64_t down, std::uint64_t up) override;
    void stop(std::chrono::milliseconds deadline, std::function<void()> then) override;

private:
    struct Entry {
        lt::torrent_handle handle;  ///< invalid until libtorrent has taken it
        std::filesystem::path folder;
        std::uint64_t total_bytes = 0;
        std::vector<std::string> peers;  ///< to try once there is a handle
        bool is_paused = false, is_failed = false, is_unsaved = false;
        bool is_complete = false;       ///< every piece was verified
        bool is_told_complete = false;  ///< and written
        bool is_removing = false, is_flushed = false;
        int synced_pieces = 0;  ///< so many were there when its disk was last synced
        std::optional<Progressed> last;
        std::optional<Add> again;  ///< what to add after its removal

        // Where it has a v1 twin: see twin.cpp.
        std::shared_ptr<const Add> source;           ///< as it was added; null where it has no twin
        Form form = Form::hybrid;                    ///< what `handle` is
        std::optional<Form> next_form;               ///< while it changes
        lt::typed_bitfield<lt::piece_index_t> have;  ///< to take over into the next form
        lt::torrent_handle companion;                ///< the twin, beside a whole hybrid
        std::optional<Progressed> own, beside;       ///< `handle`'s, and the companion's
        std::optional<Patience> patience;
        std::set<std::string> known_peers;  ///< whom the next form tries again

        bool is_leaving() const { return is_removing || next_form; }
    };

    Entry* find(const BundleId& id);
    /// Whose `handle` has these hashes: null for a companion's.
    Entry* find_active(const lt::info_hash_t& hashes);
    /// Speaks to libtorrent; false where the torrent is not there yet or has just gone.
    template <class Command>
    bool tell(const lt::torrent_handle& handle, Command command);
    template <class Command>
    bool tell(const Entry& entry, Command command) {
        return tell(entry.handle, std::move(command));
    }
    /// Asks libtorrent what only its own thread can answer, and so where waiting is no harm.
    template <class Question, class Answer>
    void ask(const BundleId& id, Question question, std::function<void(Answer)> then);
    /// Runs slow work beside the loop; `then` only as long as we live.
    template <class Work, class Then>
    void run(Pool::Lane lane, Work work, Then then);
    /// What is queued on the loop may come after our end: then it does nothing.
    template <class Function>
    auto while_alive(Function function) {
        return
            [alive = std::weak_ptr(alive_), function = std::move(function)](auto&&... arguments) {
                if (!alive.expired()) function(std::forward<decltype(arguments)>(arguments)...);
            };
    }

    // membership.cpp
    void start(const BundleId& id, Result<std::shared_ptr<lt::add_torrent_params>> params);
    void give_up(const BundleId& id, const Error& error);
    void join(const BundleId& id, std::shared_ptr<const Add> bundle, const Entry& entry);
    void begin_removal(Entry& entry);
    void finish_leaving(Entry& entry);
    void finish_removal(const BundleId& id);
    void connect_to(const Entry& entry, const HostPort& peer);
    void look_up(const BundleId& id, const HostPort& peer);

    // twin.cpp
    BundleId bundle_of(const lt::info_hash_t& hashes) const;
    void learn_twin(const BundleId& id, Entry& entry, const Add& bundle);
    void look_for_other_ways();
    void change_form(const BundleId& id, Entry& entry);
    void come_back(Entry entry);
    void add_companion(const Entry& entry);
    void on_companion(const lt::add_torrent_alert& alert, Entry* entry);
    void remove_companion(Entry& entry);

    // saving.cpp
    void save_changed();
    bool save(const BundleId& id);
    void save_dht_state();

    void close_when_done();
    void finish_stop();

    // alerts.cpp, and each where its topic is
    void tick();
    void flush(const Entry& entry);
    void report_failure(const BundleId& id, const Error& error);
    void drain();
    template <class... Alerts>
    void dispatch(lt::alert* alert);
    void on(const lt::add_torrent_alert& alert);
    void on(const lt::state_changed_alert& alert);
    void on(const lt::state_update_alert& alert);
    void on(const lt::session_stats_alert& alert);
    void on(lt::save_resume_data_alert& alert);
    void on(const lt::save_resume_data_failed_alert& alert);
    void on(const lt::cache_flushed_alert& alert);
    void on(const lt::torrent_removed_alert& alert);
    void on(const lt::torrent_error_alert& alert);
    void on(const lt::file_error_alert& alert);
    void on(const lt::fastresume_rejected_alert& alert);
    void on(const lt::listen_succeeded_alert& alert);
    void on(const lt::listen_failed_alert& alert);

    Loop& loop_;
    const Options options_;
    const std::function<void(Event)> on_event_;
    const std::shared_ptr<int> alive_ = std::make_shared<int>();

    std::map<BundleId, Entry> entries_;
    std::map<lt::sha1_hash, BundleId> twins_;  ///< by info-hash; kept: late alerts name them
    SaveQueue saves_{[this](const BundleId& id) { return save(id); }};
    Totals totals_;
    std::chrono::steady_clock::time_point totals_at_;
    std::size_t jobs_ = 0;  ///< under way in the pool
    bool is_stopping_ = false;
    std::function<void()> then_stopped_;

    std::unique_ptr<lt::session> session_;  ///< none once `stop` has closed it
    Pool pool_;                             // below the session: its work speaks to it
    std::vector<Loop::Timer> timers_;
    Loop::Timer deadline_;
};

template <class Command>
bool LibtorrentSwarm::tell(const lt::torrent_handle& handle, Command command) {
    if (!handle.is_valid()) return false;
    try {
        command(handle);
        return true;
    } catch (const std::exception& error) {
        log::debug("swarm: not told", {{"what", error.what()}});
        return false;
    }
}

template <class Work, class Then>
void LibtorrentSwarm::run(Pool::Lane lane, Work work, Then then) {
    ++jobs_;
    const auto taken =
        pool_.run(lane, std::move(work), while_alive([this, then = std::move(then)](auto result) {
                      --jobs_;
                      then(std::move(result));
                      close_when_done();
                  }));
    assert(taken);
}

template <class Question, class Answer>
void LibtorrentSwarm::ask(const BundleId& id, Question question, std::function<void(Answer)> then) {
    const Entry* entry = find(id);
    if (!entry || is_stopping_) return loop_.post([then = std::move(then)] { then({}); });
    const auto answer = [handle = entry->handle, question](const std::stop_token&) -> Answer {
        try {
            return question(handle);
        } catch (const std::exception&) {
            return {};  // libtorrent has not taken it yet, or it has just gone
        }
    };
    run(Pool::Lane::quick, answer, std::move(then));
}

}  // namespace croft::swarm
