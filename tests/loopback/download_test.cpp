#include "loopback/node.h"

#include <gtest/gtest.h>

#include <chrono>

namespace croft::test {
namespace {

using namespace std::chrono_literals;

/// A publisher's seed, and a follower with an empty folder.
class Download : public testing::Test {
protected:
    swarm::Add bundle_to_fetch() {
        swarm::Add add;
        add.torrent = bundle_.torrent();
        add.folder = root_.path() / bundle_.torrent().name;
        add.peers = {seed_.seed(bundle_)};
        return add;
    }

    TemporaryFolder root_;
    TestBundle bundle_{"wiki-57", 2'000'000};
    LoopThread thread_;
    Node seed_{thread_, 2};
    Node follower_{thread_, 1};
};

TEST_F(Download, BringsEveryByteAndNoPadding) {
    follower_.add(bundle_to_fetch());
    ASSERT_TRUE(follower_.wait_for<swarm::Completed>(bundle_.id()));
    EXPECT_TRUE(bundle_.is_whole_in(root_.path()));
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(root_.path() / "wiki-57"))
        names.push_back(entry.path().filename());
    std::ranges::sort(names);
    EXPECT_EQ(names, (std::vector<std::string>{"articles", "big.bin"}));
}

TEST_F(Download, IsCompleteOnlyWhenEveryByteIsOnTheDisk) {
    const auto source = root_.path() / "source/small-1";
    for (int i = 0; i < 300; ++i)
        write_bytes(source / ("f" + std::to_string(i)), noise(3000, static_cast<unsigned>(i)));
    swarm::Add seeded;
    seeded.torrent = torrent_of(source, TestBundle::piece_length);
    seeded.folder = source;
    seeded.have_all = true;
    seed_.add(seeded);
    const auto id = seeded.torrent.id;
    ASSERT_TRUE(seed_.wait_for<swarm::Completed>(id));

    auto fetched = seeded;
    fetched.have_all = false;
    fetched.folder = root_.path() / "small-1";
    fetched.peers = {seed_.address()};
    int short_files = 0;
    follower_.watch([&](const swarm::Event& event) {
        if (!std::holds_alternative<swarm::Completed>(event)) return;
        for (const auto& file : fetched.torrent.files)
            short_files += read_bytes(fetched.folder / file.path).size() == file.size ? 0 : 1;
    });
    for (std::size_t round = 1; round <= 10; ++round) {
        follower_.add(fetched);
        ASSERT_TRUE(follower_.wait_for<swarm::Completed>(id, round));
        follower_.call([&](auto& swarm) { swarm.remove(id); });
        ASSERT_TRUE(follower_.wait_for<swarm::Removed>(id, round));
        std::filesystem::remove_all(fetched.folder);
    }
    EXPECT_EQ(short_files, 0);
}

TEST_F(Download, ComesFromAPeerThatIsKnownByName) {
    Node by_name(thread_, 1);
    auto add = bundle_to_fetch();
    const auto port = by_name.seed(bundle_).substr(std::string("127.0.0.1").size());
    add.peers = {"localhost" + port};
    Node follower(thread_, 3);
    follower.add(add);
    EXPECT_TRUE(follower.wait_for<swarm::Completed>(bundle_.id()));
}

TEST_F(Download, GoesOnBesidePeersThatAreNone) {
    auto add = bundle_to_fetch();
    add.peers.insert(add.peers.begin(), {"", "nonsense", "127.0.0.9:1", "[::1", "x y:1"});
    follower_.add(add);
    EXPECT_TRUE(follower_.wait_for<swarm::Completed>(bundle_.id()));
}

TEST_F(Download, KeepsToItsLimitOnTheLocalNetworkToo) {
    follower_.call([](auto& swarm) { swarm.set_limits(500'000, 0); });
    const auto start = std::chrono::steady_clock::now();
    follower_.add(bundle_to_fetch());
    ASSERT_TRUE(follower_.wait_for<swarm::Completed>(bundle_.id()));
    EXPECT_GT(std::chrono::steady_clock::now() - start, 2500ms);
}

TEST_F(Download, TellsItsPeersAndPiecesWhileItRuns) {
    follower_.call([](auto& swarm) { swarm.set_limits(200'000, 0); });
    const auto add = bundle_to_fetch();
    follower_.add(add);
    ASSERT_TRUE(follower_.wait_for_progress(bundle_.id(), [](const auto& progressed) {
        return progressed.done_bytes > 0 && progressed.peers == 1;
    }));
    std::vector<swarm::Peer> peers;
    std::vector<bool> pieces;
    follower_.call([&](auto& swarm) {
        swarm.peers(bundle_.id(), [&](auto answer) { peers = std::move(answer); });
        swarm.pieces(bundle_.id(), [&](auto answer) { pieces = std::move(answer); });
    });
    ASSERT_TRUE(thread_.wait_until([&] { return !pieces.empty() && !peers.empty(); }));
    EXPECT_EQ(peers.front().address, add.peers.front());
    EXPECT_TRUE(peers.front().is_seed);
    EXPECT_EQ(peers.front().progress, 1.0);
    EXPECT_TRUE(peers.front().client.starts_with("Croft/")) << peers.front().client;
    EXPECT_EQ(pieces.size(), bundle_.torrent().piece_count());
    EXPECT_GT(std::ranges::count(pieces, true), 0);
    EXPECT_GT(std::ranges::count(pieces, false), 0);
}

TEST_F(Download, RemovedInTheMiddleWritesNothingAnyMore) {
    follower_.call([](auto& swarm) { swarm.set_limits(1'000'000, 0); });
    follower_.add(bundle_to_fetch());
    ASSERT_TRUE(follower_.wait_for_progress(
        bundle_.id(), [](const auto& progressed) { return progressed.done_bytes > 0; }));
    follower_.call([&](auto& swarm) { swarm.remove(bundle_.id()); });
    ASSERT_TRUE(follower_.wait_for<swarm::Removed>(bundle_.id()));
    std::filesystem::remove_all(root_.path() / "wiki-57");
    std::this_thread::sleep_for(1s);
    EXPECT_FALSE(std::filesystem::exists(root_.path() / "wiki-57"));
}

TEST_F(Download, SessionTotalsCountThePayload) {
    follower_.add(bundle_to_fetch());
    ASSERT_TRUE(follower_.wait_for<swarm::Completed>(bundle_.id()));
    EXPECT_TRUE(thread_.wait_until(
        [&] { return follower_.totals().received_bytes >= bundle_.torrent().total_size; }));
    EXPECT_TRUE(thread_.wait_until(
        [&] { return seed_.totals().sent_bytes >= bundle_.torrent().total_size; }));
}

}  // namespace
}  // namespace croft::test
