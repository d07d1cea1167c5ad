// Bundles with a v1 twin, and clients that know v1 only.

#include "bundle/v1_twin.h"
#include "loopback/node.h"

#include <gtest/gtest.h>
#include <libtorrent/load_torrent.hpp>
#include <libtorrent/session.hpp>
#include <libtorrent/session_params.hpp>
#include <libtorrent/settings_pack.hpp>
#include <libtorrent/torrent_flags.hpp>
#include <libtorrent/torrent_status.hpp>

#include <chrono>
#include <thread>

namespace croft::test {
namespace {

namespace lt = libtorrent;
using namespace std::chrono_literals;

/// Somebody else's client, which was given the twin's `.torrent` and knows of nothing else.
class OldClient {
public:
    OldClient(const std::string& address, const bundle::Torrent& hybrid,
              const std::filesystem::path& root, lt::torrent_flags_t flags = {})
        : session_(params(address)) {
        auto add = lt::load_torrent_buffer(bundle::v1_torrent(bundle::v1_twin_of(hybrid), {}));
        add.save_path = root.native();
        add.flags |= flags;
        torrent_ = session_.add_torrent(std::move(add));
    }

    void connect(const std::string& address) {
        const auto colon = address.rfind(':');
        torrent_.connect_peer({lt::make_address(address.substr(0, colon)),
                               static_cast<std::uint16_t>(std::stoi(address.substr(colon + 1)))});
    }
    bool is_whole() const { return torrent_.status().is_seeding; }
    std::int64_t sent() const { return torrent_.status().total_payload_upload; }
    std::string address() const {
        return session_.get_torrents().empty()
                   ? ""
                   : listen_ + ":" + std::to_string(session_.listen_port());
    }

private:
    lt::session_params params(const std::string& address) {
        listen_ = address;
        lt::session_params params;
        auto& pack = params.settings;
        pack.set_str(lt::settings_pack::listen_interfaces, address + ":0");
        for (const int off :
             {lt::settings_pack::enable_dht, lt::settings_pack::enable_lsd,
              lt::settings_pack::enable_upnp, lt::settings_pack::enable_natpmp,
              lt::settings_pack::enable_incoming_utp, lt::settings_pack::enable_outgoing_utp}) {
            pack.set_bool(off, false);
        }
        return params;
    }

    std::string listen_;
    lt::session session_;
    lt::torrent_handle torrent_;
};

class Twin : public testing::Test {
protected:
    swarm::Add bundle_in(const std::filesystem::path& root) const {
        swarm::Add add;
        add.torrent = bundle_.torrent();
        add.folder = root / bundle_.torrent().name;
        add.has_v1_twin = true;
        return add;
    }

    static swarm::Options impatient(int number) {
        auto options = Node::options(number);
        options.twin_patience = 1s;
        return options;
    }

    bool wait_until(const std::function<bool()>& condition) {
        return thread_.wait_until(condition, 30s);
    }

    TemporaryFolder root_, other_root_;
    TestBundle bundle_{"wiki-57", 2'000'000};
    LoopThread thread_;
};

TEST_F(Twin, IsSeededToAClientThatKnowsV1Only) {
    Node seed(thread_, impatient(2));
    auto add = bundle_in(bundle_.folder().parent_path());
    add.have_all = true;
    seed.add(add);
    ASSERT_TRUE(seed.wait_for<swarm::Completed>(bundle_.id()));
    OldClient old("127.0.0.3", bundle_.torrent(), root_.path());
    old.connect(seed.address());
    ASSERT_TRUE(wait_until([&] { return old.is_whole(); }));
    EXPECT_TRUE(bundle_.is_whole_in(root_.path()));
    EXPECT_TRUE(seed.wait_for_progress(bundle_.id(), [&](const auto& progressed) {
        return progressed.sent_bytes >= bundle_.torrent().total_size;
    })) << "what the companion sends counts too";
}

TEST_F(Twin, BringsABundleFromASeedThatKnowsV1Only) {
    OldClient old("127.0.0.3", bundle_.torrent(), bundle_.folder().parent_path());
    ASSERT_TRUE(wait_until([&] { return old.is_whole(); }));
    Node follower(thread_, impatient(2));
    auto add = bundle_in(root_.path());
    add.peers = {old.address()};
    follower.add(add);
    ASSERT_TRUE(follower.wait_for<swarm::Completed>(bundle_.id()));
    EXPECT_TRUE(bundle_.is_whole_in(root_.path()));

    // It has become a seed of the hybrid: for somebody who knows nothing of the twin.
    Node next(thread_, 4);
    swarm::Add hybrid = bundle_in(other_root_.path());
    hybrid.has_v1_twin = false;
    hybrid.peers = {follower.address()};
    next.add(hybrid);
    EXPECT_TRUE(next.wait_for<swarm::Completed>(bundle_.id()));
    EXPECT_EQ(follower.all<swarm::Completed>(bundle_.id()).size(), 1U);
}

TEST_F(Twin, KeepsWhatCameFromTheHybridsPeers) {
    OldClient old("127.0.0.3", bundle_.torrent(), bundle_.folder().parent_path());
    ASSERT_TRUE(wait_until([&] { return old.is_whole(); }));
    Node seed(thread_, 4);
    Node follower(thread_, impatient(2));
    follower.call([](auto& swarm) { swarm.set_limits(300'000, 0); });
    auto add = bundle_in(root_.path());
    add.peers = {seed.seed(bundle_)};
    follower.add(add);
    ASSERT_TRUE(follower.wait_for_progress(
        bundle_.id(), [](const auto& progressed) { return progressed.done_bytes > 600'000; }));
    seed.kill();
    follower.call([&](auto& swarm) {
        swarm.set_limits(0, 0);
        swarm.connect(bundle_.id(), {old.address()});
    });
    ASSERT_TRUE(follower.wait_for<swarm::Completed>(bundle_.id()));
    EXPECT_TRUE(bundle_.is_whole_in(root_.path()));
    EXPECT_LT(old.sent(), 1'500'000);
}

TEST_F(Twin, SavesResumeDataThatTheHybridGoesOnWith) {
    OldClient old("127.0.0.3", bundle_.torrent(), bundle_.folder().parent_path());
    ASSERT_TRUE(wait_until([&] { return old.is_whole(); }));
    std::string saved;
    {
        Node follower(thread_, impatient(2));
        follower.call([](auto& swarm) { swarm.set_limits(300'000, 0); });
        auto add = bundle_in(root_.path());
        add.peers = {old.address()};
        follower.add(add);
        ASSERT_TRUE(follower.wait_for_progress(
            bundle_.id(), [](const auto& progressed) { return progressed.done_bytes > 600'000; }));
        ASSERT_TRUE(follower.stop());
        saved = follower.all<swarm::ResumeDataSaved>(bundle_.id()).back().bytes;
    }
    Node again(thread_, 5);
    auto add = bundle_in(root_.path());
    add.resume_data = saved;
    again.add(add);
    EXPECT_TRUE(again.wait_for_progress(bundle_.id(), [](const auto& progressed) {
        return progressed.state == swarm::State::downloading && progressed.done_bytes > 500'000;
    }));
}

TEST_F(Twin, LeavesForGoodAlsoWhileItChanges) {
    Node follower(thread_, impatient(2));
    for (std::size_t round = 1; round <= 3; ++round) {
        follower.add(bundle_in(root_.path()));
        std::this_thread::sleep_for(round * 500ms);
        follower.call([&](auto& swarm) { swarm.remove(bundle_.id()); });
        ASSERT_TRUE(follower.wait_for<swarm::Removed>(bundle_.id(), round));
    }
    EXPECT_TRUE(follower.stop());
}

}  // namespace
}  // namespace croft::test
