#pragma once

#include "feeds/context_impl.h"

#include <string>
#include <vector>

/// What we remember of a publisher: into the store, out of it, and what an update would take away.
/// Pure.
namespace croft::feeds {

/// `row` with everything that `state` says: what is committed before it is used.
store::Follow with_state(store::Follow row, const catalog::FollowerState& state);

/// Only what `with_state` does not put in.
store::Follow without_state(store::Follow row);

/// The state that `row` holds, out of its documents, which are all verified again, and its floors.
/// `damaged` where they do not verify: the store has lost something.
Result<catalog::Accepted> restore(const store::Follow& row, Time now);

/// The state when nothing verifies any more: no documents, but still who it is and its floors.
catalog::FollowerState empty_state(const store::Follow& row);

/// The first state of a publisher out of all that a source shows. Without an `anchor` the publisher
/// is whoever the source says. The floors of `remembered` hold, where its documents are lost.
Result<catalog::Accepted> judge_first(const std::optional<PublisherId>& anchor,
                                      const catalog::FeedBytes& feed, Time now,
                                      const catalog::FollowerState* remembered = nullptr);

/// An accepted update, and what the loop needs to know of it, worked out beforehand: there may be
/// ten thousand releases.
struct Update {
    catalog::Accepted accepted;
    /// What it takes away from those who hold it: no edition is left on offer, or one is withdrawn
    /// now.
    std::vector<std::string> lost_names;
    std::string description;  ///< a line for people

    explicit Update(catalog::Accepted update);
};

/// Whether losing `lost` of `held` names waits for the user: more than five, or more than a fifth.
bool is_mass_change(std::size_t lost, std::size_t held);

}  // namespace croft::feeds
