#include "feeds/commit_impl.h"
#include "feeds/publisher_state_impl.h"

namespace croft::feeds {

void commit_follow(const std::shared_ptr<Context>& context, const Lifetime& owner,
                   store::Follow row, StatePointer state, std::optional<store::JournalEntry> line,
                   std::function<void(Outcome)> then) {
    using Row = std::shared_ptr<store::Follow>;
    auto work = [row = std::move(row), state = std::move(state)]() -> Result<Row> {
        const bool has_documents = !state->publisher_chain.empty();
        return std::make_shared<store::Follow>(has_documents ? with_state(row, *state) : row);
    };
    auto put = [context, line = std::move(line),
                then = owner.guard(std::move(then))](Result<Row> whole) mutable {
        if (!whole) return then(tl::unexpected(whole.error()));
        std::vector<store::Change> changes;
        changes.reserve(2);
        changes.emplace_back(store::PutFollow{std::move(**whole)});
        if (line) changes.emplace_back(store::AppendJournal{std::move(*line)});
        context->store.commit(std::move(changes), std::move(then));
    };
    context->on_pool(std::move(work), owner.guard(std::move(put)));
}

}  // namespace croft::feeds
