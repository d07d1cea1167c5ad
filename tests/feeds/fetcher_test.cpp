#include "feeds/fetcher.h"

#include "feeds/http_server.h"
#include "feeds/waiting.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <vector>

namespace croft::feeds {
namespace {

using namespace std::chrono_literals;
using namespace test;
using ::testing::HasSubstr;
using ::testing::Not;

class CurlFetcher : public ::testing::Test {
protected:
    Result<Fetched> get(FetchRequest request) {
        if (!fetcher) fetcher = make_curl_fetcher(loop, options);
        return await<Result<Fetched>>(
            loop, [&](auto then) { fetcher->get(std::move(request), std::move(then)); });
    }

    /// A request that may go to the server's own private address.
    static FetchRequest request(std::string url, std::uint64_t cap = 1000, std::string party = "") {
        FetchRequest made;
        made.party = std::move(party);
        made.url = std::move(url);
        made.cap_bytes = cap;
        made.reach = Reach::given_host;
        return made;
    }

    std::string refusal_of(FetchRequest wanted) {
        const auto got = get(std::move(wanted));
        return got ? "taken" : got.error().reason;
    }

    Loop loop;
    FetcherOptions options;
    std::unique_ptr<Fetcher> fetcher;
};

TEST_F(CurlFetcher, GivesTheBodyAsItWasSent) {
    const std::string body("\0\x1f\x8b bytes\r\n", 11);
    RawServer server(replying([&](const auto&) { return ok(body); }));
    EXPECT_EQ(get(request(server.url()))->body, body);
}

TEST_F(CurlFetcher, AsksPlainlyAndForNothingPacked) {
    std::string asked;
    RawServer server(replying([&](const auto& head) {
        asked = head;
        return ok("x", "Set-Cookie: a=b\r\n");
    }));
    ASSERT_TRUE(get(request(server.url("/feed/catalogue.json"))));
    ASSERT_TRUE(get(request(server.url("/feed/catalogue.json"))));
    EXPECT_THAT(asked, ::testing::StartsWith("GET /feed/catalogue.json HTTP/1.1\r\n"));
    for (const char* name : {"Accept-Encoding", "Cookie", "Authorization", "Referer"})
        EXPECT_THAT(asked, Not(HasSubstr(name)));
}

TEST_F(CurlFetcher, DoesNotUnpackWhatComesPackedUnasked) {
    RawServer server(
        replying([](const auto&) { return ok("not gzip at all", "Content-Encoding: gzip\r\n"); }));
    EXPECT_EQ(get(request(server.url()))->body, "not gzip at all");
}

TEST_F(CurlFetcher, RemembersNothingButTheEtagItIsGiven) {
    std::string asked;
    RawServer server(replying([&](const auto& head) {
        asked = head;
        if (head.find("If-None-Match: \"v1\"") != std::string::npos)
            return std::string("HTTP/1.1 304 Not Modified\r\netag: \"v1\"\r\n\r\n");
        return ok("body", "etag:  \"v1\" \r\n");
    }));
    const auto first = get(request(server.url()));
    ASSERT_TRUE(first);
    EXPECT_EQ(first->etag, "\"v1\"");
    EXPECT_FALSE(first->not_modified);

    auto again = request(server.url());
    again.etag = first->etag;
    again.no_cache = true;
    const auto second = get(again);
    ASSERT_TRUE(second);
    EXPECT_TRUE(second->not_modified);
    EXPECT_THAT(asked, HasSubstr("Cache-Control: no-cache"));
}

TEST_F(CurlFetcher, RefusesNotModifiedThatNobodyAskedFor) {
    RawServer server(replying([](const auto&) { return "HTTP/1.1 304 Not Modified\r\n\r\n"; }));
    EXPECT_EQ(refusal_of(request(server.url())), "http_status");
}

TEST_F(CurlFetcher, TellsMissingFromBroken) {
    RawServer server(replying([](const auto& head) {
        const std::string page(5000, 'x');  // larger than the cap of the document
        return "HTTP/1.1 " + path_of(head).substr(1) +
               " Words\r\nContent-Length: " + std::to_string(page.size()) + "\r\n\r\n" + page;
    }));
    for (const char* status : {"/404", "/410"}) {
        const auto got = get(request(server.url(status)));
        EXPECT_EQ(got.error().code, Errc::not_found);
        EXPECT_EQ(got.error().reason, "http_not_found");
    }
    for (const char* status : {"/500", "/403", "/503", "/204", "/206"}) {
        const auto got = get(request(server.url(status)));
        EXPECT_EQ(got.error().code, Errc::unavailable) << status;
        EXPECT_EQ(got.error().reason, "http_status") << status;
    }
}

TEST_F(CurlFetcher, RefusesHugeLengthBeforeReadingIt) {
    RawServer server([](Connection& connection) {
        connection.read_head();
        connection.send("HTTP/1.1 200 OK\r\nContent-Length: 104857600\r\n\r\n");
        connection.read_head();  // sends no body: only the client can end this
    });
    const auto got = get(request(server.url()));
    EXPECT_EQ(got.error().code, Errc::malformed);
    EXPECT_EQ(got.error().reason, "too_large");
}

TEST_F(CurlFetcher, StopsEndlessBody) {
    for (const char* head :
         {"HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
          "HTTP/1.1 404 No\r\n\r\n"}) {
        const bool is_chunked = std::string_view(head).find("chunked") != std::string_view::npos;
        const std::string part =
            is_chunked ? "400\r\n" + std::string(1024, 'x') + "\r\n" : std::string(1024, 'x');
        RawServer server([&](Connection& connection) {
            connection.read_head();
            connection.send(head);
            while (connection.send(part)) {
            }
        });
        const auto got = get(request(server.url()));
        ASSERT_FALSE(got);
        EXPECT_THAT(got.error().reason, ::testing::AnyOf("too_large", "http_not_found")) << head;
    }
}

TEST_F(CurlFetcher, TakesExactlyTheCapButNotOneByteMore) {
    RawServer server(replying([](const auto&) { return ok(std::string(1000, 'x')); }));
    EXPECT_EQ(get(request(server.url(), 1000))->body.size(), 1000U);
    EXPECT_EQ(refusal_of(request(server.url(), 999)), "too_large");
    EXPECT_EQ(refusal_of(request(server.url(), 0)), "too_large");
}

TEST_F(CurlFetcher, StopsEndlessHeaders) {
    for (const char* start : {"HTTP/1.1 200 OK\r\n", ""}) {
        const std::string line =
            *start != 0 ? "X-More: and more\r\n" : "HTTP/1.1 100 Continue\r\n\r\n";
        RawServer server([&](Connection& connection) {
            connection.read_head();
            connection.send(start);
            while (connection.send(line)) {
            }
        });
        EXPECT_EQ(refusal_of(request(server.url())), "too_large");
    }
}

TEST_F(CurlFetcher, GivesUpSlowDripAndSilence) {
    options.timeout = 10s;
    options.floor_time = 1s;
    RawServer server([](Connection& connection) {
        const bool drips = path_of(connection.read_head()) == "/drip";
        if (!drips) {
            connection.read_head();  // never answers
            return;
        }
        connection.send("HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n");
        while (connection.send("x"))
            std::this_thread::sleep_for(50ms);
    });
    EXPECT_EQ(refusal_of(request(server.url("/drip"))), "too_slow");
    EXPECT_EQ(get(request(server.url("/silent"))).error().code, Errc::unavailable);
}

TEST_F(CurlFetcher, EndsAfterItsTimeHoweverFastBytesCome) {
    options.timeout = 1s;
    options.floor_bytes_per_second = 1;
    RawServer server([](Connection& connection) {
        connection.read_head();
        connection.send("HTTP/1.1 200 OK\r\n\r\n");
        while (connection.send(std::string(100, 'x')))
            std::this_thread::sleep_for(10ms);
    });
    EXPECT_EQ(refusal_of(request(server.url(), 1u << 30)), "timeout");
}

TEST_F(CurlFetcher, CountsRedirectsIntoTheSameTime) {
    options.timeout = 1s;
    RawServer server(replying([](const auto&) {
        std::this_thread::sleep_for(400ms);
        return "HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n";
    }));
    EXPECT_EQ(refusal_of(request(server.url())), "timeout");
}

TEST_F(CurlFetcher, FollowsThreeRedirectsAndNoFourth) {
    RawServer server(replying([](const auto& head) -> std::string {
        const int left = std::stoi(path_of(head).substr(1));
        if (left == 0) return ok("there");
        return "HTTP/1.1 302 Found\r\nLocation: /" + std::to_string(left - 1) +
               "\r\nContent-Length: 3\r\n\r\nsee";
    }));
    EXPECT_EQ(get(request(server.url("/3")))->body, "there");
    const auto loop_of_them = get(request(server.url("/4")));
    EXPECT_EQ(loop_of_them.error().code, Errc::malformed);
    EXPECT_EQ(loop_of_them.error().reason, "too_many_redirects");
}

TEST_F(CurlFetcher, JudgesWhereRedirectsLead) {
    RawServer other(replying([](const auto&) { return ok("secret"); }), "127.0.0.2");
    std::string location;
    RawServer server(replying([&](const auto&) {
        return "HTTP/1.1 301 Moved\r\nLocation: " + location + "\r\nContent-Length: 0\r\n\r\n";
    }));
    const auto sent_to = [&](const std::string& target) {
        location = target;
        return refusal_of(request(server.url()));
    };
    EXPECT_EQ(sent_to(other.url()), "address_not_allowed") << "another private host";
    EXPECT_EQ(sent_to("http://127.0.0.1:" + std::to_string(other.port())), "address_not_allowed");
    EXPECT_EQ(sent_to("file:///etc/hostname"), "url_scheme");
    EXPECT_EQ(sent_to("http://me:pw@127.0.0.1/"), "url_credentials");
    EXPECT_EQ(sent_to(""), "bad_http");
    EXPECT_EQ(other.connections(), 0U);
}

TEST_F(CurlFetcher, ConnectsToNoPrivateAddressThatNobodyGave) {
    RawServer server(replying([](const auto&) { return ok("secret"); }));
    const std::string port = std::to_string(server.port());
    for (const std::string& host :
         std::vector<std::string>{"127.0.0.1", "localhost", "0x7f.1", "[::ffff:127.0.0.1]"}) {
        auto wanted = request("http://");
        wanted.url.append(host).append(":").append(port);
        wanted.reach = Reach::internet;
        const auto got = get(wanted);
        EXPECT_EQ(got.error().code, Errc::not_allowed) << host;
        EXPECT_EQ(got.error().reason, "address_not_allowed") << host;
    }
    EXPECT_EQ(server.connections(), 0U);

    auto allowed = request(server.url());
    allowed.reach = Reach::anywhere;
    EXPECT_TRUE(get(allowed));
}

TEST_F(CurlFetcher, DoesNotUseConnectionAgainForOneWhoMayNotHaveIt) {
    RawServer server(replying([](const auto&) { return ok("secret"); }));
    ASSERT_TRUE(get(request(server.url())));
    auto stranger = request(server.url());
    stranger.reach = Reach::internet;
    EXPECT_EQ(refusal_of(stranger), "address_not_allowed");
}

TEST_F(CurlFetcher, RefusesGarbage) {
    for (const std::string& garbage : {std::string("hello\r\n\r\n"),
                                       std::string("\x16\x03\x01\0\0", 5), std::string("<html>")}) {
        RawServer server([&](Connection& connection) {
            connection.read_head();
            connection.send(garbage);
        });
        EXPECT_EQ(get(request(server.url())).error().code, Errc::malformed) << garbage;
    }
}

TEST_F(CurlFetcher, RefusesTruncatedBodyAndClosedDoor) {
    std::string nobody;
    {
        RawServer server([](Connection& connection) {
            connection.read_head();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
        });
        EXPECT_EQ(refusal_of(request(server.url())), "unreachable");
        nobody = server.url();
    }
    const auto got = get(request(nobody));
    EXPECT_EQ(got.error().code, Errc::unavailable);
    EXPECT_EQ(got.error().reason, "unreachable");
}

TEST_F(CurlFetcher, AnswersBadUrlsOnTheLoopToo) {
    EXPECT_EQ(refusal_of(request("ftp://archive.example/")), "url_scheme");
    EXPECT_EQ(refusal_of(request("nonsense")), "bad_url");
}

TEST_F(CurlFetcher, GoesNowhereWhenItsProxyIsDown) {
    RawServer server(replying([](const auto&) { return ok("direct"); }));
    std::string closed;
    {
        RawServer gone([](Connection&) {});
        closed = "socks5h://127.0.0.1:" + std::to_string(gone.port());
    }
    for (const std::string& proxy :
         {closed, std::string("http://127.0.0.1:1"), std::string("socks5://127.0.0.1:1"),
          std::string("nonsense")}) {
        options.proxy = proxy;
        fetcher.reset();
        EXPECT_FALSE(get(request(server.url()))) << proxy;
    }
    EXPECT_EQ(server.connections(), 0U);
}

/// RFC 1928: answers the greeting, reads CONNECT, then plays the target itself.
TEST_F(CurlFetcher, LetsItsProxyResolveNames) {
    std::string connect;
    RawServer proxy([&](Connection& connection) {
        const std::string greeting = connection.read_exactly(2);
        connection.read_exactly(static_cast<std::size_t>(greeting[1]));
        connection.send(std::string_view("\x05\x00", 2));
        connect = connection.read_exactly(5);
        connect += connection.read_exactly(static_cast<std::size_t>(connect[4]) + 2);
        connection.send(std::string_view("\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x50", 10));
        replying([](const auto&) { return ok("through the proxy"); })(connection);
    });
    options.proxy = "socks5://127.0.0.1:" + std::to_string(proxy.port());
    auto wanted = request("http://archive.example/");
    wanted.reach = Reach::internet;
    const auto got = get(wanted);
    ASSERT_TRUE(got) << got.error().message;
    EXPECT_EQ(got->body, "through the proxy");
    EXPECT_EQ(connect, std::string("\x05\x01\x00\x03\x0f"
                                   "archive.example\x00\x50",
                                   22));

    wanted.url = "http://192.168.1.1/";
    EXPECT_EQ(refusal_of(wanted), "address_not_allowed");
}

TEST_F(CurlFetcher, ServesManyAtOnceButNeverMoreThanItMay) {
    options.parallel = 3;
    std::atomic<int> now = 0, most = 0;
    RawServer server(replying([&](const auto&) {
        most = std::max<int>(most, ++now);
        std::this_thread::sleep_for(20ms);
        --now;
        return ok("x");
    }));
    fetcher = make_curl_fetcher(loop, options);
    int answered = 0;
    for (int i = 0; i < 20; ++i)
        fetcher->get(request(server.url(), 1000, std::to_string(i)),
                     [&](const auto& got) { answered += got ? 1 : 0; });
    run_until(loop, [&] { return answered == 20; });
    EXPECT_LE(most, 3);
    EXPECT_GT(most, 1);
}

TEST_F(CurlFetcher, LetsNobodyWaitForAnothersSlowServer) {
    RawServer slow([](Connection& connection) {
        connection.read_head();
        connection.read_head();  // until the client goes
    });
    RawServer server(replying([](const auto&) { return ok("x"); }));
    fetcher = make_curl_fetcher(loop, options);
    for (int i = 0; i < 100; ++i)
        fetcher->get(request(slow.url(), 1000, "hostile"), [](const auto&) {});
    int answered = 0;
    for (int i = 0; i < 20; ++i)
        fetcher->get(request(server.url(), 1000, "honest"),
                     [&](const auto& got) { answered += got ? 1 : 0; });
    run_until(loop, [&] { return answered == 20; });
    EXPECT_EQ(answered, 20);
    EXPECT_LE(slow.connections(), options.parallel_of_party);
}

TEST_F(CurlFetcher, MayGoWithTransfersInFlight) {
    RawServer server([](Connection& connection) {
        connection.read_head();
        connection.send("HTTP/1.1 200 OK\r\n\r\n");
        connection.read_head();  // until the client goes
    });
    fetcher = make_curl_fetcher(loop, options);
    bool answered = false;
    for (int i = 0; i < 20; ++i)
        fetcher->get(request(server.url(), 1000, std::to_string(i)),
                     [&](const auto&) { answered = true; });
    run_until(loop, [&] { return server.connections() >= 8; });
    fetcher.reset();
    run_for(loop, 50ms);
    EXPECT_FALSE(answered);
}

TEST_F(CurlFetcher, DropsAnswersThatArriveAfterItHasGone) {
    RawServer server(replying([](const auto&) { return ok("x"); }));
    fetcher = make_curl_fetcher(loop, options);
    bool answered = false;
    fetcher->get(request(server.url()), [&](const auto&) { answered = true; });
    std::this_thread::sleep_for(200ms);  // the answer waits in the loop's queue by now
    fetcher.reset();
    run_for(loop, 50ms);
    EXPECT_FALSE(answered);
}

}  // namespace
}  // namespace croft::feeds
