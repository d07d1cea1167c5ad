#include "swarm/settings_impl.h"

#include <gtest/gtest.h>

#include <limits>

namespace croft::swarm {
namespace {

using lt::settings_pack;

settings_pack settings(const Options& options = {}) { return *make_settings(options, 1024); }

TEST(Settings, NeverMapsAFile) {
    const auto pack = settings();
    EXPECT_EQ(pack.get_int(settings_pack::mmap_file_size_cutoff), std::numeric_limits<int>::max());
    EXPECT_EQ(pack.get_int(settings_pack::disk_write_mode), settings_pack::always_pwrite);
}

TEST(Settings, AskNoRouterAndNoPublicNodeUnlessTold) {
    Options options;
    options.dht_bootstrap.clear();
    const auto pack = settings(options);
    EXPECT_FALSE(pack.get_bool(settings_pack::enable_upnp));
    EXPECT_FALSE(pack.get_bool(settings_pack::enable_natpmp));
    ASSERT_TRUE(pack.has_val(settings_pack::dht_bootstrap_nodes));
    EXPECT_EQ(pack.get_str(settings_pack::dht_bootstrap_nodes), "");
}

TEST(Settings, BoundWhatStrangersCanMakeUsKeep) {
    const auto pack = settings();
    EXPECT_EQ(pack.get_int(settings_pack::max_metadata_size), 16 * 1024 * 1024);
    EXPECT_EQ(pack.get_int(settings_pack::dht_item_lifetime), 7200);
    EXPECT_TRUE(pack.get_bool(settings_pack::ssrf_mitigation));
    EXPECT_TRUE(pack.get_bool(settings_pack::validate_https_trackers));
    EXPECT_FALSE(pack.get_bool(settings_pack::allow_idna));
    EXPECT_FALSE(pack.get_bool(settings_pack::prefer_rc4));
}

TEST(Settings, LetsNoPeerAskForMoreThanItCanHold) {
    EXPECT_LE(settings().get_int(settings_pack::max_allowed_in_request_queue), 500);
}

TEST(Settings, KeepsItsFilesWithinTheProcessLimit) {
    EXPECT_EQ(make_settings({}, 256)->get_int(settings_pack::file_pool_size), 64);
    EXPECT_EQ(make_settings({}, 1 << 20)->get_int(settings_pack::file_pool_size), 400);
}

TEST(Settings, JoinsEveryAddressToListenOn) {
    Options options;
    options.listen = {"127.0.0.1:0", "[::1]:6881"};
    EXPECT_EQ(settings(options).get_str(settings_pack::listen_interfaces),
              "127.0.0.1:0,[::1]:6881");
}

TEST(Settings, RefusesAnAddressThatIsNone) {
    for (const auto* listen : {"", "localhost:1", "127.0.0.1", "1.2.3.4:99999", "eth0:1"}) {
        Options options;
        options.listen = {listen};
        const auto made = make_settings(options, 1024);
        ASSERT_FALSE(made) << listen;
        EXPECT_EQ(made.error().reason, "bad_listen_address");
    }
}

TEST(Settings, RefusesAProxyOfAnotherKind) {
    for (const auto* proxy : {"127.0.0.1:1080", "http://127.0.0.1:1080", "socks5://", "socks5://h",
                              "socks5://h:0", "socks5://user:word@h:1", "SOCKS5://h:1"}) {
        Options options;
        options.proxy = proxy;
        const auto made = make_settings(options, 1024);
        ASSERT_FALSE(made) << proxy;
        EXPECT_EQ(made.error().reason, "bad_proxy");
    }
}

TEST(Settings, BehindAProxyNothingGoesAroundIt) {
    Options options;
    options.proxy = "socks5://127.0.0.1:9050";
    options.port_mapping = options.lsd = true;
    options.dht_bootstrap = {"router.example:6881", "127.0.0.1:6881"};
    const auto pack = settings(options);
    EXPECT_EQ(pack.get_int(settings_pack::proxy_type), settings_pack::socks5);
    EXPECT_EQ(pack.get_str(settings_pack::proxy_hostname), "127.0.0.1");
    EXPECT_EQ(pack.get_int(settings_pack::proxy_port), 9050);
    for (const int always : {settings_pack::proxy_hostnames, settings_pack::proxy_peer_connections,
                             settings_pack::proxy_tracker_connections}) {
        EXPECT_TRUE(pack.get_bool(always));
    }
    for (const int never :
         {settings_pack::enable_lsd, settings_pack::enable_upnp, settings_pack::enable_natpmp}) {
        EXPECT_FALSE(pack.get_bool(never));
    }
    // libtorrent would resolve the name itself.
    EXPECT_EQ(pack.get_str(settings_pack::dht_bootstrap_nodes), "127.0.0.1:6881");
}

}  // namespace
}  // namespace croft::swarm
