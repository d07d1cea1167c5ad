#include "api/api_fixture.h"

namespace croft::api {
namespace {

using namespace std::chrono_literals;
using test::demo_2;
using test::RawClient;
using test::stand_ins;

struct Event {
    std::uint64_t id = 0;
    std::string name;
    Json data;
};

class EventStream : public test::ApiTest {
protected:
    /// A client that has read the head of its stream.
    std::unique_ptr<RawClient> listen(const std::string& topics, const std::string& headers = {}) {
        auto client = std::make_unique<RawClient>(address_);
        client->say(
            request("GET", "/api/v1/events?topics=" + topics, "", authorization() + headers));
        const std::string head = client->read_until("\r\n\r\n");
        EXPECT_TRUE(head.starts_with("HTTP/1.1 200 ")) << head;
        EXPECT_NE(head.find("Content-Type: text/event-stream\r\n"), std::string::npos);
        return client;
    }

    static Event next(RawClient& client) {
        const std::string text = client.read_until("\n\n", 5s);
        Event event;
        const auto value_of = [&](const std::string& field) {
            const auto at = text.find(field + ": ");
            if (at == std::string::npos) return std::string();
            return text.substr(at + field.size() + 2, text.find('\n', at) - at - field.size() - 2);
        };
        event.id = std::strtoull(value_of("id").c_str(), nullptr, 10);
        event.name = value_of("event");
        event.data = Json::parse(value_of("data"), nullptr, false);
        return event;
    }

    void publish_progress(std::uint64_t done) {
        on_loop([this, done] {
            library::ReleaseView& release = stand_ins().releases.front();
            release.done_bytes = done;
            api_->publish(release);
        });
    }
};

TEST_F(EventStream, BeginsWithWhatHasNoList) {
    start();
    auto client = listen("status,speed,releases");
    const Event status = next(*client), speed = next(*client);
    EXPECT_EQ(status.name, "full");
    EXPECT_EQ(status.data["topic"], "status");
    EXPECT_EQ(status.data["value"]["version"], "0.1.0");
    EXPECT_EQ(speed.data["topic"], "speed");
    EXPECT_GT(speed.id, status.id);
}

TEST_F(EventStream, TellsARowWholeAndThenWhatChangedOfIt) {
    start();
    auto client = listen("releases");
    publish_progress(131072);
    publish_progress(196608);
    publish_progress(196608);
    publish_progress(200000);
    const Event full = next(*client);
    EXPECT_EQ(full.name, "full");
    EXPECT_EQ(full.data["value"]["name"], "demo");
    const Event delta = next(*client);
    EXPECT_EQ(delta.name, "delta");
    EXPECT_EQ(delta.data["id"], full.data["id"]);
    EXPECT_EQ(delta.data["value"], Json({{"done_bytes", 196608}}));
    EXPECT_EQ(next(*client).data["value"], Json({{"done_bytes", 200000}})) << "no news is not told";
}

TEST_F(EventStream, TellsARowWholeWhereAMemberHasGone) {
    start();
    auto client = listen("releases");
    stand_ins().releases.front().waits_for = "no peer has answered yet";
    publish_progress(1);
    stand_ins().releases.front().waits_for.clear();
    publish_progress(2);
    EXPECT_EQ(next(*client).data["value"]["waits_for"], "no peer has answered yet");
    const Event second = next(*client);
    EXPECT_EQ(second.name, "full");
    EXPECT_FALSE(second.data["value"].contains("waits_for"));
}

TEST_F(EventStream, TellsOnlyWhatWasAskedFor) {
    start();
    auto client = listen("journal");
    publish_progress(5);
    on_loop([this] {
        api_->publish_gone(stand_ins().releases.front().id);
        api_->publish(
            store::JournalEntry{42, test::world_now, "held", "", "", "demo-2 is held", "info"});
    });
    const Event event = next(*client);
    EXPECT_EQ(event.data["topic"], "journal");
    EXPECT_EQ(event.data["id"], 42);
    EXPECT_EQ(event.data["value"]["message"], "demo-2 is held");
}

TEST_F(EventStream, TellsWhatIsGone) {
    start();
    auto client = listen("releases,publishers");
    on_loop([this] {
        api_->publish_gone(stand_ins().releases.at(1).id);
        api_->publish_gone(stand_ins().publishers.front().id);
    });
    const Event release = next(*client), publisher = next(*client);
    EXPECT_EQ(release.name, "gone");
    EXPECT_EQ(release.data, Json({{"topic", "releases"}, {"id", demo_2}}));
    EXPECT_EQ(publisher.data, Json({{"topic", "publishers"}, {"id", test::publisher_id}}));
}

TEST_F(EventStream, TellsStatusWhenItChangedAndNotBecauseTimePassed) {
    start();
    auto client = listen("status");
    next(*client);
    EXPECT_EQ(next(*client).data["value"]["budget_bytes"], 536'870'912'000)
        << "the first of the second";
    on_loop([] { stand_ins().budget = 7; });
    EXPECT_EQ(next(*client).data["value"]["budget_bytes"], 7);
}

TEST_F(EventStream, GivesWhatWasMissedAfterLastEventId) {
    start();
    auto client = listen("releases");
    publish_progress(1);
    const Event seen = next(*client);
    client.reset();
    publish_progress(2);
    publish_progress(3);
    client = listen("releases", "Last-Event-ID: " + std::to_string(seen.id) + "\r\n");
    EXPECT_EQ(next(*client).data["value"], Json({{"done_bytes", 2}}));
    EXPECT_EQ(next(*client).data["value"], Json({{"done_bytes", 3}}));
}

TEST_F(EventStream, AsksToReadAgainWhereTooMuchWasMissed) {
    start();
    for (const char* last : {"1", "99999999999999999", "nonsense"}) {
        auto client = listen("releases", std::string("Last-Event-ID: ") + last + "\r\n");
        EXPECT_EQ(next(*client).name, "resync") << last;
    }
}

TEST_F(EventStream, AsksAClientThatDidNotReadToReadAgain) {
    start();
    auto client = listen("journal");
    on_loop([this] {
        const std::string large(200'000, 'e');
        for (std::uint64_t id = 1; id <= 100; ++id)
            api_->publish(store::JournalEntry{id, test::world_now, "x", "", "", large, "info"});
    });
    std::uint64_t last = 0;
    while (true) {
        const Event event = next(*client);
        if (event.name == "resync") break;
        ASSERT_EQ(event.name, "full");
        ASSERT_GT(event.id, last);
        last = event.id;
        on_loop([this] {
            api_->publish(store::JournalEntry{1000, test::world_now, "x", "", "",
                                              std::to_string(rand()), "info"});
        });
    }
}

TEST_F(EventStream, RefusesUnknownTopicsAndAFifthStream) {
    start();
    EXPECT_EQ(get("/api/v1/events?topics=secrets").status, 400);
    EXPECT_EQ(get("/api/v1/events").status, 400);
    std::vector<std::unique_ptr<RawClient>> four;
    for (int i = 0; i < 4; ++i)
        four.push_back(listen("speed"));
    const test::Answer fifth = get("/api/v1/events?topics=speed");
    EXPECT_EQ(fifth.status, 429);
    EXPECT_EQ(fifth.reason(), "too_many_streams");
    four.pop_back();
    for (int i = 0; i < 50; ++i) {
        std::this_thread::sleep_for(20ms);
        RawClient again(address_);
        again.say(request("GET", "/api/v1/events?topics=speed", "", authorization()));
        if (again.read_until("\r\n\r\n").starts_with("HTTP/1.1 200 ")) return;
    }
    FAIL() << "a stream that ended still counts";
}

TEST_F(EventStream, EndsWithTheApi) {
    start();
    auto client = listen("releases");
    std::promise<void> stopped;
    on_loop([&] { api_->stop([&] { stopped.set_value(); }); });
    EXPECT_TRUE(client->is_closed_within(2s));
    EXPECT_EQ(stopped.get_future().wait_for(3s), std::future_status::ready);
}

}  // namespace
}  // namespace croft::api
