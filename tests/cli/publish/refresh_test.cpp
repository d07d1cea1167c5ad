#include "cli/publish/refresh.h"

#include "publisher_folder.h"

namespace croft::publish {
namespace {

class Refresh : public test::PublisherFolder {
protected:
    Result<Refreshed> refresh_on(int day_number, bool farewell = false) {
        return refresh(feed(), {{day(day_number), false}, {}, farewell}, keys_);
    }
};

TEST_F(Refresh, GivesANewBeaconForTheSameCatalogue) {
    ASSERT_TRUE(publish(request(1)));
    const std::string catalogue = test::read(feed() / "catalogue.json");
    const auto done = refresh_on(30);
    ASSERT_TRUE(done) << done.error().message;
    EXPECT_EQ(done->beacon_serial, 2U);
    EXPECT_FALSE(done->is_catalogue_new);
    EXPECT_EQ(test::read(feed() / "catalogue.json"), catalogue);
    const auto seen = follow(feed(), day(30));
    ASSERT_TRUE(seen) << seen.error().message;
    EXPECT_EQ(seen->state.beacon_serial, 2U);
}

TEST_F(Refresh, RenewsACatalogueWhoseTimeIsMoreThanHalfOver) {
    ASSERT_TRUE(publish(request(1)));
    ASSERT_TRUE(refresh_on(90));
    ASSERT_TRUE(refresh_on(180));
    const auto done = refresh_on(202);
    ASSERT_TRUE(done) << done.error().message;
    EXPECT_TRUE(done->is_catalogue_new);
    EXPECT_EQ(done->catalogue_version, 2U);
    const auto seen = follow(feed(), day(202));
    ASSERT_TRUE(seen) << seen.error().message;
    EXPECT_EQ(seen->state.catalogue->releases.size(), 1U);
    EXPECT_EQ(*seen->state.catalogue->expires, day(602));
}

TEST_F(Refresh, FarewellMakesACatalogueThatNeverExpiresAndIsTheLast) {
    ASSERT_TRUE(publish(request(1)));
    ASSERT_TRUE(refresh_on(2, true));
    const auto seen = follow(feed(), day(10'000));
    ASSERT_TRUE(seen) << seen.error().message;
    EXPECT_TRUE(seen->state.catalogue->final);
    EXPECT_FALSE(seen->state.catalogue->expires);
    test::write(source() / "new.txt", "new");
    EXPECT_EQ(publish(request(3)).error().reason, "feed_is_final");
}

TEST_F(Refresh, HasNothingToSayBeforeTheFirstRelease) {
    EXPECT_EQ(refresh_on(1).error().reason, "nothing_to_refresh");
}

TEST_F(Refresh, RefusesForeignKeysAndEarlierDates) {
    ASSERT_TRUE(publish(request(5)));
    std::vector<SecretKey> others;
    others.push_back(SecretKey::generate());
    EXPECT_EQ(refresh(feed(), {{day(6), false}, {}, false}, others).error().reason,
              "key_not_in_role");
    EXPECT_EQ(refresh_on(4).error().reason, "date_before_previous");
}

}  // namespace
}  // namespace croft::publish
