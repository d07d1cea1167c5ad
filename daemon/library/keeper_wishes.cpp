#include "base/text.h"
#include "library/keeper.h"

#include <algorithm>

/// What the user wants: committed before it is answered.
namespace croft::library {
namespace {

tl::unexpected<Error> nothing_here(const Item& item) {
    return fail(Errc::not_found, "not_held",
                "nothing of " + item.entry.release.text() + " is held or fetched");
}

}  // namespace

Outcome Keeper::may_get(Item& item) const {
    const std::string name = item.entry.release.text();
    if (item.step() == Step::dropping) {
        return fail(Errc::conflict, "being_dropped", name + " is being dropped just now");
    }
    if (item.step() == Step::held || item.is_own()) return {};
    if (item.withdrawn) {
        return fail(Errc::withdrawn, std::string(name_of(*item.withdrawn)),
                    "its publisher took " + name + " back");
    }
    if (item.taken_back) return tl::unexpected(taken_back_error(item));
    const bool is_begun = item.is_taken_on() && item.step() != Step::wanted;
    if (!is_begun && !item.offered) {
        return fail(Errc::not_found, "not_offered", name + " is no longer offered");
    }
    const RootView* root = roots_.first();
    if (is_begun || !root || !root->is_present) return {};
    if (const auto why = does_not_fit(item.entry.total_size, room_on(*root))) {
        return fail(Errc::no_space, "no_room", name + " " + *why);
    }
    return {};
}

/// Pins it, and lets go of whatever kept it from being tried.
void Keeper::take_on(Item& item, const std::vector<std::string>& peers) {
    if (!item.holding || (item.step() == Step::dropped && !item.is_own())) {
        item.holding = holding_of(item);
        item.set_step(Step::wanted);
        item.committed.reset();
    } else if (item.step() == Step::dropped) {
        item.set_step(Step::complete);
    }
    item.holding->pinned = !item.is_own();
    item.holding->paused = false;
    for (const std::string& peer : peers) {
        auto& known = item.holding->peers;
        if (known.size() < most_peers && !std::ranges::count(known, peer)) known.push_back(peer);
    }
    if (std::exchange(item.is_damaged, false)) {
        // What lies there is looked at again, and what differs fetched anew.
        if (!item.is_own()) item.set_step(Step::fetching);
        item.resume_data.clear();
        item.problem.reset();
    }
    item.looks_until_retry = 0;
}

void Keeper::get(Item& item, const std::vector<std::string>& peers,
                 std::function<void(Result<Jobs::Id>)> then) {
    if (auto may = may_get(item); !may) return then(tl::unexpected(may.error()));
    take_on(item, peers);
    commit(item, [this, peers, then = std::move(then)](Item& found, const Outcome& outcome) {
        if (!outcome) {
            if (!found.committed) found.holding.reset();
            return then(tl::unexpected(outcome.error()));
        }
        const Jobs::Id job = jobs_.start("get", found.entry.release.text());
        found.jobs.push_back(job);
        for (const auto& [id, other] : items_) {
            const bool may_help = other.publisher == found.publisher &&
                                  other.course == Course::swarm &&
                                  (id == found.id || other.step() == Step::fetching);
            if (may_help && !peers.empty()) swarm_->connect(id, peers);
        }
        if (found.committed == Step::held) finish_jobs(found, {});
        then(job);
        advance(found);
    });
}

void Keeper::pin(Item& item, bool pinned, std::function<void(Outcome)> then) {
    if (pinned && !item.is_taken_on()) {
        if (auto may = may_get(item); !may) return then(may);
        take_on(item, {});
    } else if (!item.is_taken_on()) {
        return then(nothing_here(item));
    }
    const bool before = std::exchange(item.holding->pinned, pinned);
    commit(item, [this, before, then = std::move(then)](Item& found, const Outcome& outcome) {
        if (!outcome && !found.committed) found.holding.reset();
        if (!outcome && found.holding) found.holding->pinned = before;
        then(outcome);
        advance(found);
        if (outcome) carry_out_plan();
    });
}

void Keeper::pause(Item& item, bool paused, std::function<void(Outcome)> then) {
    if (!item.is_taken_on()) return then(nothing_here(item));
    const bool before = std::exchange(item.holding->paused, paused);
    commit(item, [this, before, then = std::move(then)](Item& found, const Outcome& outcome) {
        if (!outcome && found.holding) found.holding->paused = before;
        then(outcome);
        advance(found);
    });
}

void Keeper::drop(Item& item, std::function<void(Outcome)> then) {
    if (!item.is_taken_on()) return then(nothing_here(item));
    const RootView* root = root_of(item);
    if (!item.holding->folder.empty() && !item.is_own() && (!root || !root->is_present)) {
        return then(fail(Errc::unavailable, "disk_absent",
                         "the disk with " + item.entry.release.text() +
                             " is absent: its files can't be deleted"));
    }
    const Step before = *item.step();
    item.stop_check.request_stop();
    item.set_step(item.is_own() ? Step::dropped : Step::dropping);
    item.looks_until_retry = 0;
    item.when_dropped.push_back(std::move(then));
    commit(item, [this, before](Item& found, const Outcome& outcome) {
        if (!outcome && found.step() != before) found.set_step(before);
        if (!outcome || found.is_own()) {
            for (const auto& answer : std::exchange(found.when_dropped, {}))
                answer(outcome);
        }
        if (outcome) {
            finish_jobs(found, fail(Errc::cancelled, "dropped", "it was dropped"));
        }
        advance(found);
    });
}

void Keeper::share_again(const PublisherId& publisher) {
    for (auto& [id, item] : items_) {
        if (item.publisher != publisher || !item.is_own()) continue;
        const bool is_shared =
            item.step() != Step::dropped && !item.holding->paused && !item.is_damaged;
        if (is_shared) continue;
        take_on(item, {});
        commit(item, [this](Item& found, const Outcome& outcome) {
            if (!outcome) return fail_for_now(found, outcome.error());
            advance(found);
        });
    }
}

std::vector<Problem> Keeper::problems() const {
    std::uint64_t pinned = 0;
    for (const auto& [id, item] : items_) {
        if (item.is_taken_on() && item.holding->pinned) pinned += item.holding->size_bytes;
    }
    if (!budget() || pinned <= *budget()) return {};
    constexpr std::uint64_t mib = 1024UL * 1024;
    return {{{Errc::conflict, "pins_over_budget",
              "what you pinned needs " + format_size(pinned) + ", the budget is " +
                  format_size(*budget()) + ": nothing else is fetched"},
             "the budget",
             "croft mirror budget " + std::to_string((pinned + mib - 1) / mib) + "MiB"}};
}

void Keeper::set_budget(std::optional<std::uint64_t> bytes, std::function<void(Outcome)> then) {
    if (options_.budget) {
        return then(
            fail(Errc::conflict, "locked",
                 "the budget is fixed by the configuration: " + format_size(*options_.budget)));
    }
    store_.commit(
        {store::PutSetting{"mirror.budget", bytes ? std::to_string(*bytes) : ""}},
        [this, here = std::weak_ptr(here_), bytes, then = std::move(then)](const Outcome& outcome) {
            if (here.expired()) return;
            if (outcome) chosen_budget_ = bytes;
            then(outcome);
            if (outcome) carry_out_plan();
        });
}

std::optional<std::uint64_t> Keeper::budget() const {
    return options_.budget ? options_.budget : chosen_budget_;
}

}  // namespace croft::library
