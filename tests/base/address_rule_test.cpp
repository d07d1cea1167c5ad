#include "base/address_rule.h"

#include <gtest/gtest.h>

namespace croft {
namespace {

TEST(AddressRule, KnowsWhatIsNotOfThePublicInternet) {
    for (const char* address : {"0.0.0.0",
                                "10.0.0.1",
                                "10.255.255.255",
                                "100.64.0.1",
                                "100.127.255.255",
                                "127.0.0.1",
                                "127.255.0.9",
                                "169.254.169.254",
                                "172.16.0.1",
                                "172.31.255.255",
                                "192.0.0.8",
                                "192.0.2.1",
                                "192.168.1.1",
                                "198.18.0.1",
                                "198.19.255.255",
                                "198.51.100.7",
                                "203.0.113.9",
                                "224.0.0.251",
                                "239.1.1.1",
                                "240.0.0.1",
                                "255.255.255.255",
                                "::",
                                "::1",
                                "fe80::1",
                                "fe80::1%eth0",
                                "fc00::1",
                                "fd12:3456::1",
                                "ff02::1",
                                "2001:db8::1",
                                "2001::1",
                                "2001:10::1",
                                "3fff:1::1",
                                "64:ff9b:1::1",
                                "100::1",
                                "5f00::1",
                                "fec0::1"})
        EXPECT_TRUE(is_private_address(address)) << address;
}

TEST(AddressRule, KnowsThePublicInternet) {
    for (const char* address :
         {"1.1.1.1",         "9.255.255.255",   "11.0.0.0",        "100.63.255.255", "100.128.0.0",
          "126.255.255.255", "128.0.0.1",       "169.253.255.255", "172.15.255.255", "172.32.0.0",
          "192.0.1.1",       "192.167.255.255", "192.169.0.1",     "198.17.255.255", "198.20.0.1",
          "223.255.255.255", "2a00:1450::1",    "2606:4700::1111", "2001:200::1",    "3ffe::1"})
        EXPECT_FALSE(is_private_address(address)) << address;
}

TEST(AddressRule, LooksThroughIpv4InsideIpv6) {
    EXPECT_TRUE(is_private_address("::ffff:127.0.0.1"));
    EXPECT_TRUE(is_private_address("::ffff:192.168.0.1"));
    EXPECT_FALSE(is_private_address("::ffff:1.1.1.1"));
    EXPECT_TRUE(is_private_address("64:ff9b::10.0.0.1"));
    EXPECT_FALSE(is_private_address("64:ff9b::1.1.1.1"));
    EXPECT_TRUE(is_private_address("2002:7f00:1::"));
    EXPECT_FALSE(is_private_address("2002:101:101::1"));
    EXPECT_TRUE(is_private_address("::127.0.0.1")) << "compatible addresses are long gone";
}

TEST(AddressRule, TrustsNothingThatIsNoAddress) {
    for (const char* text : {"", "example.org", "1.1.1", "01.1.1.1", "1.1.1.1 ", "[::1]"})
        EXPECT_TRUE(is_private_address(text)) << text;
}

TEST(LocalHost, TellsNamesOfTheOwnNetworkFromThoseOfTheInternet) {
    for (const char* host : {"127.0.0.1", "[::1]", "192.168.1.7", "localhost", "LOCALHOST.", "nas",
                             "nas.local", "feed.lan", "a.internal", "x.home.arpa", "a.localhost"})
        EXPECT_TRUE(is_local_host(host)) << host;
    for (const char* host : {"1.1.1.1", "[2606:4700::1111]", "archive.example", "local.example.org",
                             "mylocal.org", "notlan.net."})
        EXPECT_FALSE(is_local_host(host)) << host;
}

TEST(AddressRule, TakesOldSpellingsOfAnAddressForLocal) {
    for (const char* host :
         {"127.1", "0x7f.1", "0x7f.0.0.0x1", "2130706433", "10.0.0.01", "127.1."})
        EXPECT_TRUE(is_local_host(host)) << host;
    EXPECT_FALSE(is_local_host("1.example.org"));
    EXPECT_FALSE(is_local_host("0x7f.example"));
}

TEST(AddressRule, JudgesAUrlByItsHost) {
    for (const char* url :
         {"http://127.0.0.1:6969/announce", "udp://[::1]:6969", "http://nas/announce",
          "http://tracker.example@127.0.0.1/a", "http://tracker.example:80@10.0.0.1:80/a",
          "http://%31%32%37.0.0.1/", "http://127.0.0.1\\@tracker.example/", "http:///announce",
          "tracker.example", "", "http://[::ffff:127.0.0.1]/",
          "https://localhost?x=tracker.example", "http://0x7f.1/a", "http://[::1",
          "http://a b.example/"})
        EXPECT_TRUE(is_local_url(url)) << url;
    for (const char* url :
         {"http://tracker.example.org:6969/announce", "udp://tracker.example.org:1337",
          "https://93.184.216.34/a", "http://[2606:2800:220:1::1]:80/announce",
          "https://tracker.example.org/127.0.0.1", "wss://tracker.example.org?127.0.0.1"})
        EXPECT_FALSE(is_local_url(url)) << url;
}

}  // namespace
}  // namespace croft
