#pragma once

#include <cstddef>
#include <deque>
#include <list>
#include <optional>
#include <string>
#include <utility>

namespace croft::feeds {

/// What waits, of several parties: taken in turns, and of each party only so much at once. So one
/// whose answers never end holds up nobody but itself. Pure.
template <class Value>
class FairQueue {
public:
    explicit FairQueue(std::size_t share) : share_(share) {}

    void add(const std::string& party, Value value) {
        party_called(party).waiting.push_back(std::move(value));
    }

    /// The next that may begin; `done` with its party when it has ended.
    std::optional<std::pair<std::string, Value>> take() {
        for (auto party = parties_.begin(); party != parties_.end(); ++party) {
            if (party->waiting.empty() || party->running >= share_) continue;
            std::pair<std::string, Value> next{party->name, std::move(party->waiting.front())};
            party->waiting.pop_front();
            ++party->running;
            parties_.splice(parties_.end(), parties_, party);  // to the end of the row
            return next;
        }
        return std::nullopt;
    }

    void done(const std::string& party) {
        --party_called(party).running;
        std::erase_if(parties_,
                      [](const Party& each) { return each.running == 0 && each.waiting.empty(); });
    }

private:
    struct Party {
        std::string name;
        std::size_t running = 0;
        std::deque<Value> waiting;
    };
    Party& party_called(const std::string& name) {
        for (Party& party : parties_) {
            if (party.name == name) return party;
        }
        return parties_.emplace_back(Party{name, 0, {}});
    }

    const std::size_t share_;
    std::list<Party> parties_;  ///< whose turn is next comes first
};

}  // namespace croft::feeds
