// Feeds that are followed through a folder: the follower's rules as they are lived.

#include "feeds/feeds_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace croft::feeds {
namespace {

using namespace test;

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class FolderFeeds : public FeedsTest {
protected:
    /// Puts one of the example feed's states where it is followed.
    void show(const std::string& vector) {
        std::filesystem::remove_all(feed);
        std::filesystem::copy(vector_feed(vector), feed, std::filesystem::copy_options::recursive);
    }

    const std::filesystem::path feed = folder.path() / "feed";
    const PublisherId example = croft::test::vector_publisher;
};

TEST_F(FolderFeeds, FollowsAndTellsWhatIsOffered) {
    show("feed-57");
    ASSERT_EQ(follow(feed), example);
    EXPECT_THAT(accepted, ElementsAre(57));

    const Publisher followed = publisher(example);
    EXPECT_EQ(followed.claimed_name, "Example Open Archive");
    EXPECT_EQ(followed.petname, "example-open-archive");
    EXPECT_EQ(followed.sources.front(), feed.native());
    EXPECT_FALSE(followed.confirmed) << "a folder proves nobody";
    EXPECT_FALSE(followed.stale);
    EXPECT_FALSE(followed.last_error);
    EXPECT_EQ(followed.followed_at, now);
    EXPECT_EQ(followed.last_news, now);
    EXPECT_EQ(database->lines("followed"), 1U);
}

TEST_F(FolderFeeds, TakesNewsAndRefusesTheOlderFeedAlsoAfterRestart) {
    show("feed-57");
    ASSERT_TRUE(follow(feed));
    EXPECT_EQ(check(example), false);

    show("feed-58");
    EXPECT_EQ(check(example), true);
    EXPECT_THAT(accepted, ElementsAre(57, 58));
    EXPECT_EQ(database->lines("accepted"), 1U);

    show("feed-57");
    EXPECT_EQ(check(example).error().code, Errc::rollback);
    EXPECT_EQ(publisher(example).last_error->code, Errc::rollback);
    EXPECT_FALSE(check(example));
    EXPECT_EQ(database->lines("refused"), 1U) << "told once, not at each check";

    restart();
    EXPECT_THAT(accepted, ElementsAre(58));
    EXPECT_EQ(check(example).error().code, Errc::rollback);

    show("feed-58");
    EXPECT_EQ(check(example), false);
    EXPECT_FALSE(publisher(example).last_error);
}

TEST_F(FolderFeeds, UsesNothingThatWasNotCommitted) {
    show("feed-57");
    ASSERT_TRUE(follow(feed));
    show("feed-58");
    database->fails = true;
    EXPECT_EQ(check(example).error().code, Errc::no_space);
    EXPECT_THAT(accepted, ElementsAre(57));
    EXPECT_EQ(version_of(publisher(example)), 57U);

    database->fails = false;
    EXPECT_EQ(check(example), true);
}

TEST_F(FolderFeeds, LosesNothingToAKillBetweenVerifyAndStore) {
    show("feed-57");
    ASSERT_TRUE(follow(feed));
    show("feed-58");
    database->is_silent = true;
    bool answered = false;
    feeds->check(example, [&](const auto&) { answered = true; });
    run_until(loop, [&] { return database->follows_put == 2; });
    run_for(loop, 20ms);
    EXPECT_FALSE(answered);
    EXPECT_THAT(accepted, ElementsAre(57)) << "told before it was durable";

    restart();
    EXPECT_THAT(accepted, ElementsAre(57));
    EXPECT_EQ(check(example), true);
    show("feed-57");
    EXPECT_EQ(check(example).error().code, Errc::rollback);
}

TEST_F(FolderFeeds, FollowsNobodyWhenTheStoreIsFull) {
    show("feed-57");
    database->fails = true;
    EXPECT_EQ(follow(feed).error().code, Errc::no_space);
    EXPECT_TRUE(feeds->publishers().empty());
    EXPECT_TRUE(accepted.empty());
    database->fails = false;
    EXPECT_TRUE(follow(feed));
}

TEST_F(FolderFeeds, RefusesWhatAnotherKeySigned) {
    now = TestPublisher::now;
    const TestPublisher signer;
    write_feed(signer.feed(signer.catalogue(1)));
    ASSERT_TRUE(follow(feed));
    const auto newer = catalog::write(signer.catalogue(2));
    write(feed, "catalogue.json", TestPublisher::sign(newer, {&signer.stranger}));
    EXPECT_EQ(check(signer.id()).error().code, Errc::unknown_key);

    auto of_another = signer.catalogue(3);
    of_another.publisher = PublisherId{trust::sha256("another")};
    write_feed(signer.feed(of_another));
    EXPECT_FALSE(check(signer.id()));
    EXPECT_EQ(version_of(publisher(signer.id())), 1U);
}

TEST_F(FolderFeeds, DoesNotReadFeedOf100Megabytes) {
    show("feed-57");
    ASSERT_TRUE(follow(feed));
    std::filesystem::resize_file(feed / "catalogue.json", 100'000'000);
    const auto checked = check(example);
    EXPECT_EQ(checked.error().code, Errc::malformed);
    EXPECT_EQ(checked.error().reason, "too_large");
    EXPECT_EQ(version_of(publisher(example)), 57U);
}

TEST_F(FolderFeeds, WaitsForPairInMidPublishThenTakesIt) {
    show("feed-57");
    ASSERT_TRUE(follow(feed));
    std::filesystem::copy_file(vector_feed("feed-58") / "catalogue.json", feed / "catalogue.json",
                               std::filesystem::copy_options::overwrite_existing);
    const auto rest = loop.after(10ms, [&] { show("feed-58"); });
    EXPECT_EQ(check(example), true);
    EXPECT_EQ(database->lines("refused"), 0U);
}

TEST_F(FolderFeeds, RefusesPairThatStaysWrong) {
    show("feed-57");
    ASSERT_TRUE(follow(feed));
    std::filesystem::copy_file(vector_feed("feed-58") / "catalogue.json", feed / "catalogue.json",
                               std::filesystem::copy_options::overwrite_existing);
    EXPECT_EQ(check(example).error().code, Errc::bad_signature);
    EXPECT_EQ(database->lines("refused"), 1U);
    std::filesystem::remove(feed / "catalogue.json.minisig");
    EXPECT_EQ(check(example).error().code, Errc::no_signature);
    EXPECT_EQ(database->lines("refused"), 2U) << "another reason is news";
}

TEST_F(FolderFeeds, KeepsExpiredFeedAndLabelsIt) {
    now = *parse_utc("2027-03-01T00:00:00Z");
    show("feed-58");
    ASSERT_TRUE(follow(feed));
    EXPECT_TRUE(publisher(example).stale);
    EXPECT_EQ(check(example), false);
    EXPECT_FALSE(publisher(example).last_error);
    restart();
    EXPECT_THAT(accepted, ElementsAre(58));
    EXPECT_TRUE(publisher(example).stale);
}

TEST_F(FolderFeeds, StopsAtEquivocationAndKeepsTheEvidence) {
    now = TestPublisher::now;
    TestPublisher signer;
    const PublisherId id = signer.id();
    auto one = signer.catalogue(5), other = signer.catalogue(5);
    other.releases.push_back(TestPublisher::edition("wiki", 1));
    write_feed(signer.feed(one));
    ASSERT_TRUE(follow(feed));

    write_feed(signer.feed(other));
    EXPECT_EQ(check(id).error().code, Errc::equivocation);
    EXPECT_TRUE(publisher(id).equivocated);
    EXPECT_EQ(publisher(id).last_error->code, Errc::equivocation);
    EXPECT_EQ(database->journal.back().level, "problem");
    std::vector<std::string> evidence;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(
             options.evidence_folder / id.hex().substr(0, 16))) {
        if (entry.path().filename() == "catalogue.json")
            evidence.push_back(read_file(entry.path(), 1 << 20).value());
    }
    EXPECT_THAT(evidence,
                ::testing::UnorderedElementsAre(catalog::write(one), catalog::write(other)));

    restart();
    EXPECT_TRUE(publisher(id).equivocated);
    write_feed(signer.feed(signer.catalogue(6)));
    EXPECT_EQ(check(id).error().code, Errc::equivocation);
    EXPECT_EQ(version_of(publisher(id)), 5U);

    auto reset = signer.successor();
    reset.reset = catalog::Publisher::Reset{6, {}};
    signer.rotate(reset);
    write_feed(signer.feed(signer.catalogue(7)));
    EXPECT_EQ(check(id), true);
    EXPECT_FALSE(publisher(id).equivocated);
    EXPECT_FALSE(publisher(id).last_error);
}

TEST_F(FolderFeeds, AsksBeforeAnUpdateThatTakesAwayWhatIsHeld) {
    now = TestPublisher::now;
    const TestPublisher signer;
    const PublisherId id = signer.id();
    auto full = signer.catalogue(1);
    for (const char* name : {"a", "b", "c", "d"})
        full.releases.push_back(TestPublisher::edition(name, 1));
    write_feed(signer.feed(full));
    ASSERT_TRUE(follow(feed));
    held = {"a", "b"};

    auto without_c = full;
    without_c.version = 2;
    without_c.releases.erase(without_c.releases.begin() + 2);
    write_feed(signer.feed(without_c));
    EXPECT_EQ(check(id), true) << "nobody holds it";

    auto empty = signer.catalogue(3);
    write_feed(signer.feed(empty));
    EXPECT_EQ(refusal_of(id), "mass_change");
    EXPECT_EQ(refusal_of(id), "mass_change");
    EXPECT_EQ(version_of(publisher(id)), 2U);
    EXPECT_EQ(publisher(id).waiting->catalogue_version, 3U);
    EXPECT_THAT(publisher(id).waiting->lost_names, ElementsAre("a", "b"));
    EXPECT_EQ(publisher(id).last_error->reason, "mass_change");
    EXPECT_EQ(database->lines("waiting"), 1U);

    restart();
    EXPECT_EQ(version_of(publisher(id)), 2U);
    EXPECT_FALSE(act([&](auto then) { feeds->accept_waiting(id, then); })) << "not seen again yet";
    EXPECT_EQ(refusal_of(id), "mass_change");
    EXPECT_TRUE(act([&](auto then) { feeds->accept_waiting(id, then); }));
    EXPECT_EQ(version_of(publisher(id)), 3U);
    EXPECT_FALSE(publisher(id).waiting);
    EXPECT_FALSE(publisher(id).last_error) << publisher(id).last_error->message;
    EXPECT_EQ(check(id), false);
}

TEST_F(FolderFeeds, LetsUpdateInThatGivesBackWhatAnotherTookAway) {
    now = TestPublisher::now;
    const TestPublisher signer;
    auto full = signer.catalogue(1);
    full.releases.push_back(TestPublisher::edition("a", 1));
    write_feed(signer.feed(full));
    ASSERT_TRUE(follow(feed));
    held = {"a"};
    write_feed(signer.feed(signer.catalogue(2)));
    EXPECT_EQ(refusal_of(signer.id()), "mass_change");
    full.version = 3;
    write_feed(signer.feed(full));
    EXPECT_EQ(check(signer.id()), true);
    EXPECT_FALSE(publisher(signer.id()).waiting);
}

TEST_F(FolderFeeds, ForgetsWhomWeUnfollow) {
    show("feed-58");
    ASSERT_TRUE(follow(feed));
    std::vector<PublisherId> told;
    feeds->on_unfollowed = [&](const PublisherId& id) { told.push_back(id); };
    EXPECT_TRUE(act([&](auto then) { feeds->unfollow(example, then); }));
    EXPECT_THAT(told, ElementsAre(example));
    EXPECT_FALSE(feeds->find(example));
    EXPECT_EQ(check(example).error().code, Errc::not_found);
    EXPECT_EQ(act([&](auto then) { feeds->unfollow(example, then); }).error().code,
              Errc::not_found);
    restart();
    EXPECT_TRUE(feeds->publishers().empty());
}

TEST_F(FolderFeeds, AnswersWhoeverWaitsWhenAPublisherIsUnfollowed) {
    show("feed-58");
    ASSERT_TRUE(follow(feed));
    std::optional<Result<bool>> checked;
    std::optional<Outcome> renamed, gone;
    feeds->check(example, [&](Result<bool> result) { checked = std::move(result); });
    feeds->unfollow(example, [&](Outcome outcome) { gone = std::move(outcome); });
    feeds->rename(example, "other", [&](Outcome outcome) { renamed = std::move(outcome); });
    run_until(loop, [&] { return checked && renamed && gone; });
    EXPECT_TRUE(*gone);
    EXPECT_EQ(renamed->error().code, Errc::not_found);
    run_for(loop, 50ms);
    restart();
    EXPECT_TRUE(feeds->publishers().empty()) << "nothing late brought it back";
}

TEST_F(FolderFeeds, KeepsPetnamesApart) {
    show("feed-58");
    ASSERT_TRUE(follow(feed));
    now = TestPublisher::now;
    const TestPublisher signer;
    const auto other = write_feed(signer.feed(signer.catalogue(1)), "other");
    FollowRequest request;
    request.source = other.native();
    request.petname = "Example Open ARCHIVE";
    EXPECT_EQ(follow(request).error().reason, "petname_taken");
    request.petname = "second";
    ASSERT_TRUE(follow(request));
    const auto rename = [&](const PublisherId& id, const std::string& petname) {
        return act([&](auto then) { feeds->rename(id, petname, then); });
    };
    EXPECT_EQ(rename(example, "SECOND").error().code, Errc::conflict);
    EXPECT_EQ(rename(example, "a/b").error().code, Errc::invalid_argument);
    EXPECT_TRUE(rename(example, "first"));
    restart();
    EXPECT_EQ(publisher(example).petname, "first");
    EXPECT_EQ(feeds->publishers().size(), 2U);
}

TEST_F(FolderFeeds, IsConfirmedByTheRightFingerprintOnly) {
    show("feed-58");
    FollowRequest request;
    request.source = feed.native();
    request.fingerprint = "49XH-7594-88BA-66D7-KJHM";
    EXPECT_EQ(follow(request).error().reason, "other_fingerprint");
    request.fingerprint = "nonsense";
    EXPECT_FALSE(follow(request));
    EXPECT_TRUE(feeds->publishers().empty());

    ASSERT_TRUE(follow(feed));
    EXPECT_FALSE(publisher(example).confirmed);
    EXPECT_TRUE(act([&](auto then) { feeds->confirm(example, then); }));
    EXPECT_TRUE(publisher(example).confirmed);
    restart();
    EXPECT_TRUE(publisher(example).confirmed);

    EXPECT_TRUE(act([&](auto then) { feeds->unfollow(example, then); }));
    request.fingerprint = "49xh 7594 88ba 66d7 kjhk";
    ASSERT_TRUE(follow(request));
    EXPECT_TRUE(publisher(example).confirmed);
}

TEST_F(FolderFeeds, TakesFeedAsItsOwnWhenFollowedOnceMore) {
    show("feed-57");
    const auto mirror = folder.path() / "mirror";
    std::filesystem::copy(feed, mirror, std::filesystem::copy_options::recursive);
    ASSERT_TRUE(follow(mirror));
    show("feed-58");
    FollowRequest seed;
    seed.source = feed.native() + "/";
    seed.own = true;
    seed.peers = {"127.0.0.1:6881"};
    ASSERT_EQ(follow(seed), example);
    EXPECT_TRUE(publisher(example).own);
    EXPECT_TRUE(publisher(example).confirmed);
    EXPECT_THAT(publisher(example).sources, ElementsAre(feed.native(), mirror.native()));
    EXPECT_THAT(publisher(example).peers, ElementsAre("127.0.0.1:6881"));
    EXPECT_EQ(accepted.back(), 58U);

    show("feed-57");
    std::filesystem::remove_all(mirror);
    EXPECT_EQ(follow(feed).error().code, Errc::rollback) << "an older feed is no way in";
}

TEST_F(FolderFeeds, RefusesWhatItCannotRead) {
    const auto reason = [&](const std::string& source, bool own = false,
                            std::vector<std::string> peers = {}) {
        FollowRequest request;
        request.source = source;
        request.own = own;
        request.peers = std::move(peers);
        const auto followed = follow(request);
        return followed ? "taken" : followed.error().reason;
    };
    EXPECT_EQ(reason("relative/folder"), "bad_source");
    EXPECT_EQ(reason(""), "bad_source");
    EXPECT_EQ(reason("ftp://archive.example/"), "bad_source");
    EXPECT_EQ(reason("https://me:pw@archive.example/"), "url_credentials");
    EXPECT_EQ(reason("https://archive.example/feed", true), "own_needs_folder");
    for (const char* peer : {"", "host", ":1", "host:", "host:0", "host:99999", "host:1x"})
        EXPECT_EQ(reason(feed.native(), false, {peer}), "bad_peer") << peer;
    EXPECT_EQ(reason((folder.path() / "nowhere").native()), "not_found");
    EXPECT_EQ(reason("/etc"), "not_found");
}

TEST_F(FolderFeeds, RecoversFromStoreThatSpoiltItsDocuments) {
    show("feed-58");
    ASSERT_TRUE(follow(feed));
    end();
    auto opened = store::open(loop, folder.path() / "state").value();
    auto follows = opened.snapshot.follows;
    follows.at(0).catalogue[100] ^= 1;
    opened.store.reset();
    database = std::make_unique<WatchedStore>(loop, folder.path() / "state");
    fetcher = std::make_unique<FakeFetcher>(loop);
    feeds = std::make_unique<Feeds>(
        loop, pool, *database, *fetcher, [this] { return now; }, options, follows);
    feeds->start();
    run_until(loop, [&] { return publisher(example).last_error.has_value(); });
    EXPECT_EQ(publisher(example).last_error->code, Errc::damaged);
    EXPECT_FALSE(publisher(example).state->catalogue);
    EXPECT_EQ(check(example), true);
    EXPECT_FALSE(publisher(example).last_error);
    restart();
    EXPECT_THAT(accepted, ElementsAre(58));
}

TEST_F(FolderFeeds, PreviewsWithoutStoringAnything) {
    show("feed-58");
    const auto seen = preview(feed.native());
    ASSERT_TRUE(seen) << seen.error().message;
    EXPECT_EQ(seen->fingerprint, "49XH-7594-88BA-66D7-KJHK");
    EXPECT_EQ(seen->claimed_name, "Example Open Archive");
    EXPECT_FALSE(seen->anchored);
    EXPECT_FALSE(seen->already_followed);
    EXPECT_TRUE(seen->warnings.empty());
    EXPECT_EQ(seen->offers.at(catalog::Kind::other).releases, 1U);
    EXPECT_EQ(seen->offers.at(catalog::Kind::other).size_bytes, 309'181U);
    EXPECT_EQ(database->follows_put, 0U);
    EXPECT_TRUE(feeds->publishers().empty());

    ASSERT_TRUE(follow(feed));
    EXPECT_TRUE(preview(feed.native())->already_followed);
}

TEST_F(FolderFeeds, WarnsOfNameThatLooksLikeOneWeKnow) {
    show("feed-58");
    ASSERT_TRUE(follow(feed));
    now = TestPublisher::now;
    TestPublisher impostor;
    impostor.first.name = "Exаmple 0pen Archive";  // a Cyrillic letter and a digit
    impostor.chain = {
        TestPublisher::sign(catalog::write(impostor.first), {&impostor.root1, &impostor.root2})};
    const auto other = write_feed(impostor.feed(impostor.catalogue(1)), "other");
    const auto seen = preview(other.native());
    ASSERT_TRUE(seen) << seen.error().message;
    EXPECT_THAT(seen->warnings, ElementsAre(HasSubstr("example-open-archive")));
}

TEST_F(FolderFeeds, AnswersNobodyWhenItIsGone) {
    show("feed-58");
    bool answered = false;
    FollowRequest request;
    request.source = feed.native();
    feeds->follow(request, [&](const auto&) { answered = true; });
    feeds->preview(request, [&](const auto&) { answered = true; });
    feeds.reset();
    run_for(loop, 100ms);
    EXPECT_FALSE(answered);
}

}  // namespace
}  // namespace croft::feeds
