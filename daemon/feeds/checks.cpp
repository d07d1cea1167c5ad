#include "feeds/checks_impl.h"
#include "feeds/refusal_impl.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace croft::feeds {

void Checks::Check::take(const Result<bool>& outcome) {
    if (!outcome) return keep_graver(error, outcome.error());
    any_good = true;
    any_news = any_news || *outcome;
}

Result<bool> Checks::Check::answer() const {
    if (any_good || !error) return any_news;
    return tl::unexpected(*error);
}

void Checks::add(Awaited awaited, Then then) {
    checks_.push_back({std::move(awaited), std::move(then), false, false, {}});
}

void Checks::seen(const void* source, std::uint64_t look, const Result<bool>& outcome) {
    for (auto& check : checks_) {
        const auto awaited = check.awaited.find(source);
        if (awaited == check.awaited.end() || awaited->second > look) continue;
        check.awaited.erase(awaited);
        check.take(outcome);
    }
    const auto complete = std::stable_partition(
        checks_.begin(), checks_.end(), [](const Check& check) { return !check.awaited.empty(); });
    const std::vector<Check> answered(std::make_move_iterator(complete),
                                      std::make_move_iterator(checks_.end()));
    checks_.erase(complete, checks_.end());
    for (const auto& check : answered)
        check.then(check.answer());
}

void Checks::give_up(const Error& error) {
    for (const auto& check : std::exchange(checks_, {}))
        check.then(tl::unexpected(error));
}

}  // namespace croft::feeds
