#include "catalog/follow_uri.h"

#include "testing/vectors.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace croft::catalog {
namespace {

std::string vector_uri() {
    const std::string json = test::read_vector("docs/keys/index.json");
    const std::size_t start = json.find("magnet:");
    return json.substr(start, json.find('"', start) - start);
}

const std::string key = "xs=urn:btpk:" + std::string(64, 'a');

std::string reason_of(const std::string& parameters) {
    const auto uri = FollowUri::parse("magnet:?" + parameters);
    return uri ? "fine" : uri.error().reason;
}

TEST(FollowUri, IsReadAndWrittenAsTheVectorHasIt) {
    const auto uri = FollowUri::parse(vector_uri());
    ASSERT_TRUE(uri) << uri.error().message;
    EXPECT_EQ(to_hex(uri->beacon_key),
              "bd49c0e61802781359a662c07a4a4f11093ff4d999000eca3f81e9551a6c5ea3");
    EXPECT_EQ(uri->salt, "croft/1");
    EXPECT_EQ(uri->name, "Example Open Archive");
    EXPECT_EQ(uri->publisher->hex(),
              "df053e80dcc4862157d7c99e60da69229c58ef0052b3b904d74a223a976a8303");
    EXPECT_EQ(uri->feeds, std::vector<std::string>{"https://archive.example/feed/"});
    EXPECT_EQ(uri->text(), vector_uri());
}

// The two magnet links that BEP 46 prints.
TEST(FollowUri, ReadsPlainBep46MagnetsWithoutAnAnchor) {
    const std::string plain =
        "magnet:?xs=urn:btpk:8543d3e6115f0f98c944077a4493dcd543e49c739fd998550a1f614ab36ed63e";
    EXPECT_EQ(FollowUri::parse(plain).value().publisher, std::nullopt);
    EXPECT_EQ(FollowUri::parse(plain + "&s=6e").value().salt, "n");
}

TEST(FollowUri, TakesPeersAndSeveralFeedsAndIgnoresWhatOthersAdd) {
    const auto uri =
        FollowUri::parse("magnet:?" + key +
                         "&xs=http%3A%2F%2F[::1]:80%2Ff&xs=https://b.example&x.pe=10.0.0.1:6881"
                         "&x.pe=[2001:db8::1]:7&x.pe=host.example:1&xt=urn:btmh:1220&x.new=%41");
    ASSERT_TRUE(uri) << uri.error().message;
    EXPECT_EQ(uri->feeds, (std::vector<std::string>{"http://[::1]:80/f", "https://b.example"}));
    EXPECT_EQ(uri->peers,
              (std::vector<std::string>{"10.0.0.1:6881", "[2001:db8::1]:7", "host.example:1"}));
}

TEST(FollowUri, RefusesEachFaultWithItsOwnReason) {
    const std::string id(64, 'b');
    EXPECT_EQ(reason_of(key + "&x.pub=" + id), "fine");
    EXPECT_EQ(reason_of("x.pub=" + id), "uri_key");
    EXPECT_EQ(reason_of("xs=urn:btpk:" + std::string(63, 'a')), "uri_key");
    EXPECT_EQ(reason_of("xs=urn:btpk:" + std::string(64, 'A')), "uri_key");
    EXPECT_EQ(reason_of(key + "&" + key), "uri_duplicate");
    EXPECT_EQ(reason_of(key + "&dn=a&dn=b"), "uri_duplicate");
    EXPECT_EQ(reason_of(key + "&x.pub=" + id + "&x.pub=" + id), "uri_duplicate");
    EXPECT_EQ(reason_of(key + "&x.pub=" + id + "0"), "uri_publisher");
    EXPECT_EQ(reason_of(key + "&s=abc"), "uri_salt");
    EXPECT_EQ(reason_of(key + "&s=" + std::string(130, 'a')), "uri_salt");
    EXPECT_EQ(reason_of(key + "&dn=%ff"), "uri_name");
    EXPECT_EQ(reason_of(key + "&dn=%f"), "uri_syntax");
    EXPECT_EQ(reason_of(key + "&dn=%-1"), "uri_syntax");
    EXPECT_EQ(reason_of(key + "&junk"), "uri_syntax");
    EXPECT_EQ(reason_of(key + "&dn=two words"), "uri_characters");
    EXPECT_EQ(reason_of(key + "&dn=é"), "uri_characters");
    for (const auto* feed :
         {"ftp://a/", "file:///etc/passwd", "http://", "https://u:p@h/", "https://h/?q",
          "https://h/#f", "https://h%0d%0aX:/", "javascript:1"}) {
        EXPECT_EQ(reason_of(key + "&xs=" + feed), "uri_feed") << feed;
    }
    for (const auto* peer : {"host", "host:", "host:0", "host:65536", ":1", "a/b:1", "::1:6881x"}) {
        EXPECT_EQ(reason_of(key + "&x.pe=" + peer), "uri_peer") << peer;
    }
    EXPECT_EQ(reason_of(key + "&dn=" + std::string(4096, 'a')), "uri_too_long");
    EXPECT_EQ(FollowUri::parse("http://example/?" + key).error().reason, "uri_scheme");
}

RC_GTEST_PROP(FollowUriProperty, ReadsWhatItWroteWhateverTheName, (const std::string& bytes)) {
    FollowUri uri;
    uri.beacon_key.fill(7);
    uri.salt = bytes.substr(0, 64);
    for (const char c : bytes.substr(0, 500)) {
        if (static_cast<unsigned char>(c) < 0x80) uri.name += c;
    }
    uri.peers = {"h:1"};
    const auto again = FollowUri::parse(uri.text());
    RC_ASSERT(again.has_value());
    RC_ASSERT(again->name == uri.name);
    RC_ASSERT(again->salt == uri.salt);
    RC_ASSERT(again->text() == uri.text());
}

}  // namespace
}  // namespace croft::catalog
