#pragma once

#include "feeds/context_impl.h"
#include "feeds/lifetime_impl.h"

#include <optional>

namespace croft::feeds {

/// Commits `row` with everything that `state` says, and a line for the journal, then calls `then`;
/// neither where `owner` is gone. The documents, which may weigh megabytes, are put together on the
/// pool. A state without documents leaves those of `row`.
void commit_follow(const std::shared_ptr<Context>& context, const Lifetime& owner,
                   store::Follow row, StatePointer state, std::optional<store::JournalEntry> line,
                   std::function<void(Outcome)> then);

}  // namespace croft::feeds
