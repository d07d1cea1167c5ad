#pragma once

#include "swarm/swarm.h"
#include "testing/loop_thread.h"
#include "testing/test_bundle.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace croft::test {

/// A swarm that is held to the contract, and the network around it.
class SwarmUnderTest {
public:
    virtual ~SwarmUnderTest() = default;
    virtual swarm::Swarm& swarm() = 0;
    /// Somebody else has all of it. Gives the addresses to try for it.
    virtual std::vector<std::string> seed(const TestBundle& bundle) = 0;
};

/// Everything but `swarm()` is called from the test's thread.
using MakeSwarm = std::function<std::unique_ptr<SwarmUnderTest>(
    LoopThread&, std::function<void(swarm::Event)> on_event)>;

struct SwarmKind {
    std::string name;
    MakeSwarm make;
};

/// What every implementation of swarm::Swarm promises. Instantiate it with your `SwarmKind`.
class SwarmContract : public testing::TestWithParam<SwarmKind> {
protected:
    void SetUp() override {
        subject_ = GetParam().make(thread_, [this](swarm::Event event) {
            EXPECT_TRUE(thread_.loop().is_this_thread());
            EXPECT_FALSE(is_calling_) << "an event came inside a call";
            events_.push_back(std::move(event));
        });
    }

    template <class Function>
    void on_loop(Function function) {
        thread_.call([&] {
            function();
            return true;
        });
    }

    void call(const std::function<void(swarm::Swarm&)>& command) {
        on_loop([&] {
            is_calling_ = true;
            command(subject_->swarm());
            is_calling_ = false;
        });
    }

    swarm::Add whole_bundle(const TestBundle& bundle) const {
        swarm::Add add;
        add.torrent = bundle.torrent();
        add.folder = root_.path() / bundle.torrent().name;
        return add;
    }

    std::vector<std::string> seed(const TestBundle& bundle) { return subject_->seed(bundle); }

    template <class Event>
    std::size_t count(const catalog::BundleId& id) const {
        return static_cast<std::size_t>(std::ranges::count_if(events_, [&](const auto& event) {
            const auto* typed = std::get_if<Event>(&event);
            return typed && typed->id == id;
        }));
    }

    template <class Event>
    const Event* last(const catalog::BundleId& id) const {
        const Event* found = nullptr;
        for (const auto& event : events_) {
            const auto* typed = std::get_if<Event>(&event);
            if (typed && typed->id == id) found = typed;
        }
        return found;
    }

    template <class Event>
    bool wait_for(const catalog::BundleId& id, std::size_t times = 1) {
        return thread_.wait_until([&] { return count<Event>(id) >= times; });
    }

    bool wait_for_state(const catalog::BundleId& id, swarm::State state) {
        return thread_.wait_until([&] {
            const auto* progressed = last<swarm::Progressed>(id);
            return progressed && progressed->state == state;
        });
    }

    /// Long enough for what must not happen.
    void let_time_pass() { std::this_thread::sleep_for(std::chrono::milliseconds(1300)); }

    TemporaryFolder root_;
    TestBundle bundle_{"wiki-57", 300'000};
    std::vector<swarm::Event> events_;  ///< touched on the loop only
    bool is_calling_ = false;
    LoopThread thread_;
    std::unique_ptr<SwarmUnderTest> subject_;
};

TEST_P(SwarmContract, DownloadsFromAPeerAndCompletesOnce) {
    auto add = whole_bundle(bundle_);
    add.peers = seed(bundle_);
    call([&](auto& swarm) { swarm.add(add); });
    ASSERT_TRUE(wait_for<swarm::Completed>(bundle_.id()));
    EXPECT_TRUE(bundle_.is_whole_in(root_.path()));
    let_time_pass();
    on_loop([&] { EXPECT_EQ(count<swarm::Completed>(bundle_.id()), 1U); });
}

TEST_P(SwarmContract, ProgressEndsWithTheWholePayload) {
    auto add = whole_bundle(bundle_);
    add.peers = seed(bundle_);
    call([&](auto& swarm) { swarm.add(add); });
    ASSERT_TRUE(wait_for_state(bundle_.id(), swarm::State::seeding));
    on_loop([&] {
        const auto* progressed = last<swarm::Progressed>(bundle_.id());
        EXPECT_EQ(progressed->done_bytes, bundle_.torrent().total_size);
        EXPECT_EQ(progressed->total_bytes, bundle_.torrent().total_size);
    });
}

TEST_P(SwarmContract, AddingTwiceIsHarmless) {
    call([&](auto& swarm) {
        swarm.add(whole_bundle(bundle_));
        swarm.add(whole_bundle(bundle_));
    });
    auto again = whole_bundle(bundle_);
    again.peers = seed(bundle_);
    call([&](auto& swarm) { swarm.add(again); });
    ASSERT_TRUE(wait_for<swarm::Completed>(bundle_.id()));
    let_time_pass();
    on_loop([&] {
        EXPECT_EQ(count<swarm::Completed>(bundle_.id()), 1U);
        EXPECT_EQ(count<swarm::Failed>(bundle_.id()), 0U);
    });
}

TEST_P(SwarmContract, KnowsWhatLiesOnTheDiskAlready) {
    bundle_.copy_to(root_.path());
    call([&](auto& swarm) { swarm.add(whole_bundle(bundle_)); });
    EXPECT_TRUE(wait_for<swarm::Completed>(bundle_.id()));
}

TEST_P(SwarmContract, SeedsAtOnceWhatWasProvedWhole) {
    bundle_.copy_to(root_.path());
    auto add = whole_bundle(bundle_);
    add.have_all = true;
    call([&](auto& swarm) { swarm.add(add); });
    ASSERT_TRUE(wait_for<swarm::Completed>(bundle_.id()));
    EXPECT_TRUE(wait_for_state(bundle_.id(), swarm::State::seeding));
}

TEST_P(SwarmContract, ResumeDataBringsBackWhatWasComplete) {
    auto add = whole_bundle(bundle_);
    add.peers = seed(bundle_);
    call([&](auto& swarm) { swarm.add(add); });
    ASSERT_TRUE(wait_for<swarm::ResumeDataSaved>(bundle_.id()));
    on_loop([&] { add.resume_data = last<swarm::ResumeDataSaved>(bundle_.id())->bytes; });
    EXPECT_FALSE(add.resume_data.empty());
    call([&](auto& swarm) { swarm.remove(bundle_.id()); });
    ASSERT_TRUE(wait_for<swarm::Removed>(bundle_.id()));
    call([&](auto& swarm) { swarm.add(add); });
    EXPECT_TRUE(wait_for<swarm::Completed>(bundle_.id(), 2));
}

TEST_P(SwarmContract, RefusesAFolderOfAnotherName) {
    auto add = whole_bundle(bundle_);
    add.folder = root_.path() / "wiki-58";
    call([&](auto& swarm) { swarm.add(add); });
    ASSERT_TRUE(wait_for<swarm::Failed>(bundle_.id()));
    on_loop([&] {
        EXPECT_EQ(last<swarm::Failed>(bundle_.id())->error.reason, "wrong_folder");
        EXPECT_EQ(count<swarm::Completed>(bundle_.id()), 0U);
    });
}

TEST_P(SwarmContract, NeverMakesAStorageRootThatIsNotThere) {
    auto add = whole_bundle(bundle_);
    add.folder = root_.path() / "disk" / bundle_.torrent().name;
    add.peers = seed(bundle_);
    call([&](auto& swarm) { swarm.add(add); });
    ASSERT_TRUE(wait_for<swarm::Failed>(bundle_.id()));
    on_loop([&] { EXPECT_EQ(last<swarm::Failed>(bundle_.id())->error.reason, "root_missing"); });
    EXPECT_FALSE(std::filesystem::exists(root_.path() / "disk"));
}

TEST_P(SwarmContract, WhatCouldNotBeAddedCanBeAddedAgain) {
    auto add = whole_bundle(bundle_);
    add.folder = root_.path() / "disk" / bundle_.torrent().name;
    add.peers = seed(bundle_);
    call([&](auto& swarm) { swarm.add(add); });
    ASSERT_TRUE(wait_for<swarm::Failed>(bundle_.id()));
    std::filesystem::create_directory(root_.path() / "disk");
    call([&](auto& swarm) { swarm.add(add); });
    EXPECT_TRUE(wait_for<swarm::Completed>(bundle_.id()));
}

TEST_P(SwarmContract, RemovingKeepsTheFiles) {
    bundle_.copy_to(root_.path());
    call([&](auto& swarm) { swarm.add(whole_bundle(bundle_)); });
    ASSERT_TRUE(wait_for<swarm::Completed>(bundle_.id()));
    call([&](auto& swarm) { swarm.remove(bundle_.id()); });
    ASSERT_TRUE(wait_for<swarm::Removed>(bundle_.id()));
    EXPECT_TRUE(bundle_.is_whole_in(root_.path()));
}

TEST_P(SwarmContract, RemovedIsTheLastWordOfABundle) {
    auto add = whole_bundle(bundle_);
    add.peers = seed(bundle_);
    call([&](auto& swarm) {
        swarm.add(add);
        swarm.remove(bundle_.id());
    });
    ASSERT_TRUE(wait_for<swarm::Removed>(bundle_.id()));
    std::size_t events = 0;
    on_loop([&] { events = count<swarm::Progressed>(bundle_.id()); });
    let_time_pass();
    on_loop([&] { EXPECT_EQ(count<swarm::Progressed>(bundle_.id()), events); });
}

TEST_P(SwarmContract, RemovedFollowsAlsoForWhatWasNeverHere) {
    call([&](auto& swarm) { swarm.remove(bundle_.id()); });
    EXPECT_TRUE(wait_for<swarm::Removed>(bundle_.id()));
}

TEST_P(SwarmContract, AddsAgainWhatIsBeingRemoved) {
    bundle_.copy_to(root_.path());
    call([&](auto& swarm) { swarm.add(whole_bundle(bundle_)); });
    ASSERT_TRUE(wait_for<swarm::Completed>(bundle_.id()));
    call([&](auto& swarm) {
        swarm.remove(bundle_.id());
        swarm.add(whole_bundle(bundle_));
    });
    ASSERT_TRUE(wait_for<swarm::Completed>(bundle_.id(), 2));
    on_loop([&] { EXPECT_EQ(count<swarm::Removed>(bundle_.id()), 1U); });
}

TEST_P(SwarmContract, APausedBundleFetchesNothingUntilItIsResumed) {
    auto add = whole_bundle(bundle_);
    add.peers = seed(bundle_);
    call([&](auto& swarm) {
        swarm.add(whole_bundle(bundle_));
        swarm.pause(bundle_.id());
        swarm.connect(bundle_.id(), add.peers);
    });
    ASSERT_TRUE(wait_for_state(bundle_.id(), swarm::State::paused));
    let_time_pass();
    on_loop([&] { EXPECT_EQ(count<swarm::Completed>(bundle_.id()), 0U); });
    call([&](auto& swarm) { swarm.resume(bundle_.id()); });
    EXPECT_TRUE(wait_for<swarm::Completed>(bundle_.id()));
}

TEST_P(SwarmContract, KnowsNoPeersAndNoPiecesOfAStranger) {
    std::atomic<int> answers = 0;
    call([&](auto& swarm) {
        swarm.peers(bundle_.id(), [&](const std::vector<swarm::Peer>& peers) {
            EXPECT_TRUE(thread_.loop().is_this_thread());
            EXPECT_FALSE(is_calling_);
            EXPECT_TRUE(peers.empty());
            ++answers;
        });
        swarm.pieces(bundle_.id(), [&](const std::vector<bool>& pieces) {
            EXPECT_FALSE(is_calling_);
            EXPECT_TRUE(pieces.empty());
            ++answers;
        });
    });
    EXPECT_TRUE(thread_.wait_until([&] { return answers == 2; }));
}

TEST_P(SwarmContract, HasEveryPieceOfWhatIsComplete) {
    bundle_.copy_to(root_.path());
    call([&](auto& swarm) { swarm.add(whole_bundle(bundle_)); });
    ASSERT_TRUE(wait_for<swarm::Completed>(bundle_.id()));
    std::vector<bool> pieces;
    call([&](auto& swarm) {
        swarm.pieces(bundle_.id(), [&](const std::vector<bool>& answer) { pieces = answer; });
    });
    ASSERT_TRUE(thread_.wait_until([&] { return !pieces.empty(); }));
    EXPECT_EQ(pieces.size(), bundle_.torrent().piece_count());
    EXPECT_TRUE(std::ranges::all_of(pieces, std::identity()));
}

TEST_P(SwarmContract, StopSavesAnswersOnceAndIsTheEnd) {
    bundle_.copy_to(root_.path());
    call([&](auto& swarm) { swarm.add(whole_bundle(bundle_)); });
    ASSERT_TRUE(wait_for<swarm::Completed>(bundle_.id()));
    std::size_t answers = 0;
    std::size_t events = 0;
    call([&](auto& swarm) {
        swarm.stop(std::chrono::seconds(10), [&] {
            EXPECT_FALSE(is_calling_);
            EXPECT_GE(count<swarm::ResumeDataSaved>(bundle_.id()), 1U);
            events = events_.size();
            ++answers;
        });
    });
    ASSERT_TRUE(thread_.wait_until([&] { return answers == 1; }));
    call([&](auto& swarm) {
        swarm.add(whole_bundle(bundle_));
        swarm.remove(bundle_.id());
        swarm.pause(bundle_.id());
        swarm.resume(bundle_.id());
        swarm.set_limits(1, 1);
    });
    let_time_pass();
    on_loop([&] {
        EXPECT_EQ(answers, 1U);
        EXPECT_EQ(events_.size(), events);
    });
}

TEST_P(SwarmContract, StopAnswersWhereThereIsNothingToSave) {
    bool answered = false;
    call([&](auto& swarm) { swarm.stop(std::chrono::seconds(10), [&] { answered = true; }); });
    EXPECT_TRUE(thread_.wait_until([&] { return answered; }, std::chrono::seconds(10)));
}

}  // namespace croft::test
