#include "base/address_rule.h"
#include "base/log.h"
#include "feeds/commit_impl.h"
#include "feeds/evidence_impl.h"
#include "feeds/following_impl.h"
#include "feeds/publisher_state_impl.h"
#include "feeds/refusal_impl.h"
#include "feeds/release_documents_impl.h"
#include "feeds/schedule_impl.h"

#include <algorithm>
#include <set>
#include <utility>

namespace croft::feeds {
namespace {

using catalog::Accepted;
using catalog::FollowerState;

constexpr std::size_t most_sources = 16;
/// How stale the stored `last_news` may be: it is shown as a date, and costs a commit.
constexpr std::chrono::hours news_granularity{6};

StatePointer state_of(const std::shared_ptr<const Update>& update) {
    return {update, &update->accepted.state};
}

/// Whether what the publisher says is new, and not just a beacon that says it once more.
bool is_news(const FollowerState& shown, const FollowerState& held) {
    return shown.publisher_hash != held.publisher_hash ||
           shown.catalogue_hash != held.catalogue_hash;
}

Result<Accepted> judge_update(const StatePointer& held, const catalog::FeedBytes& feed, Time now) {
    if (held->publisher_chain.empty()) return judge_first(held->id, feed, now, held.get());
    return catalog::accept(*held, feed, now);
}

std::string names_of(const std::vector<std::string>& names) {
    std::string text;
    for (std::size_t i = 0; i < std::min<std::size_t>(names.size(), 3); ++i)
        text += (i > 0 ? ", " : "") + names[i];
    if (names.size() > 3) text += " and " + std::to_string(names.size() - 3) + " more";
    return text;
}

constexpr std::string_view mass_change_reason = "mass_change";

bool is_near(const store::Follow& row) {
    const auto leads_home = [](const std::string& url) {
        return url.starts_with("http") && is_local_url(url);
    };
    return std::ranges::any_of(row.sources, leads_home) ||
           std::ranges::any_of(row.peers,
                               [](const auto& peer) { return is_local_url("peer://" + peer); });
}

Error mass_change(const Waiting& waiting) {
    return {Errc::conflict, std::string(mass_change_reason),
            "catalogue " + std::to_string(waiting.catalogue_version) + " takes away " +
                names_of(waiting.lost_names) +
                ", which are held here: nothing is changed until you say so"};
}

}  // namespace

Following::Following(std::shared_ptr<Context> context, const Listener& listener, store::Follow row)
    : context_(std::move(context)),
      listener_(listener),
      row_(std::move(row)),
      state_(std::make_shared<const FollowerState>(empty_state(row_))),
      turns_(context_->loop) {}

// Beginning.

void Following::restore() {
    turns_.take([this] {
        using Restored = std::shared_ptr<const Update>;
        auto work = [row = row_, now = context_->clock()] {
            return feeds::restore(row, now).map([](Accepted&& accepted) -> Restored {
                return std::make_shared<const Update>(std::move(accepted));
            });
        };
        auto take = [this](const Result<Restored>& restored) {
            if (restored) {
                row_ = without_state(std::move(row_));
                install(*restored);
            } else {
                restore_error_ = restored.error();
                note("the store", restored.error());
                follow_sources();
                listener_.changed(publisher());
            }
            turns_.end();
            const std::chrono::duration<double, std::milli> spread = context_->options.start_spread;
            for (const auto& slot : slots_)
                look_in(*slot, std::chrono::duration_cast<std::chrono::milliseconds>(
                                   spread * context_->chance()));
        };
        context_->on_pool(std::move(work), lifetime_.guard(std::move(take)));
    });
}

void Following::begin(const Introduction::Met& met) {
    install(met.update);
    for (const auto& slot : slots_) {
        if (slot->source->address() != met.source) {
            look_in(*slot, {});
            continue;
        }
        slot->last = Outcome();
        look_in(*slot, next_look(0, context_->options.check_every, context_->chance()));
    }
}

// Sources.

/// Makes the slots those of the user's sources and, unless the feed is our own, the publisher's.
void Following::follow_sources() {
    std::vector<std::pair<std::string, GivenBy>> wanted;
    const auto add = [&](const std::string& address, GivenBy given_by) {
        const bool is_known =
            std::ranges::any_of(wanted, [&](const auto& other) { return other.first == address; });
        if (!is_known && wanted.size() < most_sources) wanted.emplace_back(address, given_by);
    };
    for (const auto& address : row_.sources)
        add(address, GivenBy::user);
    for (const auto& feed : state_->publisher.feeds) {
        const auto address = normalise_source(feed);
        if (address && address->starts_with("http") && !row_.own) add(*address, GivenBy::publisher);
    }
    std::erase_if(slots_, [&](const auto& slot) {
        const bool is_idle = !slot->is_looking && !slot->look_again;
        return is_idle && std::ranges::none_of(wanted, [&](const auto& source) {
                   return source.first == slot->source->address();
               });
    });
    for (const auto& source : wanted) {
        const bool is_there = std::ranges::any_of(
            slots_, [&](const auto& slot) { return slot->source->address() == source.first; });
        if (!is_there) add_slot(source.first, source.second);
    }
}

void Following::add_slot(const std::string& address, GivenBy given_by) {
    auto slot = std::make_unique<Slot>();
    slot->source = make_source(context_, address, given_by, row_.publisher);
    slot->look = std::make_unique<Look>(
        context_, slot->source, [this] { return state_; }, judge_update);
    slots_.push_back(std::move(slot));
}

void Following::look_in(Slot& slot, std::chrono::milliseconds wait) {
    slot.timer = context_->loop.after(wait, [this, &slot] { look_at(slot); });
}

void Following::look_at(Slot& slot) {
    if (slot.is_looking) {
        slot.look_again = true;
        return;
    }
    slot.is_looking = true;
    slot.look_again = false;
    ++slot.looks;
    slot.look->start([this, &slot](Seen seen) {
        if (!seen.feed) {
            conclude(slot, tl::unexpected(seen.accepted.error()));
            return;
        }
        turns_.take([this, &slot, seen] { judged(slot, seen); });
    });
}

// What a source showed. Each of these runs in a turn and ends it.

void Following::judged(Slot& slot, Seen seen) {
    if (is_gone_) return;
    if (seen.against != state_) {  // another source was faster
        slot.look->judge(seen.feed, [this, &slot](Seen again) { judged(slot, std::move(again)); });
        return;
    }
    if (seen.accepted) {
        take(slot, std::move(*seen.accepted));
        return;
    }
    if (seen.accepted.error().code == Errc::equivocation && !state_->equivocated) {
        take_equivocation(slot, std::move(seen));
        return;
    }
    turns_.end();
    conclude(slot, tl::unexpected(seen.accepted.error()));
}

void Following::take(Slot& slot, std::shared_ptr<const Update> update) {
    if (!update->accepted.changed) {
        take_same(slot, update->accepted);
        return;
    }
    if (auto waiting = would_wait(*update)) {
        keep_waiting(slot, std::move(update), std::move(*waiting));
        return;
    }
    const bool any_news = is_news(update->accepted.state, *state_);
    commit_update(std::move(update), [this, &slot, any_news](const Outcome& committed) {
        if (!committed) {
            conclude(slot, tl::unexpected(committed.error()));
            return;
        }
        slot.source->remember(*state_);
        conclude(slot, any_news);
    });
}

void Following::take_same(Slot& slot, const Accepted& accepted) {
    clock_warning_ = accepted.clock_warning;
    slot.source->remember(*state_);
    const Time now = context_->clock();
    if (row_.last_news && now - *row_.last_news < news_granularity) {
        turns_.end();
        conclude(slot, false);
        return;
    }
    auto row = row_;
    row.last_news = now;
    commit(std::move(row), state_, {}, [this, &slot, now](const Outcome& committed) {
        if (committed) row_.last_news = now;
        turns_.end();
        conclude(slot, false);
    });
}

std::optional<Waiting> Following::would_wait(const Update& update) const {
    if (update.lost_names.empty()) return std::nullopt;
    const std::set<std::string> held = listener_.held_names(state_->id);
    std::vector<std::string> lost = update.lost_names;
    std::erase_if(lost, [&](const auto& name) { return !held.contains(name); });
    if (!is_mass_change(lost.size(), held.size())) return std::nullopt;
    return Waiting{update.accepted.state.catalogue->version, std::move(lost)};
}

void Following::keep_waiting(Slot& slot, std::shared_ptr<const Update> update, Waiting what) {
    waiting_update_ = std::move(update);
    waiting_ = std::move(what);
    note("an update", mass_change(*waiting_));
    turns_.end();
    conclude(slot, tl::unexpected(mass_change(*waiting_)));
}

void Following::commit(store::Follow row, StatePointer state,
                       std::optional<store::JournalEntry> line, std::function<void(Outcome)> then) {
    commit_follow(context_, lifetime_, std::move(row), std::move(state), std::move(line),
                  std::move(then));
}

void Following::commit_update(std::shared_ptr<const Update> update,
                              std::function<void(Outcome)> then) {
    auto row = row_;
    row.last_news = context_->clock();
    std::optional<store::JournalEntry> line;
    if (is_news(update->accepted.state, *state_))
        line = entry("accepted", "info", row.petname + ": " + update->description);
    const StatePointer state = state_of(update);
    auto committed = [this, row, update = std::move(update),
                      then = std::move(then)](const Outcome& outcome) {
        if (outcome) {
            row_ = without_state(row);
            install(update);
        }
        turns_.end();
        then(outcome);
    };
    commit(std::move(row), state, std::move(line), std::move(committed));
}

void Following::install(const std::shared_ptr<const Update>& update) {
    const StatePointer before = std::exchange(state_, state_of(update));
    clock_warning_ = update->accepted.clock_warning;
    if (is_news(*state_, *before)) {
        restore_error_.reset();
        waiting_.reset();
        waiting_update_.reset();
        for (const auto& slot : slots_) {
            const bool waited =
                slot->last && !*slot->last && slot->last->error().reason == mass_change_reason;
            if (waited) slot->last.reset();
        }
        follow_sources();
        listener_.accepted(publisher());
    }
    listener_.changed(publisher());
}

/// Two catalogues of one version: whoever signed both can't be followed blindly any more.
void Following::take_equivocation(Slot& slot, Seen seen) {
    auto work = [held = state_, feed = seen.feed,
                 folder = context_->options.evidence_folder]() -> Result<StatePointer> {
        if (auto kept = keep_evidence(folder, *held, feed->catalogue); !kept)
            log::error("feeds: could not keep evidence", {{"why", kept.error().message}});
        auto marked = std::make_shared<FollowerState>(*held);
        marked->equivocated = true;
        return marked;
    };
    auto store = [this, &slot, error = seen.accepted.error()](const Result<StatePointer>& marked) {
        auto stored = [this, &slot, error, marked](const Outcome& outcome) {
            if (outcome) state_ = *marked;
            turns_.end();
            conclude(slot, tl::unexpected(error));
        };
        if (!marked) return stored(tl::unexpected(marked.error()));
        commit(row_, *marked, {}, std::move(stored));
    };
    context_->on_pool(std::move(work), lifetime_.guard(std::move(store)));
}

/// The end of a look, in no turn.
void Following::conclude(Slot& slot, Result<bool> outcome) {
    const std::string address = slot.source->address();
    const bool is_waiting = !outcome && outcome.error().reason == "mass_change";
    slot.is_looking = false;
    if (outcome || is_waiting) {
        slot.failures = 0;
        noted_.erase(address);
    } else {
        ++slot.failures;
        note(address, outcome.error());
    }
    slot.last = outcome ? Outcome() : Outcome(tl::unexpected(outcome.error()));
    const auto wait = next_look(slot.failures, context_->options.check_every, context_->chance());
    look_in(slot, slot.look_again ? std::chrono::milliseconds(0) : wait);
    listener_.changed(publisher());
    const auto look = slot.looks;
    follow_sources();  // which may take this one away
    checks_.seen(&slot, look, outcome);
}

// Asking.

void Following::check(std::function<void(Result<bool>)> then) {
    // In turn, so that a check waits for the sources that are being stored just now.
    turns_.take([this, then = std::move(then)] {
        if (is_gone_) return then(gone());
        turns_.end();
        start_check(then);
    });
}

void Following::start_check(std::function<void(Result<bool>)> then) {
    if (slots_.empty())
        return then(fail(Errc::unavailable, "no_source", "no source of this publisher is known"));
    Checks::Awaited awaited;
    for (const auto& slot : slots_)
        awaited[slot.get()] = slot->looks + 1;
    checks_.add(std::move(awaited), std::move(then));
    for (const auto& slot : slots_)
        look_at(*slot);
}

void Following::accept_waiting(std::function<void(Outcome)> then) {
    turns_.take([this, then = std::move(then)] {
        if (is_gone_) return then(gone());
        if (waiting_update_) {
            commit_update(waiting_update_, then);
            return;
        }
        turns_.end();
        then(fail(Errc::not_found, "nothing_waits", "no update of " + row_.petname + " waits"));
    });
}

void Following::change(std::function<Outcome(store::Follow&)> change, store::JournalEntry entry,
                       std::function<void(Outcome)> then) {
    turns_.take(
        [this, change = std::move(change), entry = std::move(entry), then = std::move(then)] {
            if (is_gone_) return then(gone());
            auto row = row_;
            if (auto possible = change(row); !possible) {
                turns_.end();
                then(possible);
                return;
            }
            auto committed = [this, row, then](const Outcome& outcome) {
                if (outcome) {
                    row_ = row;
                    follow_sources();
                    if (state_->catalogue) listener_.accepted(publisher());
                    listener_.changed(publisher());
                }
                turns_.end();
                then(outcome);
            };
            commit(std::move(row), state_, entry, std::move(committed));
        });
}

void Following::remove(std::function<void(Outcome)> then) {
    turns_.take([this, then = std::move(then)] {
        if (is_gone_) return then(gone());
        auto committed = [this, then](const Outcome& outcome) {
            if (outcome)
                close();
            else
                turns_.end();
            then(outcome);
        };
        const auto farewell = entry("unfollowed", "info", row_.petname + ": no longer followed");
        context_->store.commit(
            {store::DeleteFollow{row_.publisher}, store::AppendJournal{farewell}},
            lifetime_.guard(std::move(committed)));
    });
}

void Following::close() {
    is_gone_ = true;
    for (const auto& task : turns_.give_up())
        task();
    checks_.give_up(gone().value());
}

tl::unexpected<Error> Following::gone() const {
    return fail(Errc::not_found, "not_followed", row_.petname + " is no longer followed");
}

/// Folders first: what lies on a disk of ours costs nobody anything.
void Following::fetch_release(const catalog::ReleaseName& release,
                              Then<std::shared_ptr<const ReleaseDocuments>> then) {
    std::vector<const Slot*> by_worth;
    by_worth.reserve(slots_.size());
    for (const auto& slot : slots_)
        by_worth.push_back(slot.get());
    std::ranges::stable_sort(by_worth, {}, [](const Slot* slot) {
        return std::pair(!slot->source->address().starts_with('/'), slot->failures);
    });
    std::vector<std::shared_ptr<Source>> sources;
    sources.reserve(by_worth.size());
    for (const Slot* slot : by_worth)
        sources.push_back(slot->source);
    auto note_outcome = lifetime_.guard([this, subject = release.text()](const auto& got) {
        if (got)
            noted_.erase(subject);
        else
            note(subject, got.error());
    });
    auto tell = [note_outcome = std::move(note_outcome), then = std::move(then)](
                    Result<std::shared_ptr<const ReleaseDocuments>> got) mutable {
        note_outcome(got);
        then(std::move(got));
    };
    fetch_documents(context_, std::move(sources), state_, release, std::move(tell));
}

// Telling.

/// A line in the log and, for a refusal, in the journal: once for each change.
void Following::note(const std::string& subject, const Error& error) {
    const std::string what = error.reason + ": " + error.message;
    if (std::exchange(noted_[subject], what) == what) return;
    log::warning(is_refusal(error) ? "feeds: refused" : "feeds: no answer",
                 {{"publisher", row_.petname},
                  {"from", subject},
                  {"reason", error.reason},
                  {"why", error.message}});
    if (!is_refusal(error)) return;
    const bool waits = error.reason == "mass_change";
    const bool is_grave = error.code == Errc::equivocation || error.code == Errc::damaged;
    context_->store.commit(
        {store::AppendJournal{entry(waits ? "waiting" : "refused", is_grave ? "problem" : "warning",
                                    row_.petname + ", from " + subject + ": " + error.message)}},
        [](const Outcome&) {});
}

store::JournalEntry Following::entry(std::string kind, std::string level,
                                     std::string message) const {
    store::JournalEntry made;
    made.time = context_->clock();
    made.kind = std::move(kind);
    made.publisher = row_.publisher;
    made.message = std::move(message);
    made.level = std::move(level);
    return made;
}

std::optional<Error> Following::last_error() const {
    if (state_->equivocated)
        return Error{Errc::equivocation, "equivocation",
                     "two different catalogues of one version were signed: no updates are taken"};
    if (waiting_) return mass_change(*waiting_);
    std::optional<Error> error;
    for (const auto& slot : slots_) {
        if (!slot->last) continue;
        if (*slot->last) return std::nullopt;
        keep_graver(error, slot->last->error());
    }
    return error ? error : restore_error_;
}

Publisher Following::publisher() const {
    Publisher made;
    made.id = state_->id;
    made.petname = row_.petname;
    made.claimed_name = state_->publisher.name;
    made.sources = row_.sources;
    for (const auto& slot : slots_) {
        const std::string& address = slot->source->address();
        if (!std::ranges::count(made.sources, address)) made.sources.push_back(address);
    }
    made.peers = row_.peers;
    made.confirmed = row_.confirmed;
    made.own = row_.own;
    made.is_near = is_near(row_);
    made.followed_at = row_.followed_at;
    made.last_news = row_.last_news;
    made.stale = state_->catalogue && state_->catalogue->is_stale(context_->clock());
    made.equivocated = state_->equivocated;
    made.clock_warning = clock_warning_;
    made.last_error = last_error();
    made.waiting = waiting_;
    made.state = state_;
    return made;
}

}  // namespace croft::feeds
