#include "base/address_rule.h"
#include "bundle/feed_folder.h"
#include "library/keeper.h"

#include <algorithm>

/// wanted -> documents -> swarm
namespace croft::library {
namespace {

namespace fs = std::filesystem;

/// So many releases hold their documents in memory at once on their way to disk and swarm.
constexpr std::size_t turns_at_once = 4;

/// What is left of it without the swarm.
swarm::Progressed at_rest(const swarm::Progressed& last) {
    swarm::Progressed rest;
    rest.id = last.id;
    rest.state = swarm::State::paused;
    rest.done_bytes = last.done_bytes;
    rest.total_bytes = last.total_bytes;
    rest.sent_bytes = last.sent_bytes;
    return rest;
}

}  // namespace

/// Looks at where an item stands, and does what is due. Harmless at any time.
void Keeper::advance(Item& item) {
    if (!swarm_ || !item.holding) return;
    note_obstacle(item);
    if (item.course == Course::swarm) {
        steer_in_swarm(item);
    } else if (is_due(item) && item.step() == Step::dropping) {
        delete_files(item);
    } else if (is_due(item)) {
        item.course = Course::queued;
        promised_[root_of(item)] += item.missing_bytes();
        turns_.push_back(item.id);
        start_turns();
    }
    refresh(item);
}

/// Whether there is a next step, and nothing in its way.
bool Keeper::is_due(const Item& item) const {
    if (item.obstacle != Obstacle::none || item.is_checking || item.looks_until_retry > 0) {
        return false;
    }
    if (item.course == Course::swarm) return item.step() == Step::complete;
    if (item.course != Course::idle || item.committed != item.step()) return false;
    if (item.step() == Step::dropping) return true;
    return item.step() != Step::dropped && !item.is_damaged;
}

void Keeper::steer_in_swarm(Item& item) {
    const bool has_to_go = item.step() == Step::dropping || item.step() == Step::dropped ||
                           item.obstacle == Obstacle::disk_absent;
    if (has_to_go) return leave(item);
    const bool has_to_pause = item.obstacle != Obstacle::none;
    if (has_to_pause != std::exchange(item.is_paused_in_swarm, has_to_pause)) {
        has_to_pause ? swarm_->pause(item.id) : swarm_->resume(item.id);
    }
    if (is_due(item)) check(item);
}

void Keeper::start_turns() {
    while (turns_running_ < turns_at_once && !turns_.empty()) {
        Item* item = find(turns_.front());
        turns_.pop_front();
        if (!item || item->course != Course::queued) continue;
        item->course = Course::documents;
        ++turns_running_;
        obtain(*item, reading_, with(*item, [this](Item& found, Result<Obtained> result) {
            obtained(found, std::move(result));
        }));
    }
}

void Keeper::end_turn(Item& item) {
    item.course = Course::idle;
    --turns_running_;
    start_turns();
}

/// From memory, from the disk, from the publisher's sources: the first that has them.
void Keeper::obtain(Item& item, WorkQueue& queue, ThenObtained then) {
    if (auto documents = item.documents.lock()) {
        return loop_.post(with(item, [then = std::move(then), documents](const Item& found) {
            then(Obtained{documents, found.are_documents_stored});
        }));
    }
    if (!item.holding || item.holding->folder.empty()) return fetch(item, std::move(then));
    queue.run([feed = feed_of(item.holding->folder), release = item.entry.release,
               manifest = item.entry.manifest.sha256](
                  const std::stop_token&) { return read_documents(feed, release, manifest); },
              with(item, [this, then = std::move(then)](Item& found, Result<SharedDocuments> read) {
                  if (!read && !found.is_own()) return fetch(found, then);
                  if (!read) return then(tl::unexpected(read.error()));
                  const Obtained obtained{*read, true};
                  remember(found, obtained);
                  then(obtained);
              }));
}

void Keeper::fetch(Item& item, ThenObtained then) {
    if (!fetch_documents_) {
        return then(fail(Errc::unavailable, "not_started", "the library has not started yet"));
    }
    fetch_documents_(
        item.publisher, item.entry.release,
        with(item, [this, then = std::move(then)](Item& found, Result<SharedDocuments> fetched) {
            if (fetched && (*fetched)->torrent.id != found.id) {
                fetched = fail(Errc::conflict, "other_bundle",
                               found.entry.release.text() + " has another torrent by now");
            }
            if (!fetched) return then(tl::unexpected(fetched.error()));
            const Obtained obtained{*fetched, false};
            remember(found, obtained);
            then(obtained);
        }));
}

void Keeper::obtained(Item& item, Result<Obtained> obtained) {
    const bool is_wanted_still = item.is_taken_on() && item.step() != Step::dropping;
    if (is_wanted_still && obtained) {
        return look_for_withdrawn(item, obtained->documents,
                                  [this, got = *obtained](Item& found) { go_on(found, got); });
    }
    end_turn(item);
    if (is_wanted_still) return fail_for_now(item, obtained.error());
    advance(item);
    forget_if_nothing(item.id);
}

/// With its documents, of which we know by now whether a file was taken back.
void Keeper::go_on(Item& item, const Obtained& obtained) {
    const bool is_wanted_still = item.is_taken_on() && item.step() != Step::dropping;
    const bool is_free = obstacle_of(item) == Obstacle::none;
    if (is_wanted_still && is_free && !obtained.are_stored) return write(item, obtained.documents);
    end_turn(item);
    if (is_wanted_still && is_free) return join(item, *obtained.documents);
    advance(item);
    forget_if_nothing(item.id);
}

void Keeper::write(Item& item, const SharedDocuments& documents) {
    const RootView* root = root_of(item);
    const auto offers = offers_.find(item.publisher);
    if (!root || offers == offers_.end()) {
        end_turn(item);
        return fail_for_now(
            item, {Errc::not_found, "not_offered", "its publisher is no longer followed"});
    }
    const fs::path feed = root->path / bundle::layout::publisher_folder(item.publisher);
    writing_.run(
        [feed, documents, state = offers->second.state](const std::stop_token&) {
            auto outcome = write_documents(feed, *documents);
            return outcome ? write_feed(feed, *state) : outcome;
        },
        with(item, [this, feed, documents](Item& found, const Outcome& outcome) {
            if (!outcome) {
                end_turn(found);
                return fail_for_now(found, outcome.error());
            }
            found.are_documents_stored = true;
            if (found.holding)
                found.holding->folder = bundle_folder(feed, documents->release.release);
            written(found, documents);
        }));
}

void Keeper::written(Item& item, const SharedDocuments& documents) {
    if (item.step() == Step::wanted) item.set_step(Step::fetching);
    if (!item.holding) {
        end_turn(item);
        return forget_if_nothing(item.id);
    }
    commit(item, [this, documents](Item& found, const Outcome& outcome) {
        end_turn(found);
        if (!found.is_taken_on()) return forget_if_nothing(found.id);
        if (outcome && found.step() != Step::dropping) return join(found, *documents);
        if (!outcome && found.step() == Step::fetching) {
            found.set_step(Step::wanted);
            return fail_for_now(found, outcome.error());
        }
        advance(found);
    });
}

void Keeper::join(Item& item, const Documents& documents) {
    item.waits_for.clear();
    item.problem.reset();
    // Our own pass comes first: nobody is sent what a publisher's disk has damaged.
    if (item.is_own() && item.step() == Step::complete) return check(item);
    if (obstacle_of(item) != Obstacle::none) return advance(item);

    swarm::Add add;
    add.torrent = documents.torrent;
    add.trackers = trackers_for(item, documents.release);
    add.peers = peers_for(item);
    add.folder = item.holding->folder;
    add.have_all = item.step() == Step::held;
    add.has_v1_twin = documents.release.torrent.v1_twin.has_value();
    if (!add.have_all) add.resume_data = item.resume_data;
    item.course = Course::swarm;
    item.is_paused_in_swarm = false;
    swarm_->add(std::move(add));
    advance(item);
}

bool Keeper::may_lead_home(const Item& item) const {
    const auto offers = offers_.find(item.publisher);
    const bool is_near = offers != offers_.end() && offers->second.may_lead_home;
    return options_.may_lead_home || item.is_own() || is_near;
}

/// Those of the signed release that lead out into the internet, by their look; a name that DNS
/// leads back here is left to libtorrent's own caution.
std::vector<std::string> Keeper::trackers_for(Item& item, const catalog::Release& release) const {
    std::vector<std::string> trackers = release.trackers;
    const auto is_left_out = [](const std::string& url) { return is_local_url(url); };
    item.are_trackers_left_out = !may_lead_home(item) && std::erase_if(trackers, is_left_out) > 0;
    return trackers;
}

/// Who has one release of a publisher may well have its others.
std::vector<std::string> Keeper::peers_for(const Item& item) const {
    std::vector<std::string> peers;
    const auto add = [&peers](const std::vector<std::string>& more) {
        for (const std::string& peer : more) {
            if (peers.size() < most_peers && !std::ranges::count(peers, peer))
                peers.push_back(peer);
        }
    };
    add(item.holding->peers);
    add(item.publisher_peers);
    for (const auto& [id, other] : items_) {
        if (other.holding && other.publisher == item.publisher) add(other.holding->peers);
    }
    return peers;
}

void Keeper::leave(Item& item) {
    item.course = Course::leaving;
    if (item.progress) item.progress = at_rest(*item.progress);
    swarm_->remove(item.id);
}

}  // namespace croft::library
