#include "catalog/follower.h"

#include "testing/feed_vectors.h"
#include "testing/test_publisher.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>

namespace croft::catalog {
namespace {

using test::TestPublisher;
constexpr Time now = TestPublisher::now;

TEST(Begin, WalksFromTheAnchorToTheNewestRootDocument) {
    const auto feed = test::feed_vector("feed-58");
    const auto state = begin(test::vector_publisher, feed.publishers, test::vector_day);
    ASSERT_TRUE(state) << state.error().message;
    EXPECT_EQ(state->publisher.version, 2U);
    EXPECT_EQ(state->publisher_chain.size(), 2U);
    EXPECT_EQ(state->publisher_signatures.at(1).size(), 2U);
    EXPECT_EQ(state->publisher_hash, trust::sha256(feed.publishers[1].document));
    EXPECT_FALSE(state->catalogue);
}

TEST(Begin, RefusesAnotherFirstDocumentAndALaterOneAsAnchor) {
    const auto feed = test::feed_vector("feed-58");
    const auto reason = [&](const PublisherId& id, std::vector<SignedBytes> publishers) {
        return begin(id, publishers, test::vector_day).error().reason;
    };
    EXPECT_EQ(reason(test::vector_publisher, {}), "publisher_missing");
    EXPECT_EQ(reason(test::vector_publisher, {feed.publishers[1]}), "hash_mismatch");
    EXPECT_EQ(reason({trust::sha256(feed.publishers[1].document)}, {feed.publishers[1]}),
              "not_the_first");
    auto one_signature = feed.publishers;
    one_signature[0].signatures.resize(1);
    EXPECT_EQ(reason(test::vector_publisher, one_signature), "below_threshold");
    one_signature = feed.publishers;
    one_signature[1].signatures.resize(1);
    EXPECT_EQ(reason(test::vector_publisher, one_signature), "below_threshold");
}

TEST(Accept, TakesTheVectorsInOrderAndNeverBack) {
    const auto first = test::followed_vector("feed-57");
    EXPECT_EQ(first.catalogue->version, 57U);
    EXPECT_EQ(first.beacon_serial, 5700U);

    const auto second = accept(first, test::feed_vector("feed-58"), test::vector_day);
    ASSERT_TRUE(second) << second.error().message;
    EXPECT_TRUE(second->changed);
    EXPECT_FALSE(second->stale);
    EXPECT_EQ(second->appeared, (std::vector<ReleaseName>{{"demo", 2}}));
    EXPECT_EQ(second->vanished, (std::vector<ReleaseName>{{"demo", 1}}));
    EXPECT_EQ(second->state.floors.at("demo").serial, 2U);
    EXPECT_EQ(second->state.newest_created, *parse_utc("2026-11-02T00:10:00Z"));

    const auto back = accept(second->state, test::feed_vector("feed-57"), test::vector_day);
    EXPECT_EQ(back.error().code, Errc::rollback);
}

TEST(Accept, ChangesNothingWhenTheFeedDoesNot) {
    const auto state = test::followed_vector("feed-58");
    const auto again = accept(state, test::feed_vector("feed-58"), test::vector_day);
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_FALSE(again->changed);
    EXPECT_TRUE(again->appeared.empty());
    EXPECT_TRUE(again->vanished.empty());
}

TEST(Accept, LabelsWhatHasExpiredButTakesIt) {
    const auto state = test::followed_vector("feed-57");
    const auto late =
        accept(state, test::feed_vector("feed-58"), *parse_utc("2027-03-01T00:00:00Z"));
    ASSERT_TRUE(late) << late.error().message;
    EXPECT_TRUE(late->stale);
    EXPECT_TRUE(late->changed);
}

class FollowerTest : public testing::Test {
protected:
    Result<Accepted> take(const FeedBytes& feed) {
        auto accepted = accept(state, feed, now);
        if (accepted) state = accepted->state;
        return accepted;
    }
    Result<Accepted> take(const Catalogue& catalogue) { return take(publisher.feed(catalogue)); }
    std::string reason(const Catalogue& catalogue) {
        const auto taken = take(catalogue);
        return taken ? "fine" : taken.error().reason;
    }
    std::string reason(const FeedBytes& feed) {
        const auto taken = take(feed);
        return taken ? "fine" : taken.error().reason;
    }

    TestPublisher publisher;
    FollowerState state = publisher.begin();
};

TEST_F(FollowerTest, NeverExpiresWhatIsFinal) {
    auto last = publisher.catalogue(1);
    last.final = true;
    last.expires.reset();
    const auto accepted = take(last);
    EXPECT_FALSE(accepted->stale);
    EXPECT_FALSE(is_stale(state, now + std::chrono::years(50)));
}

TEST_F(FollowerTest, WarnsOfAFutureDateAndRemembersNothingOfIt) {
    auto catalogue = publisher.catalogue(1);
    ASSERT_TRUE(take(catalogue));
    const Time newest = state.newest_created;
    catalogue.version = 2;
    catalogue.created = now + std::chrono::hours(25);
    const auto ahead = take(catalogue);
    ASSERT_TRUE(ahead);
    EXPECT_TRUE(ahead->clock_warning);
    EXPECT_EQ(state.newest_created, newest);
}

TEST_F(FollowerTest, SaysWhatWasWithdrawnApartFromWhatJustLeft) {
    auto catalogue = publisher.catalogue(1);
    catalogue.releases = {publisher.edition("a", 1), publisher.edition("b", 1)};
    ASSERT_TRUE(take(catalogue));
    catalogue.version = 2;
    catalogue.releases.clear();
    catalogue.withdrawn = {{.release = ReleaseName{"b", 1}}};
    const auto accepted = take(catalogue);
    EXPECT_EQ(accepted->vanished, (std::vector<ReleaseName>{{"a", 1}}));
    EXPECT_EQ(accepted->withdrawn, (std::vector<ReleaseName>{{"b", 1}}));
    catalogue.version = 3;
    EXPECT_TRUE(take(catalogue)->withdrawn.empty());
}

TEST_F(FollowerTest, RefusesAnEditionThatFirstAppearsBelowItsNamesFloor) {
    auto catalogue = publisher.catalogue(1);
    catalogue.releases = {publisher.edition("a", 5), publisher.edition("a", 4)};
    ASSERT_TRUE(take(catalogue));
    catalogue.version = 2;
    catalogue.releases.push_back(publisher.edition("a", 3));
    EXPECT_EQ(reason(catalogue), "edition_rollback");
    catalogue.releases = {publisher.edition("a", 4)};  // superseded ones may stay
    EXPECT_EQ(reason(catalogue), "fine");
    catalogue.version = 3;
    catalogue.releases = {publisher.edition("a", 3)};  // the floor stays where it was
    EXPECT_EQ(reason(catalogue), "edition_rollback");
}

TEST_F(FollowerTest, RefusesAnEditionWhoseContentChanged) {
    auto catalogue = publisher.catalogue(1);
    catalogue.releases = {publisher.edition("a", 1), publisher.edition("a", 2)};
    ASSERT_TRUE(take(catalogue));
    catalogue.version = 2;
    for (const std::uint64_t serial : {1, 2}) {
        catalogue.releases = {publisher.edition("a", serial, "other")};
        const auto refused = take(catalogue);
        EXPECT_EQ(refused.error().code, Errc::equivocation);
        EXPECT_EQ(refused.error().reason, "edition_changed");
    }
}

TEST_F(FollowerTest, RefusesASecondCatalogueOfOneVersionAndAllThatFollow) {
    auto catalogue = publisher.catalogue(7);
    ASSERT_TRUE(take(catalogue));
    const auto first = catalogue;
    catalogue.created += std::chrono::seconds(1);
    const auto refused = take(catalogue);
    EXPECT_EQ(refused.error().code, Errc::equivocation);

    state.equivocated = true;
    EXPECT_EQ(reason(publisher.catalogue(8)), "equivocation_unresolved");
    EXPECT_EQ(reason(first), "fine");
    EXPECT_TRUE(state.equivocated);
}

TEST_F(FollowerTest, EndsAnEquivocationByAResetThatLiesAboveIt) {
    ASSERT_TRUE(take(publisher.catalogue(7)));
    state.equivocated = true;

    auto next = publisher.successor();
    next.reset = Publisher::Reset{7, std::nullopt};
    publisher.rotate(next);
    EXPECT_EQ(reason(publisher.catalogue(9)), "equivocation_unresolved");

    next = publisher.successor();
    next.reset = Publisher::Reset{8, std::nullopt};
    publisher.rotate(next);
    EXPECT_EQ(reason(publisher.catalogue(7)), "rollback");
    EXPECT_EQ(reason(publisher.catalogue(8)), "fine");
    EXPECT_FALSE(state.equivocated);
}

TEST_F(FollowerTest, LetsAResetLowerTheNumbersOnceAndForGood) {
    auto runaway = publisher.catalogue(900'000);
    runaway.releases = {publisher.edition("a", 500)};
    ASSERT_TRUE(take(runaway));

    auto next = publisher.successor();
    next.reset = Publisher::Reset{10, std::nullopt};
    publisher.rotate(next);
    ASSERT_TRUE(take(FeedBytes{publisher.chain,
                               publisher.sign(write(runaway), {&publisher.daily}),
                               {}}));  // the root document came first

    EXPECT_EQ(reason(publisher.catalogue(9)), "rollback");
    auto fresh = publisher.catalogue(10);
    fresh.releases = {publisher.edition("a", 2)};
    EXPECT_EQ(reason(fresh), "fine");
    EXPECT_EQ(state.floors.at("a").serial, 2U);
    runaway.version = 900'001;  // signed before the reset: it names the older root document
    EXPECT_EQ(reason(runaway), "rollback");
}

TEST_F(FollowerTest, RefusesAKeyOnceItIsRevoked) {
    ASSERT_TRUE(take(publisher.catalogue(1)));
    const test::Signer other(41);
    auto next = publisher.successor();
    next.release = {1, {other.key()}};
    next.revoked = {{publisher.daily.key(), 2, "stolen"}};
    publisher.rotate(next);

    const auto held = state.catalogue_bytes;
    EXPECT_EQ(reason(FeedBytes{publisher.chain, {held, state.catalogue_signatures}, {}}), "fine");
    const auto by_thief = take(publisher.catalogue(2));
    EXPECT_EQ(by_thief.error().code, Errc::revoked_key);
    EXPECT_EQ(by_thief.error().reason, "revoked_signer");
    EXPECT_TRUE(take(
        FeedBytes{publisher.chain, publisher.sign(write(publisher.catalogue(2)), {&other}), {}}));
}

TEST_F(FollowerTest, GivesUpAHeldCatalogueThatARevocationReachesBackTo) {
    ASSERT_TRUE(take(publisher.catalogue(5)));
    const auto stolen = publisher.feed(publisher.catalogue(6)).catalogue;
    ASSERT_TRUE(take(FeedBytes{{}, stolen, {}}));
    auto next = publisher.successor();
    next.release = {1, {publisher.root3.key()}};
    next.revoked = {{publisher.daily.key(), 6, ""}};
    publisher.rotate(next);
    EXPECT_EQ(reason(FeedBytes{publisher.chain, stolen, {}}), "revoked_signer");
    const auto reissued = publisher.sign(write(publisher.catalogue(7)), {&publisher.root3});
    EXPECT_EQ(reason(FeedBytes{publisher.chain, reissued, {}}), "fine");
}

TEST_F(FollowerTest, KeepsAHeldCatalogueWhoseKeyWasOnlyRotatedOut) {
    ASSERT_TRUE(take(publisher.catalogue(5)));
    auto next = publisher.successor();
    next.release = {1, {publisher.root3.key()}};
    publisher.rotate(next);
    EXPECT_EQ(
        reason(FeedBytes{publisher.chain, {state.catalogue_bytes, state.catalogue_signatures}, {}}),
        "fine");
    EXPECT_EQ(reason(publisher.catalogue(6)), "unknown_signer");
}

TEST_F(FollowerTest, RefusesRotationsThatDoNotFollow) {
    ASSERT_TRUE(take(publisher.catalogue(1)));
    const auto with = [&](const Publisher& next, std::initializer_list<const test::Signer*> by) {
        FeedBytes feed = publisher.feed(publisher.catalogue(2));
        feed.publishers = {publisher.sign(write(next), by)};
        return reason(feed);
    };
    const auto& [a, b, c] = std::tie(publisher.root1, publisher.root2, publisher.root3);
    Publisher next = publisher.successor();
    EXPECT_EQ(with(next, {&a}), "below_threshold");
    EXPECT_EQ(with(next, {&a, &a}), "repeated_signer");
    EXPECT_EQ(with(next, {&a, &publisher.stranger}), "below_threshold");
    EXPECT_EQ(with(next, {&publisher.daily}), "unknown_signer");

    const test::Signer fresh(51);
    next.root = {2, {a.key(), fresh.key()}};
    EXPECT_EQ(with(next, {&a, &b}), "below_threshold");      // of the new ring
    EXPECT_EQ(with(next, {&a, &fresh}), "below_threshold");  // of the old ring
    next.previous->sha256.bytes[0] ^= 1;
    EXPECT_EQ(with(next, {&a, &b, &fresh}), "forked_history");
    next = publisher.successor();
    next.version = 3;
    EXPECT_EQ(with(next, {&a, &c}), "version_gap");
    next = publisher.first;
    next.name = "Other";
    EXPECT_EQ(with(next, {&a, &c}), "publisher_equivocation");
}

TEST_F(FollowerTest, WalksManyRotationsButNotEndlessly) {
    for (int i = 0; i < 1025; ++i)
        publisher.rotate(publisher.successor());
    const std::span<const SignedBytes> chain = publisher.chain;
    const auto walked = begin(publisher.id(), chain.first(1025), now);
    ASSERT_TRUE(walked) << walked.error().message;
    EXPECT_EQ(walked->publisher.version, 1025U);
    EXPECT_EQ(begin(publisher.id(), chain, now).error().reason, "too_many_rotations");
}

TEST_F(FollowerTest, WaitsForTheRootDocumentThatACatalogueNames) {
    publisher.rotate(publisher.successor());
    FeedBytes feed = publisher.feed(publisher.catalogue(1));
    feed.publishers.pop_back();
    const auto caught = take(feed);
    EXPECT_EQ(caught.error().code, Errc::unavailable);
    EXPECT_EQ(caught.error().reason, "publisher_missing");
    auto catalogue = publisher.catalogue(1);
    catalogue.publisher_document.sha256.bytes[0] ^= 1;
    EXPECT_EQ(reason(catalogue), "publisher_mismatch");
}

TEST_F(FollowerTest, HoldsTheBeaconToTheCatalogueBesideIt) {
    const auto catalogue = publisher.catalogue(5);
    const auto with = [&](const Beacon& beacon, const test::Signer& by) {
        FeedBytes feed = publisher.feed(catalogue);
        feed.beacon = publisher.sign(write(beacon), {&by});
        return feed;
    };
    ASSERT_TRUE(take(with(publisher.beacon(3, catalogue), publisher.beacon_key)));
    EXPECT_EQ(state.beacon_serial, 3U);
    EXPECT_EQ(reason(with(publisher.beacon(2, catalogue), publisher.beacon_key)),
              "beacon_rollback");
    EXPECT_EQ(reason(with(publisher.beacon(4, catalogue), publisher.daily)), "unknown_signer");

    auto other = catalogue;
    other.created += std::chrono::seconds(1);
    EXPECT_EQ(reason(with(publisher.beacon(4, other), publisher.beacon_key)), "beacon_mismatch");

    other.version = 6;
    const auto held_back = take(with(publisher.beacon(4, other), publisher.beacon_key));
    EXPECT_EQ(held_back.error().code, Errc::unavailable);
    EXPECT_EQ(held_back.error().reason, "catalogue_behind");

    auto foreign = publisher.beacon(4, catalogue);
    foreign.publisher.hash.bytes[0] ^= 1;
    EXPECT_EQ(reason(with(foreign, publisher.beacon_key)), "other_publisher");
}

TEST_F(FollowerTest, LetsAResetLowerTheBeaconsSerialToo) {
    const auto catalogue = publisher.catalogue(1);
    FeedBytes feed = publisher.feed(catalogue);
    feed.beacon =
        publisher.sign(write(publisher.beacon(1'000'000'000, catalogue)), {&publisher.beacon_key});
    ASSERT_TRUE(take(feed));
    auto next = publisher.successor();
    next.reset = Publisher::Reset{std::nullopt, 20};
    publisher.rotate(next);
    feed.publishers = publisher.chain;
    feed.beacon = publisher.sign(write(publisher.beacon(19, catalogue)), {&publisher.beacon_key});
    EXPECT_EQ(reason(feed), "beacon_rollback");
    feed.beacon = publisher.sign(write(publisher.beacon(20, catalogue)), {&publisher.beacon_key});
    EXPECT_EQ(reason(feed), "fine");
}

TEST(AcceptRelease, TakesOnlyTheBytesThatTheCatalogueNames) {
    const auto state = test::followed_vector("feed-58");
    const std::string good = test::read_vector("docs/feed-58/releases/demo-2.json");
    const auto reason = [&](const ReleaseName& name, const std::string& document) {
        const auto release = accept_release(state, name, document);
        return release ? "fine" : release.error().reason;
    };
    EXPECT_EQ(reason({"demo", 2}, good), "fine");
    EXPECT_EQ(reason({"demo", 1}, test::read_vector("docs/feed-58/releases/demo-1.json")),
              "no_such_release");
    EXPECT_EQ(reason({"demo", 2}, good + " "), "size_mismatch");
    std::string changed = good;
    changed[100] ^= 1;
    EXPECT_EQ(reason({"demo", 2}, changed), "hash_mismatch");
    EXPECT_EQ(accept_release({}, {"demo", 2}, good).error().code, Errc::not_found);
}

/// One thing that a publisher, or somebody who wants to be taken for it, puts on a feed.
struct Move {
    std::uint64_t version;
    int signer;  ///< 0: the release key; else somebody else
    bool rotates;
    bool resets;
};

rc::Gen<Move> any_move() {
    return rc::gen::construct<Move>(
        rc::gen::inRange<std::uint64_t>(1, 12), rc::gen::inRange(0, 3),
        rc::gen::map(rc::gen::inRange(0, 6), [](int roll) { return roll == 0; }),
        rc::gen::map(rc::gen::inRange(0, 3), [](int roll) { return roll == 0; }));
}

RC_GTEST_PROP(FollowerProperty, TakesNothingUnsignedAndNeverGoesBackWithoutAReset, ()) {
    constexpr int most_moves = 12;
    const auto moves =
        *rc::gen::resize(most_moves, rc::gen::container<std::vector<Move>>(any_move()));
    TestPublisher publisher;
    FollowerState state = publisher.begin();
    bool may_go_back = false;  // until a catalogue of the new epoch is taken
    for (const Move& move : moves) {
        if (move.rotates) {
            auto next = publisher.successor();
            if (move.resets) next.reset = Publisher::Reset{move.version, std::nullopt};
            may_go_back = may_go_back || move.resets;
            publisher.rotate(next);
        }
        const auto catalogue = publisher.catalogue(move.version);
        const test::Signer* signers[] = {&publisher.daily, &publisher.stranger, &publisher.root1};
        const FeedBytes feed{
            publisher.chain, publisher.sign(write(catalogue), {signers[move.signer]}), {}};
        const auto accepted = accept(state, feed, now);
        if (!accepted) continue;
        RC_ASSERT(move.signer == 0 || accepted->state.catalogue_bytes == state.catalogue_bytes);
        RC_ASSERT(accepted->state.publisher.version >= state.publisher.version);
        if (state.catalogue) {
            RC_ASSERT(may_go_back ||
                      accepted->state.catalogue->version >= state.catalogue->version);
        }
        if (accepted->state.catalogue_bytes != state.catalogue_bytes) may_go_back = false;
        state = accepted->state;
    }
}

RC_GTEST_PROP(FollowerProperty, KeepsEveryFloorOnceRaised, ()) {
    constexpr int most_versions = 10;
    const auto history = *rc::gen::resize(
        most_versions,
        rc::gen::container<std::vector<std::vector<std::uint8_t>>>(
            rc::gen::container<std::vector<std::uint8_t>>(rc::gen::inRange<std::uint8_t>(1, 6))));
    const TestPublisher publisher;
    FollowerState state = publisher.begin();
    std::map<std::string, std::uint64_t> highest;
    std::uint64_t version = 0;
    for (const auto& serials : history) {
        auto catalogue = publisher.catalogue(++version);
        for (const auto serial : serials) {
            if (!catalogue.find({"a", serial})) {
                catalogue.releases.push_back(publisher.edition("a", serial));
            }
        }
        const auto accepted = accept(state, publisher.feed(catalogue), now);
        if (!accepted) continue;
        for (const auto& entry : catalogue.releases) {
            const bool was_held = state.catalogue && state.catalogue->find(entry.release);
            RC_ASSERT(was_held || entry.release.serial >= highest["a"]);
        }
        for (const auto& entry : catalogue.releases) {
            highest["a"] = std::max(highest["a"], entry.release.serial);
        }
        state = accepted->state;
    }
}

}  // namespace
}  // namespace croft::catalog
