#include "base/log.h"
#include "bundle/feed_folder.h"
#include "library/keeper.h"

#include <algorithm>
#include <set>
#include <tuple>

/// What publishers offer, and what of it we want. Nothing in here deletes a byte.
namespace croft::library {
namespace {

namespace fs = std::filesystem;

/// What an offer can change in a view.
auto standing(const Item& item) {
    return std::tuple(item.offered, item.newest, item.withdrawn, item.publisher, item.petname,
                      item.entry.manifest.sha256);
}

std::map<std::string, std::uint64_t> newest_serials(const catalog::Catalogue& catalogue) {
    std::map<std::string, std::uint64_t> newest;
    for (const auto& entry : catalogue.releases) {
        auto& serial = newest[entry.release.name];
        serial = std::max(serial, entry.release.serial);
    }
    return newest;
}

const catalog::Catalogue* catalogue_of(const Offers& offers) {
    return offers.state && offers.state->catalogue ? &*offers.state->catalogue : nullptr;
}

/// The names of bundles that lie there with their torrents: who dropped one has neither.
std::set<std::string> bundles_in(const fs::path& feed) {
    std::set<std::string> names;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(feed / "bundles", error)) {
        const std::string name = entry.path().filename().native();
        if (fs::exists(feed / "torrents" / (name + ".torrent"), error)) names.insert(name);
    }
    return names;
}

}  // namespace

void Keeper::offer(const PublisherId& publisher, Offers offers) {
    Offers& kept = offers_[publisher];
    kept = std::move(offers);
    followed_.insert(publisher);
    reread_offers();
    if (!catalogue_of(kept)) return;
    withdraw_files(publisher, withdrawn_files_of(*catalogue_of(kept)));
    for (auto& [id, item] : items_) {
        const bool comes_anew = item.publisher == publisher && item.course == Course::swarm &&
                                item.are_trackers_left_out && may_lead_home(item);
        if (comes_anew) leave(item);
    }
    purge(publisher);
    if (kept.own_feed) adopt(kept);
    look_for_found(publisher);
    write_feed_of(publisher, kept);
    carry_out_plan();
}

void Keeper::withdraw_offers(const PublisherId& publisher) {
    offers_.erase(publisher);
    followed_.erase(publisher);
    reread_offers();
    purge(publisher);
    for (auto& [id, item] : items_) {
        if (item.publisher != publisher || !item.holding) continue;
        advance(item);
        if (item.obstacle != Obstacle::unfollowed) continue;
        finish_jobs(item,
                    fail(Errc::cancelled, "unfollowed", "its publisher is no longer followed"));
    }
    carry_out_plan();
}

/// Everything anew from all catalogues.
void Keeper::reread_offers() {
    std::map<BundleId, decltype(standing(std::declval<Item>()))> before;
    for (auto& [id, item] : items_) {
        before.emplace(id, standing(item));
        item.offered = item.newest = false;
        item.withdrawn.reset();
    }
    for (const auto& [publisher, offers] : offers_)
        take_entries(publisher, offers);

    std::vector<BundleId> changed;
    for (const auto& [id, item] : items_) {
        const auto was = before.find(id);
        if (was == before.end() || was->second != standing(item)) changed.push_back(id);
    }
    for (const BundleId& id : changed) {
        forget_if_nothing(id);
        Item* item = find(id);
        if (!item) continue;
        advance(*item);
        if (!item->holding || !swarm_) refresh(*item);
    }
}

void Keeper::take_entries(const PublisherId& publisher, const Offers& offers) {
    const catalog::Catalogue* catalogue = catalogue_of(offers);
    if (!catalogue) return;
    const auto newest = newest_serials(*catalogue);
    for (const auto& entry : catalogue->releases) {
        Item& item = items_[entry.bundle];
        // Two publishers may offer the same bundle: it stays with the one it came from.
        const bool is_anothers =
            item.holding && item.publisher != publisher && offers_.contains(item.publisher);
        if (item.offered || is_anothers) continue;
        item.id = entry.bundle;
        item.publisher = publisher;
        item.petname = offers.petname;
        item.entry = entry;
        item.offered = true;
        item.newest = newest.at(entry.release.name) == entry.release.serial;
        item.publisher_peers = offers.peers;
        if (!item.has_document) item.created = catalogue->created;
        if (item.holding) {
            item.holding->publisher = publisher.hex();
            item.holding->manifest = entry.manifest.sha256.hex();
        }
        if (item.course == Course::swarm) swarm_->connect(item.id, offers.peers);
    }
    mark_withdrawn(publisher, *catalogue);
    for (auto& [id, item] : items_) {
        if (item.publisher == publisher) item.petname = offers.petname;
    }
}

void Keeper::mark_withdrawn(const PublisherId& publisher, const catalog::Catalogue& catalogue) {
    std::map<catalog::ReleaseName, catalog::WithdrawalReason> reasons;
    for (const auto& withdrawn : catalogue.withdrawn) {
        if (withdrawn.release) reasons.emplace(*withdrawn.release, withdrawn.reason);
    }
    if (reasons.empty()) return;
    for (auto& [id, item] : items_) {
        const auto reason = reasons.find(item.entry.release);
        if (item.publisher == publisher && reason != reasons.end()) item.withdrawn = reason->second;
    }
}

/// Wishes about what is no longer offered, and of which nothing is here: rows, not files.
void Keeper::purge(const PublisherId& publisher) {
    std::vector<store::Change> changes;
    std::vector<BundleId> gone;
    for (auto& [id, item] : items_) {
        const bool is_mere_wish =
            item.step() == Step::dropped || (item.step() == Step::wanted && !item.holding->pinned);
        if (item.publisher != publisher || item.offered || !is_mere_wish) continue;
        if (item.course != Course::idle && item.course != Course::queued) continue;
        item.holding.reset();
        item.committed.reset();
        item.course = Course::idle;
        changes.emplace_back(store::DeleteHolding{id.hex()});
        gone.push_back(id);
    }
    if (!changes.empty()) store_.commit(std::move(changes), {});
    for (const BundleId& id : gone)
        forget_if_nothing(id);
}

/// Our own bundles are taken where they lie: checked once, then shared; never counted or written.
void Keeper::adopt(const Offers& offers) {
    for (const auto& entry : catalogue_of(offers)->releases) {
        Item& item = items_.at(entry.bundle);
        const fs::path folder = bundle_folder(*offers.own_feed, entry.release);
        const bool is_adopted = item.is_own() && item.holding->folder == folder.native();
        const bool is_elsewhere =
            item.is_taken_on() && !item.is_own() && item.step() != Step::wanted;
        const bool is_busy = item.course == Course::documents || item.is_checking;
        if (is_adopted || is_elsewhere || is_busy) continue;
        item.holding = holding_of(item);
        item.holding->own = true;
        item.holding->folder = folder.native();
        item.set_step(Step::complete);
        item.committed.reset();
        item.is_damaged = false;
        if (item.course == Course::queued) item.course = Course::idle;
        if (item.course == Course::swarm) leave(item);
        commit(item, [this](Item& found, const Outcome& outcome) {
            if (!outcome) return fail_for_now(found, outcome.error());
            advance(found);
        });
    }
}

/// Bundles of which we know nothing lie on a disk where the database was lost, or came with the
/// disk.
void Keeper::look_for_found(const PublisherId& publisher) {
    for (const RootView& root : roots_.views()) {
        if (!root.is_present) continue;
        const fs::path feed = root.path / bundle::layout::publisher_folder(publisher);
        reading_.run([feed](const std::stop_token&) { return bundles_in(feed); },
                     [this, publisher, feed](const std::set<std::string>& found) {
                         adopt_found(publisher, feed, found);
                     });
    }
}

/// They are looked at, what differs is fetched anew, and all of it is proved before it is held.
void Keeper::adopt_found(const PublisherId& publisher, const fs::path& feed,
                         const std::set<std::string>& found) {
    for (auto& [id, item] : items_) {
        const bool is_known = item.publisher != publisher || item.holding;
        if (is_known || !found.contains(item.entry.release.text())) continue;
        item.holding = holding_of(item);
        item.holding->folder = bundle_folder(feed, item.entry.release);
        item.set_step(Step::fetching);
        log::info("library: found on the disk", {{"release", item.entry.release.text()}});
        commit(item, [this](Item& adopted, const Outcome& outcome) {
            if (!outcome) adopted.holding.reset();
            advance(adopted);
        });
    }
}

/// The documents that lie with what we hold of a publisher are its newest.
void Keeper::write_feed_of(const PublisherId& publisher, const Offers& offers) {
    std::set<fs::path> feeds;
    for (const auto& [id, item] : items_) {
        if (item.publisher != publisher || !item.is_taken_on() || item.is_own()) continue;
        const RootView* root = root_of(item);
        if (root && root->is_present && !item.holding->folder.empty()) {
            feeds.insert(feed_of(item.holding->folder));
        }
    }
    for (const fs::path& feed : feeds) {
        writing_.run(
            [feed, state = offers.state](const std::stop_token&) {
                return write_feed(feed, *state);
            },
            [feed](const Outcome& outcome) {
                if (outcome) return;
                log::warning("library: newest documents not written",
                             {{"folder", feed.native()}, {"why", outcome.error().message}});
            });
    }
}

std::vector<Candidate> Keeper::candidates() const {
    std::vector<Candidate> candidates;
    candidates.reserve(items_.size());
    for (const auto& [id, item] : items_) {
        Candidate candidate;
        candidate.id = id;
        candidate.size_bytes = item.entry.total_size;
        candidate.created = item.created;
        candidate.offered = item.offered && !item.withdrawn;
        candidate.newest = item.newest;
        candidate.dropped = item.step() == Step::dropped;
        if (item.is_taken_on()) {
            candidate.pinned = item.holding->pinned;
            candidate.own = item.holding->own;
            candidate.held = item.step() != Step::wanted;
        }
        candidates.push_back(candidate);
    }
    return candidates;
}

MirrorPlan Keeper::plan(std::optional<std::uint64_t> budget) const {
    return plan_mirror(candidates(), budget);
}

void Keeper::carry_out_plan() {
    const MirrorPlan plan = this->plan(budget());
    std::set<BundleId> fetch, evict;
    for (const auto& step : plan.fetch)
        fetch.insert(step.id);
    for (const auto& step : plan.evict)
        evict.insert(step.id);

    std::vector<BundleId> wanted, unwanted;
    for (auto& [id, item] : items_) {
        if (fetch.contains(id) && !item.is_taken_on()) wanted.push_back(id);
        if (item.step() == Step::wanted && !item.holding->pinned && !fetch.contains(id) &&
            offers_.contains(item.publisher)) {
            unwanted.push_back(id);
        }
        const bool is_over = item.step() == Step::fetching && evict.contains(id);
        if (is_over != std::exchange(item.is_over_budget, is_over)) advance(item);
    }
    want(wanted);
    give_up_wishes(unwanted);
}

void Keeper::want(const std::vector<BundleId>& ids) {
    if (ids.empty()) return;
    std::vector<store::Change> changes;
    for (const BundleId& id : ids) {
        Item& item = items_.at(id);
        item.holding = holding_of(item);
        item.set_step(Step::wanted);
        changes.emplace_back(store::PutHolding{*item.holding});
    }
    store_.commit(std::move(changes),
                  [this, here = std::weak_ptr(here_), ids](const Outcome& done) {
                      if (here.expired()) return;
                      if (!done)
                          log::error("library: plan not stored", {{"why", done.error().message}});
                      for (const BundleId& id : ids) {
                          Item* item = find(id);
                          if (!item || item->step() != Step::wanted || item->committed) continue;
                          if (done) {
                              item->committed = Step::wanted;
                              advance(*item);
                          } else {
                              item->holding.reset();
                              refresh(*item);
                          }
                      }
                  });
}

void Keeper::give_up_wishes(const std::vector<BundleId>& ids) {
    std::vector<store::Change> changes;
    for (const BundleId& id : ids) {
        Item& item = items_.at(id);
        if (item.course != Course::idle && item.course != Course::queued) continue;
        item.course = Course::idle;
        item.holding.reset();
        item.committed.reset();
        item.waits_for.clear();
        changes.emplace_back(store::DeleteHolding{id.hex()});
        refresh(item);
    }
    if (!changes.empty()) store_.commit(std::move(changes), {});
}

}  // namespace croft::library
