#include "library/mirror_plan.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <set>

namespace croft::library {
namespace {

using catalog::BundleId;
using Ids = std::vector<BundleId>;

BundleId id(std::uint8_t number) {
    BundleId made;
    made.info_hash_v2.bytes[0] = number;
    return made;
}

Candidate offered(std::uint8_t number, std::uint64_t size, std::int64_t created = 0) {
    Candidate candidate;
    candidate.id = id(number);
    candidate.size_bytes = size;
    candidate.created = Time(std::chrono::seconds(created));
    candidate.offered = candidate.newest = true;
    return candidate;
}
Candidate held(std::uint8_t number, std::uint64_t size, std::int64_t created = 0) {
    Candidate candidate = offered(number, size, created);
    candidate.held = true;
    return candidate;
}
Candidate pinned(Candidate candidate) {
    candidate.pinned = true;
    return candidate;
}

Ids ids(const std::vector<MirrorPlan::Step>& steps) {
    Ids result;
    for (const auto& step : steps)
        result.push_back(step.id);
    return result;
}

TEST(MirrorPlan, FetchesTheNewestFirst) {
    const Candidate all[] = {offered(1, 60, 5), offered(2, 60, 9)};
    EXPECT_EQ(ids(plan_mirror(all, 100).fetch), Ids{id(2)});
    EXPECT_EQ(plan_mirror(all, 100).skip.at(0).why, "does not fit: needs 60 B, 40 B are left");
}

TEST(MirrorPlan, LetsASmallOnePassOneThatDoesNotFit) {
    const Candidate all[] = {offered(1, 200, 9), offered(2, 10, 1)};
    EXPECT_EQ(ids(plan_mirror(all, 100).fetch), Ids{id(2)});
}

TEST(MirrorPlan, PrefersEveryWorksNewestEditionToAnyOlderOne) {
    Candidate older = offered(1, 60, 9);
    older.newest = false;
    const Candidate all[] = {older, offered(2, 60, 1)};
    EXPECT_EQ(ids(plan_mirror(all, 100).fetch), Ids{id(2)});
}

TEST(MirrorPlan, FetchesNothingByItselfWithoutABudgetButWhatIsPinned) {
    const Candidate all[] = {offered(1, 1), pinned(offered(2, 1)), held(3, 1)};
    const MirrorPlan plan = plan_mirror(all, std::nullopt);
    EXPECT_EQ(ids(plan.fetch), Ids{id(2)});
    EXPECT_EQ(ids(plan.keep), Ids{id(3)});
    EXPECT_EQ(plan.skip.at(0).why, "no budget is set");
    EXPECT_TRUE(plan.evict.empty());
}

TEST(MirrorPlan, FetchesAndKeepsPinsAboveTheBudgetAndNothingBesides) {
    const Candidate all[] = {pinned(offered(1, 200)), pinned(held(2, 50)), offered(3, 1)};
    const MirrorPlan plan = plan_mirror(all, 100);
    EXPECT_EQ(ids(plan.fetch), Ids{id(1)});
    EXPECT_EQ(ids(plan.keep), Ids{id(2)});
    EXPECT_EQ(plan.planned_bytes, 250U);
}

TEST(MirrorPlan, CountsWhatItWouldEvictAsUsedUntilTheUserDroppedIt) {
    const Candidate all[] = {held(1, 80, 9), held(2, 60, 1), offered(3, 10, 99)};
    const MirrorPlan plan = plan_mirror(all, 100);
    EXPECT_EQ(ids(plan.keep), Ids{id(1)});
    EXPECT_EQ(ids(plan.evict), Ids{id(2)});
    EXPECT_TRUE(plan.fetch.empty());
}

TEST(MirrorPlan, NeitherEvictsNorCountsOwnBundles) {
    Candidate own = held(1, 1'000);
    own.own = true;
    const Candidate all[] = {own, offered(2, 100)};
    const MirrorPlan plan = plan_mirror(all, 100);
    EXPECT_EQ(ids(plan.keep), Ids{id(1)});
    EXPECT_EQ(ids(plan.fetch), Ids{id(2)});
}

TEST(MirrorPlan, DoesNotFetchAgainWhatTheUserDroppedNorWhatIsNotOffered) {
    Candidate dropped = offered(1, 1);
    dropped.dropped = true;
    Candidate gone = pinned(offered(2, 1));
    gone.offered = false;
    const Candidate all[] = {dropped, gone};
    EXPECT_TRUE(plan_mirror(all, 100).fetch.empty());
    EXPECT_EQ(plan_mirror(all, 100).skip.size(), 2U);
}

TEST(MirrorPlan, SurvivesSizesThatWouldOverflow) {
    const std::uint64_t huge = ~0ULL;
    const Candidate all[] = {pinned(held(1, huge)), held(2, huge), offered(3, huge)};
    const MirrorPlan plan = plan_mirror(all, huge - 1);
    EXPECT_EQ(ids(plan.keep), Ids{id(1)});
    EXPECT_TRUE(plan.fetch.empty());
}

struct World {
    std::vector<Candidate> candidates;
    std::optional<std::uint64_t> budget;
};

rc::Gen<World> any_world() {
    return rc::gen::exec([] {
        World world;
        const auto count = *rc::gen::inRange<std::uint8_t>(0, 30);
        for (std::uint8_t i = 0; i < count; ++i) {
            Candidate candidate = offered(i, *rc::gen::inRange<std::uint64_t>(0, 100),
                                          *rc::gen::inRange<std::int64_t>(0, 5));
            candidate.pinned = *rc::gen::weightedElement<bool>({{4, false}, {1, true}});
            candidate.own = *rc::gen::weightedElement<bool>({{4, false}, {1, true}});
            candidate.held = *rc::gen::arbitrary<bool>();
            candidate.offered = *rc::gen::weightedElement<bool>({{1, false}, {4, true}});
            candidate.newest = *rc::gen::arbitrary<bool>();
            candidate.dropped = *rc::gen::weightedElement<bool>({{4, false}, {1, true}});
            world.candidates.push_back(candidate);
        }
        if (*rc::gen::weightedElement<bool>({{4, true}, {1, false}})) {
            world.budget = *rc::gen::inRange<std::uint64_t>(0, 1'000);
        }
        return world;
    });
}

const Candidate& find(const World& world, const BundleId& wanted) {
    return *std::ranges::find(world.candidates, wanted, &Candidate::id);
}

TEST(MirrorPlanProperty, WhatWeFetchAndKeepNeverExceedsTheBudgetUnlessTheUserPinnedMore) {
    EXPECT_TRUE(rc::check([] {
        const World world = *any_world();
        if (!world.budget) return;
        const MirrorPlan plan = plan_mirror(world.candidates, world.budget);
        std::uint64_t pins = 0, others = 0, on_disk = 0, fetched = 0;
        for (const auto* steps : {&plan.fetch, &plan.keep}) {
            for (const auto& step : *steps) {
                const Candidate& candidate = find(world, step.id);
                if (candidate.own) continue;
                (candidate.pinned ? pins : others) += candidate.size_bytes;
                if (steps == &plan.fetch && !candidate.pinned) fetched += candidate.size_bytes;
            }
        }
        for (const Candidate& candidate : world.candidates) {
            if (candidate.held && !candidate.own) on_disk += candidate.size_bytes;
        }
        RC_ASSERT(others == 0 || pins + others <= *world.budget);
        // Nor does the disk before the user has dropped anything.
        RC_ASSERT(fetched == 0 || on_disk + fetched <= *world.budget);
    }));
}

TEST(MirrorPlanProperty, NamesEveryCandidateOnceAtMostAndLosesNothingHeld) {
    EXPECT_TRUE(rc::check([] {
        const World world = *any_world();
        const MirrorPlan plan = plan_mirror(world.candidates, world.budget);
        std::set<BundleId> named;
        for (const auto* steps : {&plan.fetch, &plan.keep, &plan.evict, &plan.skip}) {
            for (const auto& step : *steps) {
                RC_ASSERT(named.insert(step.id).second);
                RC_ASSERT(!step.why.empty());
            }
        }
        for (const auto& step : plan.evict)
            RC_ASSERT(!find(world, step.id).own && !find(world, step.id).pinned);
        for (const Candidate& candidate : world.candidates)
            RC_ASSERT(named.contains(candidate.id) || !(candidate.held || candidate.offered));
    }));
}

TEST(MirrorPlanProperty, IsTheSameInWhateverOrderTheCandidatesCome) {
    EXPECT_TRUE(rc::check([] {
        World world = *any_world();
        const MirrorPlan plan = plan_mirror(world.candidates, world.budget);
        std::ranges::reverse(world.candidates);
        const MirrorPlan again = plan_mirror(world.candidates, world.budget);
        RC_ASSERT(ids(plan.fetch) == ids(again.fetch));
        RC_ASSERT(ids(plan.keep) == ids(again.keep));
        RC_ASSERT(ids(plan.evict) == ids(again.evict));
        RC_ASSERT(plan.planned_bytes == again.planned_bytes);
    }));
}

}  // namespace
}  // namespace croft::library
