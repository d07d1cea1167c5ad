#include "loopback/node.h"

#include <gtest/gtest.h>

namespace croft::test {
namespace {

/// A node of a DHT on loopback: one in each /24, as the DHT's own rules against floods want it.
swarm::Options dht_options(int number, const std::vector<std::string>& bootstrap) {
    auto options = Node::options(1);
    options.listen = {"127.0." + std::to_string(number) + ".1:0"};
    options.dht = true;
    options.dht_bootstrap = bootstrap;
    return options;
}

TEST(Discovery, FindsASeedThroughTheDhtAlone) {
    const TemporaryFolder root;
    const TestBundle bundle("wiki-57", 300'000);
    LoopThread thread;
    Node first(thread, dht_options(11, {}));
    Node seed(thread, dht_options(12, {first.address()}));
    seed.seed(bundle);
    Node follower(thread, dht_options(13, {first.address()}));
    swarm::Add add;
    add.torrent = bundle.torrent();
    add.folder = root.path() / "wiki-57";
    follower.add(add);
    EXPECT_TRUE(follower.wait_for<swarm::Completed>(bundle.id()));
}

/// Knows nobody but the one that it is told.
class DhtOfTwo : public testing::Test {
protected:
    swarm::Add bundle_of(Node& other) {
        swarm::Add add;
        add.torrent = bundle_.torrent();
        add.folder = root_.path() / "wiki-57";
        add.peers = {other.address()};
        return add;
    }

    bool knows_one_node(Node& node) {
        return thread_.wait_until([&] { return node.totals().dht_nodes == 1; });
    }

    const TestBundle bundle_{"wiki-57", 100'000};
    const TemporaryFolder root_, state_;
    LoopThread thread_;
    Node first_{thread_, dht_options(11, {})};
};

TEST_F(DhtOfTwo, APeerThatIsGivenIsANodeToo) {
    Node second(thread_, dht_options(12, {}));
    second.add(bundle_of(first_));
    EXPECT_TRUE(knows_one_node(second));
}

TEST_F(DhtOfTwo, ARestartKnowsTheNodesOfBefore) {
    auto options = dht_options(12, {"127.0.13.1:9"});  // where nobody answers
    options.state_folder = state_.path();
    {
        Node second(thread_, options);
        second.add(bundle_of(first_));
        ASSERT_TRUE(knows_one_node(second));
        ASSERT_TRUE(second.stop());
    }
    Node second(thread_, options);
    EXPECT_TRUE(knows_one_node(second));
}

TEST(Discovery, BrokenDhtStateIsNoObstacle) {
    const TemporaryFolder state;
    write_bytes(state.path() / "dht.state", "d4:spam");
    LoopThread thread;
    auto options = dht_options(11, {});
    options.state_folder = state.path();
    Node node(thread, options);
    EXPECT_FALSE(node.address().empty());
}

}  // namespace
}  // namespace croft::test
