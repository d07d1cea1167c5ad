#include "feeds/publisher_state_impl.h"
#include "testing/test_publisher.h"

#include <gtest/gtest.h>

namespace croft::feeds {
namespace {

using croft::test::TestPublisher;
constexpr Time now = TestPublisher::now;

catalog::FollowerState followed(const TestPublisher& publisher, const catalog::Catalogue& newest) {
    return judge_first(publisher.id(), publisher.feed(newest), now).value().state;
}

TEST(Restore, GivesBackWhatWasStored) {
    const TestPublisher publisher;
    auto catalogue = publisher.catalogue(7);
    catalogue.releases.push_back(TestPublisher::edition("wiki", 3));
    auto state = followed(publisher, catalogue);
    state.floors["gone"] = {9, trust::sha256("gone")};
    state.beacon_serial = 70;

    const auto restored = restore(with_state({}, state), now);
    ASSERT_TRUE(restored) << restored.error().message;
    EXPECT_EQ(restored->state.catalogue->version, 7U);
    EXPECT_EQ(restored->state.catalogue_hash, state.catalogue_hash);
    EXPECT_EQ(restored->state.publisher_signatures, state.publisher_signatures);
    EXPECT_EQ(restored->state.floors.at("gone").serial, 9U);
    EXPECT_EQ(restored->state.floors.at("wiki").serial, 3U);
    EXPECT_EQ(restored->state.beacon_serial, 70U);
}

TEST(Restore, KeepsCatalogueWhoseSignerWasRevokedSince) {
    TestPublisher publisher;
    const auto old = publisher.feed(publisher.catalogue(7));
    auto state = followed(publisher, publisher.catalogue(7));
    auto next = publisher.successor();
    next.release = {1, {publisher.stranger.key()}};
    next.revoked.push_back({publisher.daily.key(), 8, "lost"});
    publisher.rotate(next);
    state = catalog::accept(state, {{publisher.chain[1]}, old.catalogue, {}}, now).value().state;

    const auto restored = restore(with_state({}, state), now);
    ASSERT_TRUE(restored) << restored.error().message;
    EXPECT_EQ(restored->state.publisher.version, 2U);
    EXPECT_EQ(restored->state.catalogue->version, 7U);
}

TEST(Restore, TrustsNoDocumentThatTheStoreHasSpoilt) {
    const TestPublisher publisher;
    const auto row = with_state({}, followed(publisher, publisher.catalogue(7)));
    auto spoilt = row;
    spoilt.catalogue[30] ^= 1;
    EXPECT_EQ(restore(spoilt, now).error().code, Errc::damaged);
    spoilt = row;
    spoilt.publisher_documents[0][30] ^= 1;
    EXPECT_EQ(restore(spoilt, now).error().code, Errc::damaged);
    spoilt = row;
    spoilt.publisher_signatures.clear();
    EXPECT_EQ(restore(spoilt, now).error().code, Errc::damaged);
    spoilt = row;
    spoilt.publisher_documents.clear();
    EXPECT_EQ(restore(spoilt, now).error().code, Errc::damaged);

    EXPECT_EQ(empty_state(row).id, publisher.id());
}

TEST(JudgeFirst, HoldsTheSourceToItsAnchor) {
    const TestPublisher publisher;
    const auto feed = publisher.feed(publisher.catalogue(1));
    EXPECT_TRUE(judge_first(publisher.id(), feed, now));
    EXPECT_EQ(judge_first(std::nullopt, feed, now)->state.id, publisher.id());
    EXPECT_FALSE(judge_first(PublisherId{trust::sha256("somebody else")}, feed, now));
    EXPECT_EQ(judge_first(std::nullopt, {}, now).error().reason, "no_publisher");
}

TEST(LostNames, CountsNamesAndNotEditions) {
    const TestPublisher publisher;
    auto before = publisher.catalogue(1);
    for (const char* name : {"a", "b", "c"})
        before.releases.push_back(TestPublisher::edition(name, 1));
    const auto state = followed(publisher, before);
    const auto lost = [&](const catalog::Catalogue& after) {
        const catalog::FeedBytes feed{{}, publisher.feed(after).catalogue, {}};
        return Update(catalog::accept(state, feed, now).value()).lost_names;
    };

    auto after = publisher.catalogue(2);
    after.releases = before.releases;
    EXPECT_TRUE(lost(after).empty());
    after.releases[0] = TestPublisher::edition("a", 2);  // superseded
    EXPECT_TRUE(lost(after).empty());
    after.releases.erase(after.releases.begin() + 1);  // no longer offered
    EXPECT_EQ(lost(after), std::vector<std::string>{"b"});
    after.withdrawn.push_back({catalog::ReleaseName{"a", 1}, {}, {}, now});  // a-2 still is
    EXPECT_EQ(lost(after), (std::vector<std::string>{"a", "b"}));
}

TEST(MassChange, IsMoreThanFiveOrMoreThanAFifth) {
    EXPECT_FALSE(is_mass_change(0, 0));
    EXPECT_FALSE(is_mass_change(0, 10));
    EXPECT_TRUE(is_mass_change(1, 1));
    EXPECT_TRUE(is_mass_change(1, 4));
    EXPECT_FALSE(is_mass_change(1, 5));
    EXPECT_FALSE(is_mass_change(5, 1000));
    EXPECT_TRUE(is_mass_change(6, 1000));
}

}  // namespace
}  // namespace croft::feeds
