#pragma once

#include "store/store.h"

#include <deque>
#include <optional>
#include <type_traits>

namespace croft::test {

/// A store that forgets everything with its end, but for `snapshot`, which is what a real one would
/// read at the next start.
class FakeStore final : public store::Store {
public:
    explicit FakeStore(Loop& loop) : loop_(loop) { snapshot.is_new = true; }

    void commit(std::vector<store::Change> changes, std::function<void(Outcome)> then) override {
        loop_.post([this, changes = std::move(changes), then = std::move(then)] {
            const Outcome outcome = fails ? Outcome(tl::unexpected(*fails)) : transact(changes);
            if (then) then(outcome);
        });
    }

    store::Snapshot snapshot;
    std::optional<Error> fails;  ///< answered to every commit while it is there

private:
    Outcome transact(const std::vector<store::Change>& changes) {
        store::Snapshot after = snapshot;
        std::vector<store::JournalEntry> appended;
        for (const store::Change& change : changes) {
            if (auto done = apply(after, change, appended); !done) return done;
        }
        snapshot = std::move(after);
        snapshot.is_new = false;
        for (const auto& entry : appended) {
            if (on_appended) on_appended(entry);
        }
        return {};
    }

    template <class T>
    static void put(std::vector<T>& list, const T& value, std::string T::*key) {
        erase(list, value.*key, key);
        list.push_back(value);
        std::sort(list.begin(), list.end(),
                  [key](const T& a, const T& b) { return a.*key < b.*key; });
    }
    template <class T>
    static void erase(std::vector<T>& list, const std::string& value, std::string T::*key) {
        std::erase_if(list, [&](const T& each) { return each.*key == value; });
    }

    static Outcome apply(store::Snapshot& to, const store::Change& change,
                         std::vector<store::JournalEntry>& appended) {
        using namespace store;
        if (const auto* follow = std::get_if<PutFollow>(&change)) {
            put(to.follows, follow->follow, &Follow::publisher);
        } else if (const auto* gone = std::get_if<DeleteFollow>(&change)) {
            erase(to.follows, gone->publisher, &Follow::publisher);
        } else if (const auto* holding = std::get_if<PutHolding>(&change)) {
            put(to.holdings, holding->holding, &Holding::bundle);
        } else if (const auto* dropped = std::get_if<DeleteHolding>(&change)) {
            erase(to.holdings, dropped->bundle, &Holding::bundle);
            to.resume_data.erase(dropped->bundle);
        } else if (const auto* resume = std::get_if<PutResumeData>(&change)) {
            if (std::none_of(to.holdings.begin(), to.holdings.end(),
                             [&](const Holding& each) { return each.bundle == resume->bundle; })) {
                return fail(Errc::io, "database_failed", "resume data of nothing we hold");
            }
            to.resume_data[resume->bundle] = resume->bytes;
        } else if (const auto* setting = std::get_if<PutSetting>(&change)) {
            to.settings[setting->key] = setting->value;
        } else if (const auto* entry = std::get_if<AppendJournal>(&change)) {
            to.journal.push_back(entry->entry);
            to.journal.back().id = to.journal.size();
            appended.push_back(to.journal.back());
        }
        return {};
    }

    Loop& loop_;
};

}  // namespace croft::test
