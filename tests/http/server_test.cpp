#include "http/server_fixture.h"
#include "testing/long_run.h"

#include <sys/stat.h>

#include <fstream>
#include <random>

namespace croft::http {
namespace {

using namespace std::chrono_literals;
using test::RawClient;

class Server : public test::ServerTest {};

TEST_F(Server, AnswersWithTheHandlersHeadersAndKeepsTheConnection) {
    serve();
    RawClient client(address_);
    for (int i = 0; i < 3; ++i) {
        client.say("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello");
        const std::string answer = client.read_response();
        EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\n")) << answer;
        EXPECT_NE(answer.find("X-Always: yes\r\n"), std::string::npos);
        EXPECT_TRUE(answer.ends_with("\r\n\r\nhello"));
    }
}

TEST_F(Server, AnswersPipelinedRequestsInTurn) {
    serve();
    const std::string answer =
        ask(get("/a") + "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\nhi" +
            get_and_close("/c"));
    EXPECT_EQ(handled_, 3);
    EXPECT_NE(answer.find("\r\n\r\nhiHTTP/1.1 200 OK"), std::string::npos) << answer;
}

TEST_F(Server, SendsNoBodyToHead) {
    serve();
    RawClient client(address_);
    client.say("HEAD /big HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    const std::string answer = client.read_all();
    EXPECT_NE(answer.find("Content-Length: 8388608\r\n"), std::string::npos);
    EXPECT_TRUE(answer.ends_with("\r\n\r\n"));
}

TEST_F(Server, SendsLargeBodiesWhole) {
    serve();
    EXPECT_GT(ask(get_and_close("/big")).size(), 8u << 20);
}

TEST_F(Server, RefusesAndClosesWithItsOwnHeaders) {
    serve();
    const std::string answer = ask("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n" + get("/never"));
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 400 Bad Request\r\n")) << answer;
    EXPECT_NE(answer.find("X-Reason: second_host\r\n"), std::string::npos);
    EXPECT_NE(answer.find("X-Always: yes\r\n"), std::string::npos);
    EXPECT_NE(answer.find("Connection: close\r\n"), std::string::npos);
    EXPECT_EQ(handled_, 0) << "what follows a refused request is not read as one";
}

TEST_F(Server, RefusesLargeHeaderWithoutWaitingForItsEnd) {
    serve();
    EXPECT_TRUE(ask("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(9'000, 'x'))
                    .starts_with("HTTP/1.1 431 "));
}

// Beast 1.74's own reader aborts on this one.
TEST_F(Server, SurvivesChunkedTrailerOf70KiB) {
    serve();
    const std::string answer =
        ask("POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: " +
            std::string(70 * 1024, 'x') + "\r\n\r\n");
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 411 ")) << answer;
    EXPECT_EQ(handled_, 0);
    EXPECT_TRUE(ask(get_and_close("/alive")).starts_with("HTTP/1.1 200 "));
}

TEST_F(Server, RefusesBodyAboveTheCapBeforeReadingIt) {
    serve();
    RawClient client(address_);
    client.say("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 65537\r\n\r\n");
    EXPECT_TRUE(client.read_response().starts_with("HTTP/1.1 413 "));
}

TEST_F(Server, RefusesByTheHeaderAloneAndDoesNotReadTheBodyAsARequest) {
    serve();
    const std::string body = get("/smuggled");
    const std::string answer = ask("POST /refuse HTTP/1.1\r\nHost: localhost\r\nContent-Length: " +
                                   std::to_string(body.size()) + "\r\n\r\n" + body);
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 403 ")) << answer;
    EXPECT_EQ(handled_, 0);
}

TEST_F(Server, KeepsTheConnectionAfterARefusalWithoutBody) {
    serve();
    RawClient client(address_);
    client.say(get("/refuse") + get("/ok"));
    EXPECT_TRUE(client.read_response().starts_with("HTTP/1.1 403 "));
    EXPECT_TRUE(client.read_response().starts_with("HTTP/1.1 200 "));
}

TEST_F(Server, AnswersExpectBeforeTheBody) {
    serve();
    RawClient client(address_);
    client.say(
        "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nExpect: "
        "100-continue\r\n\r\n");
    EXPECT_EQ(client.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
    client.say("hi");
    EXPECT_TRUE(client.read_response().ends_with("hi"));
}

TEST_F(Server, AnswersForHandlersThatThrowOrForget) {
    serve();
    EXPECT_TRUE(ask(get_and_close("/throw")).starts_with("HTTP/1.1 500 "));
    EXPECT_TRUE(ask(get_and_close("/drop")).starts_with("HTTP/1.1 500 "));
    EXPECT_TRUE(ask(get_and_close("/ok")).starts_with("HTTP/1.1 200 "));
}

TEST_F(Server, StreamsBodiesOfAnySize) {
    serve();
    RawClient client(address_);
    client.say("POST /stream HTTP/1.1\r\nHost: localhost\r\nContent-Length: 20000000\r\n\r\n");
    for (int i = 0; i < 20; ++i)
        client.say(std::string(1'000'000, 's'));
    EXPECT_TRUE(client.read_response().ends_with("\r\n\r\n20000000"));
    client.say(get("/next"));
    EXPECT_TRUE(client.read_response().starts_with("HTTP/1.1 200 ")) << "the connection goes on";
}

TEST_F(Server, TellsTheHandlerWhenAStreamBreaksOff) {
    serve();
    RawClient client(address_);
    client.say("POST /stream HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nabc");
    client.say_no_more();
    EXPECT_TRUE(client.read_all().ends_with("upload_broken"));
}

TEST_F(Server, SendsEventsAndNoticesWhenTheClientLeaves) {
    serve();
    auto client = std::make_optional<RawClient>(address_);
    client->say(get("/events"));
    EXPECT_NE(client->read_until("\r\n\r\n").find("Content-Type: text/event-stream"),
              std::string::npos);
    on_loop([&] { EXPECT_TRUE(events_.at(0)->send("delta", "{}", 1)); });
    EXPECT_EQ(client->read_until("\n\n"), "id: 1\nevent: delta\ndata: {}\n\n");
    client.reset();
    for (int i = 0; i < 100; ++i) {
        bool is_open = true;
        on_loop([&] { is_open = events_.at(0)->is_open(); });
        if (!is_open) return;
        std::this_thread::sleep_for(20ms);
    }
    FAIL() << "the stream of a client that left stays open";
}

TEST_F(Server, EndsTheStreamWhenNobodyHoldsIt) {
    serve();
    RawClient client(address_);
    client.say(get("/events"));
    client.read_until("\r\n\r\n");
    on_loop([&] {
        events_.at(0)->send("delta", "last words", 1);
        events_.clear();
    });
    EXPECT_TRUE(client.read_all().ends_with("data: last words\n\n"));
}

TEST_F(Server, RefusesEventsAboveTheQueueOfAClientThatDoesNotRead) {
    serve();
    RawClient client(address_);
    client.say(get("/events"));
    client.read_until("\r\n\r\n");
    const std::string large(100'000, 'e');
    on_loop([&] {
        int taken = 0;
        while (events_.at(0)->send("delta", large, taken))
            ++taken;
        EXPECT_LE(taken, 10);
        EXPECT_LE(events_.at(0)->queued_bytes(), 1u << 20);
    });
}

TEST_F(Server, ListensOnLoopbackOnly) {
    auto server = make_server(loop_, {});
    for (const char* address : {"0.0.0.0:0", "192.168.1.2:0", "[::]:0", "10.0.0.1:0"}) {
        const auto refused = server->listen_tcp(address, handler());
        ASSERT_FALSE(refused) << address;
        EXPECT_EQ(refused.error().reason, "not_loopback");
    }
    for (const char* address :
         {"", ":", "localhost", "127.0.0.1", "127.0.0.1:x", "127.0.0.1:99999"}) {
        EXPECT_EQ(server->listen_tcp(address, handler()).error().reason, "bad_address") << address;
    }
}

TEST_F(Server, TellsWhoIsAtTheOtherEndOfAUnixSocket) {
    const test::TemporaryFolder folder;
    const auto path = folder.path() / "croftd.sock";
    serve();
    on_loop([&] { ASSERT_TRUE(server_->listen_unix(path, 0660, handler())); });
    struct stat made {};
    ASSERT_EQ(::stat(path.c_str(), &made), 0);
    EXPECT_EQ(made.st_mode & 0777, 0660U);
    RawClient client(path);
    client.say(get_and_close("/peer"));
    EXPECT_TRUE(client.read_all().ends_with("\r\n\r\n" + std::to_string(::getuid())));
    EXPECT_TRUE(ask(get_and_close("/peer")).ends_with("\r\n\r\nnone"));
}

TEST_F(Server, ReplacesAStaleSocketButNeitherALiveOneNorAFile) {
    const test::TemporaryFolder folder;
    const auto path = folder.path() / "croftd.sock";
    make_server(loop_, {})->listen_unix(path, 0600, handler());  // gone at once; its file stays
    ASSERT_TRUE(std::filesystem::exists(path));
    auto living = make_server(loop_, {});
    EXPECT_TRUE(living->listen_unix(path, 0600, handler()));
    EXPECT_EQ(make_server(loop_, {})->listen_unix(path, 0600, handler()).error().reason,
              "socket_in_use");
    const auto file = folder.path() / "file";
    std::ofstream(file) << "precious";
    EXPECT_EQ(living->listen_unix(file, 0600, handler()).error().reason, "not_a_socket");
    EXPECT_TRUE(std::filesystem::is_regular_file(file));
}

TEST_F(Server, StopsAfterTheAnswersInFlight) {
    serve();
    RawClient idle(address_), streaming(address_), reading(address_);
    idle.say(get("/ok"));
    idle.read_response();
    streaming.say(get("/events"));
    streaming.read_until("\r\n\r\n");
    reading.say(get("/big"));
    reading.read_until("\r\n\r\n");
    std::promise<void> stopped;
    on_loop([&] { server_->stop([&] { stopped.set_value(); }); });
    EXPECT_EQ(reading.read_all().size(), 8u << 20);
    EXPECT_TRUE(idle.is_closed_within(1s));
    EXPECT_TRUE(streaming.is_closed_within(1s));
    EXPECT_EQ(stopped.get_future().wait_for(3s), std::future_status::ready);
    EXPECT_FALSE(RawClient(address_).is_connected());
}

TEST_F(Server, StopsAfterTwoSecondsWhateverClientsDo) {
    serve();
    RawClient half(address_);
    half.say("GET / HTTP/1.1\r\n");
    std::this_thread::sleep_for(100ms);
    std::promise<void> stopped;
    on_loop([&] { server_->stop([&] { stopped.set_value(); }); });
    EXPECT_EQ(stopped.get_future().wait_for(3s), std::future_status::ready);
    EXPECT_TRUE(half.is_closed_within(1s));
}

/// One to eight changes: bytes replaced, removed, doubled, and pieces of other requests put in.
std::string mutated(std::string request, std::mt19937& random) {
    static const std::vector<std::string> pieces{"\r\n",
                                                 "\r\n ",
                                                 "Host: x\r\n",
                                                 "Content-Length: 9\r\n",
                                                 "Transfer-Encoding: chunked\r\n",
                                                 "%00",
                                                 "%2e%2e",
                                                 "0\r\n\r\n",
                                                 "HTTP/1.1",
                                                 "\xff",
                                                 ":",
                                                 " ",
                                                 "GET / HTTP/1.1\r\n\r\n"};
    const auto pick = [&](std::size_t size) { return random() % (size + 1); };
    for (std::size_t i = pick(7) + 1; i > 0; --i) {
        const std::size_t at = pick(request.size());
        switch (random() % 4) {
            case 0: request.insert(at, pieces[random() % pieces.size()]); break;
            case 1: request.erase(at, pick(4)); break;
            case 2: request.insert(at, request.substr(at, pick(20))); break;
            default:
                if (at < request.size()) request[at] = static_cast<char>(random());
        }
    }
    return request;
}

TEST_F(Server, SurvivesMutatedRequests) {
    const int rounds = test::is_long_run() ? 10'000 : 500;
    const auto seed = std::random_device()();
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random(seed);
    serve();
    const std::vector<std::string> requests{
        get("/a?b=c"),
        "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: "
        "9\r\n\r\n{\"a\":[1]}",
        "POST /stream HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nExpect: "
        "100-continue\r\n\r\nabcd",
        "POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: "
        "chunked\r\n\r\n4\r\nabcd\r\n0\r\n\r\n"};
    for (int i = 0; i < rounds; ++i) {
        const std::string request = mutated(requests[random() % requests.size()], random);
        RawClient client(address_);
        client.say(request);
        client.say_no_more();
        const std::string answer = client.read_all(5s);
        ASSERT_TRUE(answer.empty() || answer.starts_with("HTTP/1.1 "))
            << testing::PrintToString(request);
    }
    EXPECT_TRUE(ask(get_and_close("/alive")).starts_with("HTTP/1.1 200 "));
}

}  // namespace
}  // namespace croft::http
