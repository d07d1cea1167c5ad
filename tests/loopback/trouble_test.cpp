#include "loopback/node.h"
#include "testing/small_disk.h"

#include <gtest/gtest.h>

#include <fstream>
#include <thread>

namespace croft::test {
namespace {

using namespace std::chrono_literals;

class Trouble : public testing::Test {
protected:
    swarm::Add bundle_in(const std::filesystem::path& bundles) const {
        swarm::Add add;
        add.torrent = bundle_.torrent();
        add.folder = bundles / bundle_.torrent().name;
        return add;
    }

    TemporaryFolder root_;
    TestBundle bundle_{"wiki-57", 3'000'000};
    LoopThread thread_;
};

TEST_F(Trouble, AFullDiskStopsTheDownloadUntilThereIsRoom) {
    SmallDisk disk("1m");
    if (!disk.is_mounted()) GTEST_SKIP() << "a mount is not allowed here";
    Node seed(thread_, 2);
    Node node(thread_, 1);
    auto add = bundle_in(disk.path());
    add.peers = {seed.seed(bundle_)};
    node.add(add);
    ASSERT_TRUE(node.wait_for<swarm::Failed>(bundle_.id()));
    EXPECT_EQ(node.all<swarm::Failed>(bundle_.id()).back().error.code, Errc::no_space);
    ASSERT_TRUE(node.wait_for_progress(bundle_.id(), [](const auto& progressed) {
        return progressed.state == swarm::State::failed;
    }));
    std::this_thread::sleep_for(1500ms);
    EXPECT_EQ(node.all<swarm::Failed>(bundle_.id()).size(), 1U);
    EXPECT_TRUE(node.all<swarm::Completed>(bundle_.id()).empty());

    ASSERT_TRUE(disk.resize("10m"));
    node.call([&](auto& swarm) { swarm.resume(bundle_.id()); });
    ASSERT_TRUE(node.wait_for<swarm::Completed>(bundle_.id()));
    EXPECT_TRUE(bundle_.is_whole_in(disk.path()));
}

TEST_F(Trouble, AFlippedByteIsNoticedBeforeItIsSent) {
    bundle_.copy_to(root_.path());
    std::fstream file(root_.path() / "wiki-57/big.bin",
                      std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(1'000'000);
    const char byte = static_cast<char>(file.get());
    file.seekp(1'000'000);
    file.put(static_cast<char>(byte ^ 1));
    file.close();

    Node rotten(thread_, 2);
    auto held = bundle_in(root_.path());
    held.have_all = true;
    rotten.add(held);
    ASSERT_TRUE(rotten.wait_for<swarm::Completed>(bundle_.id()));

    const TemporaryFolder other;
    Node node(thread_, 1);
    auto add = bundle_in(other.path());
    add.peers = {rotten.address()};
    node.add(add);
    const auto all_but_one = bundle_.torrent().total_size - TestBundle::piece_length;
    for (Node* one : {&rotten, &node}) {
        EXPECT_TRUE(one->wait_for_progress(bundle_.id(), [&](const auto& progressed) {
            return progressed.state == swarm::State::downloading &&
                   progressed.done_bytes == all_but_one;
        }));
    }
    EXPECT_EQ(rotten.all<swarm::Damaged>(bundle_.id()).size(), 1U);
    // What came is what could be kept: the damaged piece is not in it. libtorrent sends the padding
    // behind a file's end too, so whole pieces are counted.
    EXPECT_LE(node.all<swarm::Progressed>(bundle_.id()).back().received_bytes,
              (bundle_.torrent().piece_count() - 1) * TestBundle::piece_length);
    EXPECT_TRUE(node.all<swarm::Completed>(bundle_.id()).empty());
}

TEST_F(Trouble, AFileThatVanishesUnderASeedIsToldOnce) {
    bundle_.copy_to(root_.path());
    Node seed(thread_, 2);
    seed.add(bundle_in(root_.path()));
    ASSERT_TRUE(seed.wait_for<swarm::Completed>(bundle_.id()));
    std::filesystem::remove_all(root_.path() / "wiki-57");
    const TemporaryFolder other;
    Node node(thread_, 1);
    auto add = bundle_in(other.path());
    add.peers = {seed.address()};
    node.add(add);
    ASSERT_TRUE(seed.wait_for<swarm::Failed>(bundle_.id()));
    EXPECT_EQ(seed.all<swarm::Failed>(bundle_.id()).back().error.code, Errc::not_found);
    EXPECT_TRUE(seed.wait_for_progress(bundle_.id(), [](const auto& progressed) {
        return progressed.state == swarm::State::failed;
    }));
}

TEST_F(Trouble, NothingGoesPastAProxyThatIsDown) {
    Node seed(thread_, 2);
    auto options = Node::options(1);
    options.proxy = "socks5://127.0.0.1:1";
    Node node(thread_, options);
    auto add = bundle_in(root_.path());
    add.peers = {seed.seed(bundle_)};
    node.add(add);
    std::this_thread::sleep_for(3s);
    EXPECT_TRUE(node.all<swarm::Completed>(bundle_.id()).empty());
    EXPECT_EQ(seed.totals().sent_bytes, 0U);
    EXPECT_EQ(seed.totals().peers, 0U);
}

TEST_F(Trouble, AddressesThatCannotBeUnderstoodAreRefused) {
    for (const auto& [listen, proxy] : {std::pair("127.0.0.1", ""), std::pair("localhost:0", ""),
                                        std::pair("127.0.0.1:0", "http://127.0.0.1:1"),
                                        std::pair("127.0.0.1:0", "socks5://127.0.0.1")}) {
        auto options = Node::options(1);
        options.listen = {listen};
        options.proxy = proxy;
        const auto made = thread_.call([&] {
            return swarm::make_libtorrent_swarm(thread_.loop(), options, [](auto&&) {}).has_value();
        });
        EXPECT_FALSE(made) << listen << " " << proxy;
    }
}

}  // namespace
}  // namespace croft::test
