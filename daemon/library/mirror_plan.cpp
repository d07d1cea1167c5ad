#include "library/mirror_plan.h"

#include "base/text.h"

#include <algorithm>
#include <tuple>

namespace croft::library {
namespace {

/// The newest edition of every work before any older one, then the newest first. Ids break ties, so
/// that the same input gives the same plan in whatever order it comes.
bool comes_first(const Candidate& a, const Candidate& b) {
    return std::tie(b.newest, b.created, a.id) < std::tie(a.newest, a.created, b.id);
}

/// What is left of a budget, which may be none at all.
class Room {
public:
    explicit Room(std::optional<std::uint64_t> budget) : left_(budget) {}

    bool take(std::uint64_t bytes) {
        if (!left_) return true;
        if (bytes > *left_) return false;
        *left_ -= bytes;
        return true;
    }
    void take_all_the_same(std::uint64_t bytes) {
        if (left_) *left_ -= std::min(*left_, bytes);
    }
    std::string left() const { return format_size(left_.value_or(0)); }

private:
    std::optional<std::uint64_t> left_;
};

class Planner {
public:
    explicit Planner(std::optional<std::uint64_t> budget)
        : has_budget_(budget.has_value()), for_keeping_(budget), for_fetching_(budget) {}

    void own(const Candidate& candidate) {
        plan_.keep.push_back({candidate.id, "your own"});
        plan_.planned_bytes += candidate.size_bytes;
    }

    void pinned(const Candidate& candidate) {
        if (!candidate.held && !candidate.offered) {
            return skip(candidate, "pinned by you, but its publisher no longer offers it");
        }
        for_keeping_.take_all_the_same(candidate.size_bytes);
        for_fetching_.take_all_the_same(candidate.size_bytes);
        choose(candidate.held ? plan_.keep : plan_.fetch, candidate, "pinned by you");
    }

    void held(const Candidate& candidate) {
        // Nothing is deleted without the user: until then it takes its room from what is fetched.
        for_fetching_.take_all_the_same(candidate.size_bytes);
        if (for_keeping_.take(candidate.size_bytes)) {
            choose(plan_.keep, candidate, candidate.newest ? "newest" : "held, and it fits");
        } else {
            plan_.evict.push_back({candidate.id, "does not fit the budget any more"});
        }
    }

    void offered(const Candidate& candidate) {
        if (!candidate.offered) return;
        if (candidate.dropped) return skip(candidate, "dropped by you");
        if (!has_budget_) return skip(candidate, "no budget is set");
        if (!for_fetching_.take(candidate.size_bytes)) {
            return skip(candidate, "does not fit: needs " + format_size(candidate.size_bytes) +
                                       ", " + for_fetching_.left() + " are left");
        }
        choose(plan_.fetch, candidate, candidate.newest ? "newest" : "an older edition that fits");
    }

    MirrorPlan take() { return std::move(plan_); }

private:
    void choose(std::vector<MirrorPlan::Step>& steps, const Candidate& candidate, std::string why) {
        steps.push_back({candidate.id, std::move(why)});
        plan_.planned_bytes += candidate.size_bytes;
    }
    void skip(const Candidate& candidate, std::string why) {
        plan_.skip.push_back({candidate.id, std::move(why)});
    }

    const bool has_budget_;
    Room for_keeping_, for_fetching_;
    MirrorPlan plan_;
};

}  // namespace

MirrorPlan plan_mirror(std::span<const Candidate> candidates,
                       std::optional<std::uint64_t> budget_bytes) {
    std::vector<Candidate> sorted(candidates.begin(), candidates.end());
    std::ranges::sort(sorted, comes_first);

    Planner planner(budget_bytes);
    const auto each = [&](auto condition, void (Planner::*decide)(const Candidate&)) {
        for (const Candidate& candidate : sorted) {
            if (condition(candidate)) (planner.*decide)(candidate);
        }
    };
    each([](const auto& c) { return c.own; }, &Planner::own);
    each([](const auto& c) { return !c.own && c.pinned; }, &Planner::pinned);
    each([](const auto& c) { return !c.own && !c.pinned && c.held; }, &Planner::held);
    each([](const auto& c) { return !c.own && !c.pinned && !c.held; }, &Planner::offered);
    return planner.take();
}

}  // namespace croft::library
