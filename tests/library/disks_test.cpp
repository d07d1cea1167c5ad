#include "library/admission.h"
#include "library/root_marker.h"
#include "library/world.h"
#include "testing/small_disk.h"

namespace croft::test {
namespace {

using library::KnownRoot;
using library::Lock;
using library::look_at_root;

class RootMarkerTest : public testing::Test {
protected:
    Result<library::FoundRoot> look(const std::string& uuid, bool first = false) {
        return look_at_root({root_, uuid, first}, Lock::keep);
    }
    std::string reason(const std::string& uuid, bool first = false) {
        const auto found = look(uuid, first);
        return found ? "fine" : found.error().reason;
    }
    const TemporaryFolder home_;
    const fs::path root_ = home_.path() / "a/root";
};

TEST_F(RootMarkerTest, MakesARootOnlyAtTheVeryFirstStart) {
    EXPECT_EQ(reason(""), "disk_absent");
    EXPECT_FALSE(fs::exists(home_.path() / "a"));
    const auto made = look("", true);
    ASSERT_TRUE(made) << made.error().message;
    EXPECT_EQ(made->uuid.size(), 36U);
    EXPECT_GT(made->free_bytes, 0U);
    EXPECT_EQ(look("")->uuid, made->uuid);
    EXPECT_EQ(look(made->uuid)->uuid, made->uuid);
}

TEST_F(RootMarkerTest, MarksAnUnknownFolderOnlyWhereItIsEmpty) {
    fs::create_directories(root_ / "lost+found");
    EXPECT_EQ(reason(""), "fine");
    fs::remove(root_ / ".croft-root");
    EXPECT_TRUE(write_file(root_ / "letter.txt", "dear"));
    EXPECT_EQ(reason(""), "root_in_use");
    EXPECT_FALSE(fs::exists(root_ / ".croft-root"));
}

TEST_F(RootMarkerTest, TakesAMountPointWithoutItsDiskForAbsentAndLeavesItEmpty) {
    fs::create_directories(root_);
    EXPECT_EQ(reason("7d9f0b6a-0000-4000-8000-000000000000"), "disk_absent");
    EXPECT_EQ(reason("7d9f0b6a-0000-4000-8000-000000000000", true), "disk_absent");
    EXPECT_TRUE(fs::is_empty(root_));
}

TEST_F(RootMarkerTest, TakesAnotherDiskForAbsent) {
    const auto made = look("", true);
    EXPECT_EQ(reason("7d9f0b6a-0000-4000-8000-000000000000"), "disk_absent");
    EXPECT_EQ(look("")->uuid, made->uuid);
}

TEST(DiskRoom, NeverGoesBelowNothing) {
    EXPECT_EQ((library::DiskRoom{100, 30, 20}.left()), 50U);
    EXPECT_EQ((library::DiskRoom{100, 300, 20}.left()), 0U);
    EXPECT_EQ((library::DiskRoom{100, ~0ULL, ~0ULL}.left()), 0U);
    EXPECT_FALSE(library::does_not_fit(50, {100, 30, 20}));
    EXPECT_EQ(library::does_not_fit(51, {100, 30, 20}), "needs 51 B on the disk, 50 B are left");
}

class DisksTest : public World {
protected:
    DisksTest() { start(); }

    void unmount() { fs::rename(root_ / ".croft-root", home_.path() / "marker"); }
    void mount() { fs::rename(home_.path() / "marker", root_ / ".croft-root"); }
    bool is_present() const { return library_->roots().at(0).is_present; }
};

TEST_F(DisksTest, LeavesTheSwarmWhileADiskIsAbsentAndComesBackByItself) {
    const BundleId held = hold("wiki", 1, some_files());
    const BundleId fetching = publish("papers", 1, some_files());
    offer();
    ASSERT_TRUE(get(fetching));
    ASSERT_TRUE(wait_for([&] { return swarm_->has(fetching); }));

    unmount();
    ASSERT_TRUE(wait_for([&] { return !swarm_->has(held) && !swarm_->has(fetching); }));
    EXPECT_FALSE(is_present());
    EXPECT_EQ(view(held).problem->reason, "disk_absent");
    EXPECT_EQ(view(fetching).state, State::paused);
    EXPECT_EQ(drop(held).error().reason, "disk_absent");
    EXPECT_TRUE(fs::exists(held_folder("wiki-1") / "a.txt"));

    mount();
    EXPECT_TRUE(wait_for([&] { return swarm_->has(held) && swarm_->has(fetching); }));
    EXPECT_TRUE(swarm_->added(held).have_all);
    EXPECT_EQ(view(held).state, State::held);
    EXPECT_FALSE(view(held).problem);
}

TEST_F(DisksTest, MakesNothingInAnEmptyMountPoint) {
    const BundleId held = hold("wiki", 1, some_files());
    const BundleId wanted = publish("papers", 1, some_files());
    stop();
    fs::rename(root_, home_.path() / "disk");
    fs::create_directory(root_);
    start();
    offer();
    ASSERT_TRUE(get(wanted));
    settle();
    EXPECT_TRUE(fs::is_empty(root_));
    EXPECT_FALSE(swarm_->has(held));
    EXPECT_EQ(view(wanted).waits_for, "its disk is absent");

    fs::remove(root_);
    fs::rename(home_.path() / "disk", root_);
    EXPECT_TRUE(wait_for([&] { return swarm_->has(held) && swarm_->has(wanted); }))
        << why(held) << " / " << why(wanted);
}

TEST_F(DisksTest, LeavesARootToTheDaemonThatHasIt) {
    FakeStore other_store(loop_);
    const library::Library other(
        loop_, *pool_, other_store, [] { return TestPublisher::now; }, options_,
        other_store.snapshot);
    EXPECT_FALSE(other.roots().at(0).is_present);
    EXPECT_EQ(other.roots().at(0).problem->code, Errc::conflict);
    EXPECT_EQ(other.roots().at(0).problem->reason, "locked");
}

TEST_F(DisksTest, RefusesWhatTheDiskCouldNotTake) {
    options_.keep_free = ~0ULL;
    restart();
    const BundleId id = publish("wiki", 1, some_files());
    offer();
    EXPECT_EQ(get(id).error().code, Errc::no_space);
    ASSERT_TRUE(set_budget(1'000'000));
    ASSERT_TRUE(wait_for_state(id, State::queued));
    settle();
    EXPECT_NE(view(id).waits_for.find("on the disk, 0 B are left"), std::string::npos) << why(id);
    EXPECT_FALSE(swarm_->has(id));
}

TEST_F(DisksTest, PromisesTheSameRoomOnlyOnce) {
    // A disk that nobody else writes to: one fits, not both.
    const SmallDisk disk("4m");
    if (!disk.is_mounted()) GTEST_SKIP() << "this process may not mount a tmpfs";
    options_.roots = {disk.path()};
    options_.keep_free = (4ULL << 20) - 300'000;
    restart();
    const BundleId one = publish("one", 1, {{"f", std::string(200'000, '1')}});
    const BundleId two = publish("two", 1, {{"f", std::string(200'000, '2')}});
    offer();
    ASSERT_TRUE(set_budget(1'000'000));
    settle();
    EXPECT_NE(swarm_->has(one), swarm_->has(two)) << why(one) << " / " << why(two);
    stop();
}

TEST_F(DisksTest, PausesEveryDownloadOfAFullDiskKeepsSeedingAndGoesOnByItself) {
    const BundleId held = hold("wiki", 1, some_files());
    const BundleId one = publish("one", 1, some_files());
    const BundleId two = publish("two", 1, some_files());
    offer();
    ASSERT_TRUE(get(one));
    ASSERT_TRUE(get(two));
    ASSERT_TRUE(wait_for([&] { return swarm_->has(one) && swarm_->has(two); }));
    std::vector<State> states;
    library_->on_changed = [&](const library::ReleaseView& view) {
        if (view.id == two) states.push_back(view.state);
    };
    swarm_->fail(one, {Errc::no_space, "disk_full", "no space left on device"});
    // The disk of the test has room, so both go on at the next look.
    ASSERT_TRUE(wait_for([&] {
        return std::ranges::count(states, State::paused) > 0 &&
               view(two).state == State::fetching && !swarm_->is_paused(one);
    })) << why(one)
        << " / " << why(two);
    EXPECT_FALSE(view(one).problem);
    EXPECT_FALSE(swarm_->is_paused(held));
    EXPECT_EQ(view(held).state, State::held);
}

TEST_F(DisksTest, TriesAgainWhatFailedAndSaysWhy) {
    const BundleId id = hold("wiki", 1, some_files());
    swarm_->fail(id, {Errc::io, "read_failed", "a.txt can't be read"});
    ASSERT_TRUE(wait_for_state(id, State::failed));
    EXPECT_EQ(view(id).problem->message, "a.txt can't be read");
    EXPECT_TRUE(wait_for([&] { return swarm_->has(id) && view(id).state == State::held; }));
}

}  // namespace
}  // namespace croft::test
