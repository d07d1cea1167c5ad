#include "feeds/url_impl.h"

#include <gtest/gtest.h>

namespace croft::feeds {
namespace {

std::string refusal_of(const std::string& url) {
    const auto parsed = Url::parse(url);
    return parsed ? "taken" : parsed.error().reason;
}

TEST(Url, RefusesWhatWeDoNotFetch) {
    EXPECT_EQ(refusal_of("ftp://archive.example/"), "url_scheme");
    EXPECT_EQ(refusal_of("file:///etc/passwd"), "url_scheme");
    EXPECT_EQ(refusal_of("gopher://archive.example/"), "url_scheme");
    EXPECT_EQ(refusal_of("https://user@archive.example/"), "url_credentials");
    EXPECT_EQ(refusal_of("https://user:secret@archive.example/"), "url_credentials");
    for (const char* url : {"", "archive.example/feed", "https://",
                            "https://archive.example:99999/", "https://a b/", "http://a/\r\nX: y"})
        EXPECT_EQ(refusal_of(url), "bad_url") << url;
    EXPECT_EQ(refusal_of("https://archive.example/" + std::string(5000, 'x')), "bad_url");
}

TEST(Url, SeesThroughOddWaysToWriteAnAddress) {
    EXPECT_EQ(Url::parse("http://0x7f.1/")->host, "127.0.0.1");
    EXPECT_EQ(Url::parse("http://2130706433/")->host, "127.0.0.1");
    EXPECT_EQ(Url::parse("http://[::1]:8080/")->host, "[::1]");
}

TEST(Url, MakesBaseOfFeedEndInSlashAndRefusesQueries) {
    EXPECT_EQ(parse_feed_url("https://archive.example/feed")->text,
              "https://archive.example/feed/");
    EXPECT_EQ(parse_feed_url("https://archive.example/feed/")->text,
              "https://archive.example/feed/");
    EXPECT_FALSE(parse_feed_url("http://192.168.1.1/reboot?now="));
    EXPECT_FALSE(parse_feed_url("https://archive.example/#x"));
}

TEST(Redirect, NeverLeavesEncryptionBehind) {
    const Url secure = *Url::parse("https://archive.example/feed/");
    const Url plain = *Url::parse("http://archive.example/feed/");
    EXPECT_TRUE(follow_redirect(secure, "https://mirror.example/"));
    EXPECT_TRUE(follow_redirect(plain, "https://mirror.example/"));
    EXPECT_TRUE(follow_redirect(plain, "http://mirror.example/"));
    EXPECT_EQ(follow_redirect(secure, "http://archive.example/feed/").error().reason,
              "redirect_downgrade");
    EXPECT_EQ(follow_redirect(plain, "file:///etc/passwd").error().reason, "url_scheme");
    EXPECT_EQ(follow_redirect(plain, "https://me:pw@archive.example/").error().reason,
              "url_credentials");
}

TEST(Redirect, KnowsTheSameServer) {
    const Url from = *Url::parse("http://nas.local:8000/");
    EXPECT_TRUE(is_same_server(from, *Url::parse("http://nas.local:8000/x")));
    EXPECT_TRUE(is_same_server(from, *Url::parse("https://nas.local/x")));
    EXPECT_FALSE(is_same_server(from, *Url::parse("http://nas.local:7400/")));
    EXPECT_FALSE(is_same_server(from, *Url::parse("http://other.local:8000/")));
}

}  // namespace
}  // namespace croft::feeds
