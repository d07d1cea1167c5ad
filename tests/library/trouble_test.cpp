#include "library/withdrawn_files.h"
#include "library/world.h"

namespace croft::test {
namespace {

class TroubleTest : public World {
protected:
    TroubleTest() {
        options_.patience = std::chrono::milliseconds(50);
        start();
    }
};

TEST_F(TroubleTest, FetchesAnewAndProvesAgainWhatWasFoundDamagedWhileItWasShared) {
    const BundleId id = hold("wiki", 1, some_files());
    swarm_->damage(id);
    ASSERT_TRUE(wait_for_state(id, State::fetching)) << why(id);
    EXPECT_EQ(stored_state(id), "fetching");
    EXPECT_FALSE(view(id).proved_at);
    EXPECT_EQ(store_.snapshot.journal.back().kind, "damaged");
    EXPECT_TRUE(swarm_->has(id));
    seed(id, "wiki", 1);
    EXPECT_TRUE(wait_for_state(id, State::held)) << why(id);
    EXPECT_EQ(view(id).proved_at, TestPublisher::now);
}

TEST_F(TroubleTest, SaysWhereNothingComesForLongUntilSomethingDoes) {
    const BundleId id = publish("wiki", 1, some_files());
    offer();
    ASSERT_TRUE(get(id));
    // It may wait that long for its turn already, on a slow disk.
    ASSERT_TRUE(wait_for([&] { return view(id).problem && view(id).state == State::fetching; }))
        << why(id);
    EXPECT_EQ(view(id).problem->reason, "no_peers");
    EXPECT_EQ(job().state, Jobs::State::running);
    seed(id, "wiki", 1);
    EXPECT_TRUE(wait_for_state(id, State::held)) << why(id);
    EXPECT_TRUE(wait_for([&] { return !view(id).problem; }));
}

TEST_F(TroubleTest, SaysTheSameWhereNoSourceHasTheDocuments) {
    const BundleId id = publish("wiki", 1, some_files());
    offer();
    fetch_error_ = Error{Errc::unavailable, "offline", "the feed does not answer"};
    ASSERT_TRUE(get(id));
    ASSERT_TRUE(wait_for([&] { return view(id).problem.has_value(); })) << why(id);
    EXPECT_NE(view(id).problem->message.find("the feed does not answer"), std::string::npos);
}

TEST_F(TroubleTest, DoesNotCallAPauseByTheUserAProblem) {
    const BundleId id = publish("wiki", 1, some_files());
    offer();
    ASSERT_TRUE(get(id));
    ASSERT_TRUE(ask([&](const auto& then) { library_->pause(id, true, then); }));
    settle();
    EXPECT_FALSE(view(id).problem);
}

TEST_F(TroubleTest, SaysWherePinsNeedMoreThanTheBudget) {
    hold("wiki", 1, some_files());  // 40,006 bytes, pinned
    EXPECT_TRUE(library_->problems().empty());
    ASSERT_TRUE(set_budget(40'006));
    EXPECT_TRUE(library_->problems().empty());
    ASSERT_TRUE(set_budget(40'005));
    ASSERT_EQ(library_->problems().size(), 1U);
    EXPECT_EQ(library_->problems()[0].error.reason, "pins_over_budget");
    EXPECT_EQ(library_->problems()[0].command, "croft mirror budget 1MiB");
}

TEST_F(TroubleTest, StopsWhatItFetchesOfAPublisherWhoIsNoLongerFollowed) {
    const BundleId held = hold("wiki", 1, some_files());
    const BundleId id = publish("papers", 1, {{"f", "paper"}});
    offer();
    ASSERT_TRUE(get(id));
    ASSERT_TRUE(wait_for([&] { return swarm_->has(id); }));
    library_->withdraw_offers(publisher_.id());
    EXPECT_EQ(view(id).state, State::paused) << why(id);
    EXPECT_TRUE(swarm_->is_paused(id));
    EXPECT_EQ(job().state, Jobs::State::failed);
    EXPECT_EQ(view(held).state, State::held);
    EXPECT_FALSE(swarm_->is_paused(held));

    store_.snapshot.follows.clear();
    restart();
    settle();
    EXPECT_EQ(view(id).state, State::paused) << why(id);
    EXPECT_FALSE(swarm_->has(id));

    offer();  // followed once more
    EXPECT_TRUE(wait_for([&] { return swarm_->has(id) && !swarm_->is_paused(id); })) << why(id);
}

TEST_F(TroubleTest, TakesBackFromTheDiskWhatTheDatabaseHasLost) {
    const BundleId id = hold("wiki", 1, some_files());
    const BundleId damaged = hold("papers", 1, {{"f", "paper"}});
    const BundleId dropped = hold("other", 1, {{"f", "other"}});
    ASSERT_TRUE(drop(dropped));
    stop();
    store_.snapshot.holdings.clear();
    store_.snapshot.resume_data.clear();
    put(held_folder("papers-1") / "f", "papeR");
    start();
    offer();
    EXPECT_TRUE(wait_for_state(id, State::held)) << why(id);
    EXPECT_EQ(view(id).folder, held_folder("wiki-1"));
    EXPECT_EQ(stored_state(id), "held");
    EXPECT_TRUE(wait_for_state(damaged, State::failed)) << why(damaged);
    EXPECT_EQ(view(dropped).state, State::offered);
    EXPECT_EQ(fetched_, 3) << "nothing is fetched that lies here";
}

class WithdrawnFileTest : public World {
protected:
    WithdrawnFileTest() { start(); }

    void take_back(const std::string& content) {
        catalog::Catalogue::Withdrawn withdrawn;
        withdrawn.file = trust::sha256(content);
        withdrawn.reason = catalog::WithdrawalReason::malware;
        withdrawn.date = TestPublisher::now - std::chrono::days(1);
        catalogue_.withdrawn.push_back(withdrawn);
    }
};

TEST_F(WithdrawnFileTest, StopsTheSharingOfWhatHoldsItAndDeletesNothing) {
    const BundleId id = hold("wiki", 1, some_files());
    const BundleId other = hold("papers", 1, {{"f", "harmless"}});
    take_back("alpha\n");
    offer();
    ASSERT_TRUE(wait_for_state(id, State::paused)) << why(id);
    EXPECT_TRUE(swarm_->is_paused(id));
    EXPECT_EQ(view(id).problem->code, Errc::withdrawn);
    EXPECT_EQ(view(id).problem->reason, "malware");
    EXPECT_NE(view(id).problem->message.find("taken back 1 file of wiki-1: malware"),
              std::string::npos);
    EXPECT_TRUE(fs::exists(held_folder("wiki-1") / "a.txt"));
    EXPECT_EQ(view(other).state, State::held) << why(other);

    restart();
    offer();
    EXPECT_TRUE(wait_for_state(id, State::paused)) << why(id);
    ASSERT_TRUE(drop(id));
    EXPECT_FALSE(fs::exists(held_folder("wiki-1") / "a.txt"));
}

TEST_F(WithdrawnFileTest, IsNotFetchedInAnyEdition) {
    const BundleId id = publish("wiki", 2, some_files());
    take_back("alpha\n");
    offer();
    seed(id, "wiki", 2);
    ASSERT_TRUE(set_budget(1'000'000));
    ASSERT_TRUE(wait_for_state(id, State::paused)) << why(id);
    settle();
    EXPECT_FALSE(swarm_->has(id));
    EXPECT_FALSE(fs::exists(held_folder("wiki-2")));
    EXPECT_EQ(get(id).error().code, Errc::withdrawn);
}

TEST(WithdrawnFiles, AreFoundInALongListToo) {
    const auto bad = trust::sha256("bad"), good = trust::sha256("good");
    library::Documents documents;
    documents.sums = good.hex() + "  a\n" + bad.hex() + "  b\n" + bad.hex() + "  c";
    const library::WithdrawnFiles withdrawn{{bad, catalog::WithdrawalReason::legal}};
    const auto found = library::taken_back_in(documents, withdrawn);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->files, 2U);
    EXPECT_EQ(found->reason, catalog::WithdrawalReason::legal);
    documents.sums = good.hex() + "  " + bad.hex() + "\n" + bad.hex().substr(1) + "  c\n";
    EXPECT_FALSE(library::taken_back_in(documents, withdrawn));
}

class ReachTest : public World {
protected:
    ReachTest() {
        trackers_ = {"http://tracker.example/announce", "http://127.0.0.1:6969/announce",
                     "udp://192.168.1.1:80", "http://router/announce"};
        start();
    }
    BundleId fetch() {
        const BundleId id = publish("wiki", 1, some_files());
        offer();
        EXPECT_TRUE(get(id));
        EXPECT_TRUE(wait_for([&] { return swarm_->has(id); })) << why(id);
        return id;
    }
    bool asks_all(const BundleId& id) const { return swarm_->added(id).trackers == trackers_; }
};

TEST_F(ReachTest, AsksNoSignedTrackerInAPrivateNetwork) {
    const BundleId id = fetch();
    EXPECT_EQ(swarm_->added(id).trackers, std::vector<std::string>{trackers_[0]});
}

TEST_F(ReachTest, AsksThemWhereTheUserGaveSuchAnAddressForThePublisher) {
    is_near_ = true;
    EXPECT_TRUE(asks_all(fetch()));
}

TEST_F(ReachTest, AsksThemAsSoonAsTheUserGivesOne) {
    const BundleId id = fetch();
    is_near_ = true;
    offer();
    EXPECT_TRUE(wait_for([&] { return swarm_->has(id) && asks_all(id); })) << why(id);
}

TEST_F(ReachTest, AsksThemWhereTheUserAllowsThemToAll) {
    options_.may_lead_home = true;
    restart();
    EXPECT_TRUE(asks_all(fetch()));
}

TEST_F(ReachTest, TriesAPeerOfOneReleaseForTheOthersOfItsPublisher) {
    const BundleId one = publish("one", 1, {{"f", "1"}});
    const BundleId two = publish("two", 1, {{"f", "2"}});
    const BundleId three = publish("three", 1, {{"f", "3"}});
    offer();
    ASSERT_TRUE(get(one));
    ASSERT_TRUE(wait_for([&] { return swarm_->has(one); }));
    ASSERT_TRUE(get(two, {"127.0.0.1:7"}));
    ASSERT_TRUE(wait_for([&] { return swarm_->has(two); }));
    EXPECT_EQ(std::ranges::count(swarm_->tried_peers(one), "127.0.0.1:7"), 1);
    ASSERT_TRUE(get(three));
    ASSERT_TRUE(wait_for([&] { return swarm_->has(three); }));
    EXPECT_EQ(std::ranges::count(swarm_->tried_peers(three), "127.0.0.1:7"), 1);
}

TEST_F(ReachTest, KeepsAHundredPeersOfAReleaseAtMost) {
    const BundleId id = fetch();
    for (int batch = 0; batch < 3; ++batch) {
        std::vector<std::string> peers;
        for (int i = 0; i < 60; ++i)
            peers.push_back("127.0." + std::to_string(batch) + "." + std::to_string(i) + ":7");
        ASSERT_TRUE(get(id, peers));
    }
    EXPECT_EQ(store_.snapshot.holdings.at(0).peers.size(), 100U);
}

}  // namespace
}  // namespace croft::test
