#include "swarm/addresses_impl.h"

#include <gtest/gtest.h>

namespace croft::swarm {
namespace {

TEST(HostPort, ReadsAddressesAndNames) {
    for (const auto* text : {"127.0.0.1:6881", "[::1]:6881", "node.example:1", "0.0.0.0:0"}) {
        const auto parsed = parse_host_port(text);
        ASSERT_TRUE(parsed) << text;
        EXPECT_EQ(parsed->text(), text);
    }
    EXPECT_TRUE(parse_host_port("[::]:51413")->is_numeric);
    EXPECT_FALSE(parse_host_port("node.example:1")->is_numeric);
}

TEST(HostPort, RefusesWhatIsNeither) {
    for (const auto* text : {"",        ":",          "host",          "host:",
                             ":1",      "host:65536", "host:-1",       "host:1x",
                             "host: 1", "::1:6881",   "[127.0.0.1]:1", "[::1:1",
                             "[]:1",    "[host]:1",   "-host:1",       ".host:1",
                             "a b:1",   "a/b:1",      "user@host:1",   "h\xc3\xb6st:1"}) {
        EXPECT_FALSE(parse_host_port(text)) << text;
    }
    EXPECT_FALSE(parse_host_port(std::string(254, 'a') + ":1"));
}

}  // namespace
}  // namespace croft::swarm
