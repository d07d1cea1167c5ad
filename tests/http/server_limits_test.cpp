#include "http/server_fixture.h"
#include "testing/long_run.h"

#include <deque>

namespace croft::http {
namespace {

using namespace std::chrono_literals;
using test::RawClient;

class ServerLimits : public test::ServerTest {
protected:
    std::chrono::milliseconds time_of(const std::function<void()>& work) {
        const auto start = std::chrono::steady_clock::now();
        work();
        return std::chrono::duration_cast<std::chrono::milliseconds>(
            std::chrono::steady_clock::now() - start);
    }
};

TEST_F(ServerLimits, ClosesHalfAHeader) {
    serve({.header_time = 200ms});
    RawClient client(address_);
    client.say("GET / HTTP/1.1\r\nHost: local");
    EXPECT_TRUE(client.read_all(2s).starts_with("HTTP/1.1 408 "));
}

TEST_F(ServerLimits, ClosesAHeaderThatDripsSlowly) {
    serve({.header_time = 300ms});
    RawClient client(address_);
    const auto time = time_of([&] {
        for (int i = 0; i < 100 && client.say("G"); ++i) {
            if (client.is_closed_within(50ms)) break;
        }
    });
    EXPECT_LT(time, 2s) << "each byte must not buy new time";
}

TEST_F(ServerLimits, ClosesASlowBody) {
    serve({.body_time = 200ms});
    RawClient client(address_);
    client.say("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc");
    EXPECT_TRUE(client.read_all(2s).starts_with("HTTP/1.1 408 "));
}

TEST_F(ServerLimits, EndsAStreamedBodyBelowTheRateFloor) {
    serve({.body_time = 300ms});
    RawClient client(address_);
    client.say("POST /stream HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n");
    const auto time = time_of([&] {
        for (int i = 0; i < 100 && client.say("slow"); ++i) {
            if (client.read_until("too_slow", 50ms).ends_with("too_slow")) return;
        }
        FAIL() << "80 bytes a second were taken for good";
    });
    EXPECT_LT(time, 3s);
}

TEST_F(ServerLimits, ClosesAnIdleConnectionWithoutAWord) {
    serve({.keep_alive = 200ms});
    RawClient client(address_);
    client.say(get("/ok"));
    client.read_response();
    EXPECT_TRUE(client.is_closed_within(2s));
    EXPECT_EQ(client.read_all(), "");
}

TEST_F(ServerLimits, ClosesAClientThatDoesNotRead) {
    serve({.write_stall = 300ms});
    RawClient client(address_);
    client.say(get("/big"));
    std::this_thread::sleep_for(1s);
    EXPECT_LT(client.read_all().size(), 8u << 20) << "the rest was never sent";
}

TEST_F(ServerLimits, MakesRoomByClosingTheOldestThatShowedNoToken) {
    serve({.connections = 3});
    RawClient friendly(address_);
    friendly.say(get("/token"));
    friendly.read_response();
    RawClient first(address_), second(address_);
    first.say(get("/ok"));
    first.read_response();
    second.say(get("/ok"));
    second.read_response();
    EXPECT_TRUE(ask(get_and_close("/ok")).starts_with("HTTP/1.1 200 "));
    EXPECT_TRUE(first.is_closed_within(1s));
    second.say(get("/ok"));
    EXPECT_TRUE(second.read_response().starts_with("HTTP/1.1 200 "));
    friendly.say(get("/ok"));
    EXPECT_TRUE(friendly.read_response().starts_with("HTTP/1.1 200 "));
}

TEST_F(ServerLimits, TakesNobodyMoreWhereAllHaveTokens) {
    serve({.connections = 2});
    RawClient one(address_), two(address_);
    for (RawClient* client : {&one, &two}) {
        client->say(get("/token"));
        client->read_response();
    }
    EXPECT_TRUE(RawClient(address_).is_closed_within(1s));
    one.say(get("/ok"));
    EXPECT_TRUE(one.read_response().starts_with("HTTP/1.1 200 "));
}

/// SECURITY's row 5: half headers, slow bodies and clients that do not read, all at once.
TEST_F(ServerLimits, StaysQuickForOthersUnderAFloodOfSlowClients) {
    const bool whole = test::is_long_run();
    const int each = whole ? 300 : 40;
    const Limits brief{.header_time = 500ms, .body_time = 1s, .write_stall = 2s, .keep_alive = 3s};
    serve(whole ? Limits{} : brief);
    std::deque<RawClient> flood;
    for (int i = 0; i < each; ++i) {
        flood.emplace_back(address_).say("GET / HTTP/1.1\r\nHost: local");
        flood.emplace_back(address_).say(
            "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 999\r\n\r\n{");
        flood.emplace_back(address_).say(get("/big") + get("/big"));
        if (i % 10 != 0) continue;
        auto time = std::chrono::milliseconds::max();
        for (int attempt = 0; attempt < 3; ++attempt) {  // the machine has other work too
            time = std::min(
                time, time_of([&] {
                    EXPECT_TRUE(ask(get_and_close("/health")).starts_with("HTTP/1.1 200 "));
                }));
        }
        EXPECT_LT(time, 100ms) << "after " << flood.size() << " slow clients";
    }
    std::this_thread::sleep_for(whole ? 24s : 4s);
    for (RawClient& client : flood)
        EXPECT_TRUE(client.is_closed_within(1s));
}

}  // namespace
}  // namespace croft::http
