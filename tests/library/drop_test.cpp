#include "library/deletion.h"
#include "library/world.h"

namespace croft::test {
namespace {

class DropTest : public World {
protected:
    DropTest() { start(); }
};

TEST_F(DropTest, DeletesWhatTheReleaseNamesAndNothingElse) {
    const BundleId id = hold("wiki", 1, some_files());
    const fs::path folder = held_folder("wiki-1");
    put(folder / "sub/mine.txt", "the user's own");
    put(publisher_folder() / "releases/other-1.json", "another's");
    ASSERT_TRUE(drop(id));
    EXPECT_FALSE(swarm_->has(id));
    EXPECT_FALSE(fs::exists(folder / "a.txt"));
    EXPECT_FALSE(fs::exists(folder / "sub/b.bin"));
    EXPECT_EQ(read_file(folder / "sub/mine.txt", 100).value(), "the user's own");
    EXPECT_FALSE(fs::exists(publisher_folder() / "releases/wiki-1.json"));
    EXPECT_FALSE(fs::exists(publisher_folder() / "releases/wiki-1.json.minisig"));
    EXPECT_FALSE(fs::exists(publisher_folder() / "torrents/wiki-1.torrent"));
    EXPECT_TRUE(fs::exists(publisher_folder() / "releases/other-1.json"));
    EXPECT_TRUE(fs::exists(publisher_folder() / "catalogue.json"));
    EXPECT_EQ(view(id).state, State::offered);
    EXPECT_EQ(library_->used_bytes(), 0U);
}

TEST_F(DropTest, TakesTheFolderAwayWhereNothingElseIsInIt) {
    const BundleId id = hold("wiki", 1, some_files());
    ASSERT_TRUE(drop(id));
    EXPECT_FALSE(fs::exists(held_folder("wiki-1")));
    EXPECT_TRUE(fs::exists(publisher_folder() / "bundles"));
}

TEST_F(DropTest, DoesNotFetchAgainByItselfWhatTheUserDropped) {
    const BundleId id = hold("wiki", 1, some_files());
    ASSERT_TRUE(drop(id));
    ASSERT_TRUE(set_budget(1'000'000));
    settle();
    EXPECT_EQ(view(id).state, State::offered);
    restart();
    offer();
    settle();
    EXPECT_EQ(view(id).state, State::offered);
    EXPECT_FALSE(fs::exists(held_folder("wiki-1")));
    ASSERT_TRUE(get(id));
    EXPECT_TRUE(wait_for([&] { return swarm_->has(id); })) << why(id);
}

TEST_F(DropTest, FollowsNoSymlinkOutOfTheBundle) {
    const BundleId id = hold("wiki", 1, some_files());
    const fs::path elsewhere = home_.path() / "elsewhere";
    put(elsewhere / "b.bin", "precious");
    put(elsewhere / "a.txt", "precious");
    fs::remove_all(held_folder("wiki-1") / "sub");
    fs::create_directory_symlink(elsewhere, held_folder("wiki-1") / "sub");
    fs::remove(held_folder("wiki-1") / "a.txt");
    fs::create_symlink(elsewhere / "a.txt", held_folder("wiki-1") / "a.txt");
    ASSERT_TRUE(drop(id));
    EXPECT_EQ(read_file(elsewhere / "b.bin", 100).value(), "precious");
    EXPECT_EQ(read_file(elsewhere / "a.txt", 100).value(), "precious");
    EXPECT_FALSE(fs::exists(fs::symlink_status(held_folder("wiki-1") / "a.txt")));
}

TEST_F(DropTest, FollowsNoSymlinkInPlaceOfThePublishersFolder) {
    const BundleId id = hold("wiki", 1, some_files());
    const fs::path moved = home_.path() / "moved";
    fs::rename(publisher_folder(), moved);
    fs::create_directory_symlink(moved, publisher_folder());
    EXPECT_FALSE(drop(id));
    EXPECT_TRUE(fs::exists(moved / "bundles/wiki-1/a.txt"));
}

TEST_F(DropTest, FinishesAfterARestartWhatAKillInterrupted) {
    const BundleId id = hold("wiki", 1, some_files());
    stop();
    store_.snapshot.holdings.at(0).state = "dropping";
    fs::remove(held_folder("wiki-1") / "a.txt");
    start();
    EXPECT_TRUE(wait_for([&] { return store_.snapshot.holdings.empty(); }));
    EXPECT_FALSE(fs::exists(held_folder("wiki-1")));
    EXPECT_FALSE(swarm_->has(id));
    EXPECT_EQ(library_->find(id), nullptr);
}

TEST_F(DropTest, CommitsBeforeItDeletesAndDeletesNothingWhereItCant) {
    const BundleId id = hold("wiki", 1, some_files());
    store_.fails = Error{Errc::io, "database_failed", "no"};
    EXPECT_EQ(drop(id).error().code, Errc::io);
    settle();
    EXPECT_EQ(view(id).state, State::held);
    EXPECT_TRUE(fs::exists(held_folder("wiki-1") / "a.txt"));
    EXPECT_TRUE(swarm_->has(id));
}

TEST_F(DropTest, RefusesWhatIsNotHeldAndWhatNobodyKnows) {
    const BundleId id = publish("wiki", 1, some_files());
    offer();
    EXPECT_EQ(drop(id).error().reason, "not_held");
    EXPECT_EQ(drop(BundleId{}).error().reason, "no_such_release");
}

TEST_F(DropTest, DropsWhatIsStillWaitingForItsDocuments) {
    const BundleId id = publish("wiki", 1, some_files());
    offer();
    fetch_error_ = Error{Errc::unavailable, "offline", "no"};
    ASSERT_TRUE(get(id));
    ASSERT_TRUE(drop(id));
    EXPECT_EQ(view(id).state, State::offered);
    EXPECT_EQ(job().state, Jobs::State::failed);
}

TEST_F(DropTest, LetsAFetchingOneGoWithWhatHasCome) {
    const BundleId id = publish("wiki", 1, some_files());
    offer();
    ASSERT_TRUE(get(id));
    ASSERT_TRUE(wait_for([&] { return swarm_->has(id); }));
    put(held_folder("wiki-1") / "a.txt", "al");
    ASSERT_TRUE(drop(id));
    EXPECT_FALSE(fs::exists(held_folder("wiki-1")));
    EXPECT_FALSE(swarm_->has(id));
    EXPECT_FALSE(store_.snapshot.resume_data.contains(id.hex()));
}

TEST_F(DropTest, TakesAwayWhatWasFoundDamagedAndFetchesItAnew) {
    const BundleId id = publish("wiki", 1, some_files());
    put(feed_ / "bundles/wiki-1/a.txt", "alphA\n");  // the swarm of the test looks at sizes only
    offer();
    seed(id, "wiki", 1);
    ASSERT_TRUE(get(id));
    ASSERT_TRUE(wait_for_state(id, State::failed)) << why(id);
    ASSERT_TRUE(drop(id));
    EXPECT_FALSE(fs::exists(held_folder("wiki-1")));
    EXPECT_FALSE(view(id).problem);
    put(feed_ / "bundles/wiki-1/a.txt", "alpha\n");
    ASSERT_TRUE(get(id));
    EXPECT_TRUE(wait_for_state(id, State::held)) << why(id);
}

class OwnFeedTest : public World {
protected:
    OwnFeedTest() { start(); }
};

TEST_F(OwnFeedTest, IsAdoptedInPlaceCheckedAndShared) {
    const BundleId id = publish("wiki", 1, some_files());
    offer(true);
    ASSERT_TRUE(wait_for([&] { return swarm_->has(id); })) << why(id);
    EXPECT_TRUE(swarm_->added(id).have_all);
    EXPECT_EQ(swarm_->added(id).folder, feed_ / "bundles/wiki-1");
    EXPECT_EQ(view(id).state, State::held);
    EXPECT_TRUE(view(id).own);
    EXPECT_EQ(library_->used_bytes(), 0U);
    EXPECT_FALSE(fs::exists(publisher_folder()));
    EXPECT_EQ(fetched_, 0);
    restart();
    ASSERT_TRUE(wait_for([&] { return swarm_->has(id); })) << why(id);
    offer(true);
    settle();
    EXPECT_EQ(view(id).state, State::held);
}

TEST_F(OwnFeedTest, IsNotSharedWhereItIsDamagedOrNotThere) {
    const BundleId damaged = publish("wiki", 1, some_files());
    put(feed_ / "bundles/wiki-1/a.txt", "alphA\n");
    const BundleId missing = publish("papers", 1, some_files());
    fs::remove_all(feed_ / "bundles/papers-1");
    offer(true);
    EXPECT_TRUE(wait_for_state(damaged, State::failed)) << why(damaged);
    settle();
    EXPECT_NE(view(missing).state, State::held);
    EXPECT_FALSE(swarm_->has(damaged));
    EXPECT_FALSE(swarm_->has(missing));
    EXPECT_EQ(read_file(feed_ / "bundles/wiki-1/a.txt", 100).value(), "alphA\n");
}

TEST_F(OwnFeedTest, IsOnlyLetGoNeverDeletedAndComesBackByGet) {
    const BundleId id = publish("wiki", 1, some_files());
    offer(true);
    ASSERT_TRUE(wait_for([&] { return swarm_->has(id); }));
    ASSERT_TRUE(drop(id));
    ASSERT_TRUE(wait_for([&] { return !swarm_->has(id); }));
    EXPECT_TRUE(fs::exists(feed_ / "bundles/wiki-1/a.txt"));
    EXPECT_TRUE(fs::exists(feed_ / "releases/wiki-1.json"));
    restart();
    offer(true);
    settle();
    EXPECT_FALSE(swarm_->has(id));
    ASSERT_TRUE(get(id));
    EXPECT_TRUE(wait_for([&] { return swarm_->has(id); })) << why(id);
}

TEST_F(OwnFeedTest, IsSharedAgainWhereTheUserAsksForItAlsoWhatWasDroppedOrPaused) {
    const BundleId dropped = publish("wiki", 1, some_files());
    const BundleId paused = publish("papers", 1, {{"f", "paper"}});
    offer(true);
    ASSERT_TRUE(wait_for([&] { return swarm_->has(dropped) && swarm_->has(paused); }));
    ASSERT_TRUE(drop(dropped));
    ASSERT_TRUE(ask([&](const auto& then) { library_->pause(paused, true, then); }));
    offer(true);
    settle();
    EXPECT_EQ(view(dropped).state, State::offered);
    EXPECT_EQ(view(paused).state, State::paused);

    library_->share_again(publisher_.id());
    EXPECT_TRUE(wait_for_state(dropped, State::held)) << why(dropped);
    EXPECT_TRUE(wait_for_state(paused, State::held)) << why(paused);
    EXPECT_TRUE(swarm_->has(dropped));
    EXPECT_FALSE(swarm_->is_paused(paused));
    EXPECT_EQ(stored_state(dropped), "held");
}

TEST_F(OwnFeedTest, IsReadAgainAndNamesWhatIsDamagedWhereAPieceDidNotFit) {
    const BundleId id = publish("wiki", 1, some_files());
    offer(true);
    ASSERT_TRUE(wait_for([&] { return swarm_->has(id); }));
    put(feed_ / "bundles/wiki-1/a.txt", "alphA\n");
    swarm_->damage(id);
    ASSERT_TRUE(wait_for_state(id, State::failed)) << why(id);
    EXPECT_NE(view(id).problem->message.find("damaged: a.txt"), std::string::npos) << why(id);
    EXPECT_FALSE(swarm_->has(id));  // nothing is written to it
    EXPECT_EQ(read_file(feed_ / "bundles/wiki-1/a.txt", 100).value(), "alphA\n");

    put(feed_ / "bundles/wiki-1/a.txt", "alpha\n");
    library_->share_again(publisher_.id());
    EXPECT_TRUE(wait_for_state(id, State::held)) << why(id);
}

}  // namespace
}  // namespace croft::test
