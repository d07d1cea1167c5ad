#pragma once

#include "loop/loop.h"
#include "swarm/swarm.h"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace croft::test {

/// A swarm without a network: the test plays the peers. It passes the same contract suite as the
/// real one; what it can't do is look into files: it believes their sizes.
class FakeSwarm final : public swarm::Swarm {
public:
    using BundleId = catalog::BundleId;

    FakeSwarm(Loop& loop, std::function<void(swarm::Event)> on_event)
        : loop_(loop), on_event_(std::move(on_event)) {}
    FakeSwarm(const FakeSwarm&) = delete;
    FakeSwarm& operator=(const FakeSwarm&) = delete;

    // What the test plays.

    /// A peer has all of it, as in `source`: whoever is added and not paused gets it at once.
    void seed(const BundleId& id, const std::filesystem::path& source) {
        sources_[id] = source;
        fetch(id);
    }
    /// So many bytes have come.
    void progress(const BundleId& id, std::uint64_t done_bytes) {
        entries_.at(id).done_bytes = done_bytes;
        report(id);
    }
    /// A piece did not fit when somebody asked for it: it is missing now.
    void damage(const BundleId& id) {
        Entry& entry = entries_.at(id);
        entry.is_complete = false;
        entry.done_bytes = 0;
        report(id);
        emit(swarm::Damaged{id});
    }
    /// It stops: the disk is full, a file is gone.
    void fail(const BundleId& id, Error error) {
        entries_.at(id).is_failed = true;
        report(id);
        emit(swarm::Failed{id, std::move(error)});
    }
    void set_peers(const BundleId& id, std::vector<swarm::Peer> peers) {
        entries_.at(id).peers = std::move(peers);
    }
    void emit(swarm::Event event) {
        loop_.post([alive = std::weak_ptr(alive_), this, event = std::move(event)]() mutable {
            if (!alive.expired() && !has_stopped_) on_event_(std::move(event));
        });
    }

    // What the test looks at.

    bool has(const BundleId& id) const { return entries_.contains(id); }
    const swarm::Add& added(const BundleId& id) const { return entries_.at(id).add; }
    bool is_paused(const BundleId& id) const { return entries_.at(id).is_paused; }
    const std::vector<std::string>& tried_peers(const BundleId& id) const {
        return entries_.at(id).add.peers;
    }
    std::pair<std::uint64_t, std::uint64_t> limits() const { return limits_; }

    // swarm::Swarm

    void add(swarm::Add bundle) override {
        const BundleId id = bundle.torrent.id;
        if (is_stopping_) return;
        if (entries_.contains(id)) return connect(id, bundle.peers);
        if (auto error = refuse(bundle)) return emit(swarm::Failed{id, std::move(*error)});
        Entry& entry = entries_[id];
        entry.add = std::move(bundle);
        if (is_whole(entry.add)) {
            complete(id);
        } else {
            report(id);
            fetch(id);
        }
    }

    void remove(const BundleId& id) override {
        if (is_stopping_) return;
        entries_.erase(id);
        emit(swarm::Removed{id});
    }

    void pause(const BundleId& id) override { set_paused(id, true); }

    void resume(const BundleId& id) override {
        set_paused(id, false);
        fetch(id);
    }

    void connect(const BundleId& id, const std::vector<std::string>& peers) override {
        const auto found = entries_.find(id);
        if (found == entries_.end()) return;
        auto& known = found->second.add.peers;
        known.insert(known.end(), peers.begin(), peers.end());
    }

    void peers(const BundleId& id, std::function<void(std::vector<swarm::Peer>)> then) override {
        const auto found = entries_.find(id);
        loop_.post([then = std::move(then), answer = found == entries_.end()
                                                         ? std::vector<swarm::Peer>()
                                                         : found->second.peers] { then(answer); });
    }

    void pieces(const BundleId& id, std::function<void(std::vector<bool>)> then) override {
        const auto found = entries_.find(id);
        std::vector<bool> answer;
        if (found != entries_.end()) {
            const Entry& entry = found->second;
            answer.assign(entry.add.torrent.piece_count(), false);
            std::fill_n(answer.begin(), entry.done_bytes / entry.add.torrent.piece_length, true);
            if (entry.is_complete) answer.assign(answer.size(), true);
        }
        loop_.post([then = std::move(then), answer] { then(answer); });
    }

    void set_limits(std::uint64_t down, std::uint64_t up) override { limits_ = {down, up}; }

    void stop(std::chrono::milliseconds /*deadline*/, std::function<void()> then) override {
        is_stopping_ = true;
        for (const auto& [id, entry] : entries_)
            save(id);
        loop_.post([alive = std::weak_ptr(alive_), this, then = std::move(then)] {
            if (alive.expired()) return;
            has_stopped_ = true;
            then();
        });
    }

private:
    struct Entry {
        swarm::Add add;
        std::uint64_t done_bytes = 0;
        bool is_paused = false, is_failed = false, is_complete = false;
        std::vector<swarm::Peer> peers;
    };

    static std::optional<Error> refuse(const swarm::Add& add) {
        if (add.folder.filename() != add.torrent.name) {
            return Error{Errc::invalid_argument, "wrong_folder", "the folder has another name"};
        }
        if (!std::filesystem::is_directory(add.folder.parent_path())) {
            return Error{Errc::not_found, "root_missing", "the root is not there"};
        }
        return std::nullopt;
    }

    static bool is_whole(const swarm::Add& add) {
        return add.have_all || std::ranges::all_of(add.torrent.files, [&](const auto& file) {
                   std::error_code none;
                   return std::filesystem::file_size(add.folder / file.path, none) == file.size &&
                          !none;
               });
    }

    void fetch(const BundleId& id) {
        loop_.post([alive = std::weak_ptr(alive_), this, id] {
            if (alive.expired() || is_stopping_) return;
            const auto found = entries_.find(id);
            const auto source = sources_.find(id);
            if (found == entries_.end() || source == sources_.end()) return;
            if (found->second.is_paused || found->second.is_complete) return;
            std::filesystem::copy(source->second, found->second.add.folder,
                                  std::filesystem::copy_options::recursive |
                                      std::filesystem::copy_options::overwrite_existing);
            complete(id);
        });
    }

    void complete(const BundleId& id) {
        Entry& entry = entries_.at(id);
        entry.is_complete = true;
        entry.done_bytes = entry.add.torrent.total_size;
        report(id);
        emit(swarm::Completed{id});
        save(id);
    }

    void set_paused(const BundleId& id, bool paused) {
        const auto found = entries_.find(id);
        if (found == entries_.end() || is_stopping_) return;
        found->second.is_paused = paused;
        if (!paused) found->second.is_failed = false;
        report(id);
    }

    void report(const BundleId& id) {
        const Entry& entry = entries_.at(id);
        swarm::Progressed event;
        event.id = id;
        event.state = entry.is_failed     ? swarm::State::failed
                      : entry.is_paused   ? swarm::State::paused
                      : entry.is_complete ? swarm::State::seeding
                                          : swarm::State::downloading;
        event.done_bytes = entry.done_bytes;
        event.total_bytes = entry.add.torrent.total_size;
        emit(event);
    }

    void save(const BundleId& id) {
        emit(swarm::ResumeDataSaved{id, "resume data of " + id.hex()});
    }

    Loop& loop_;
    const std::function<void(swarm::Event)> on_event_;
    const std::shared_ptr<int> alive_ = std::make_shared<int>();
    std::map<BundleId, Entry> entries_;
    std::map<BundleId, std::filesystem::path> sources_;
    std::pair<std::uint64_t, std::uint64_t> limits_;
    bool is_stopping_ = false, has_stopped_ = false;
};

}  // namespace croft::test
