#pragma once

#include "api/api.h"
#include "api/json_impl.h"
#include "api/stand_ins.h"
#include "api/world.h"
#include "fakes/fake_store.h"
#include "fakes/fake_swarm.h"
#include "http/raw_client.h"
#include "testing/temporary_folder.h"
#include "testing/vectors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <thread>

namespace croft::test {

struct Answer {
    int status = 0;
    std::string head, body;

    bool has_header(const std::string& line) const {
        return head.find("\r\n" + line + "\r\n") != std::string::npos;
    }
    api::Json json() const { return api::Json::parse(body); }
    std::string reason() const { return json().value("reason", ""); }
};

/// Nobody is fetched from in these tests.
class NoFetcher final : public feeds::Fetcher {
public:
    void get(feeds::FetchRequest /*request*/,
             std::function<void(Result<feeds::Fetched>)> then) override {
        then(fail(Errc::unavailable, "no_network", "tests have no network"));
    }
};

/// The API on a loop of its own, with the golden world behind it.
class ApiTest : public testing::Test {
protected:
    ApiTest() {
        fill_world();
        settings_ = {
            {"bittorrent.listen", "127.0.0.1:51413, [::1]:51413", "file", "/etc/croft/croft.toml",
             true},
            {"daemon.control_listen", "127.0.0.1:7400, [::1]:7400", "built_in", "", false},
            {"feeds.check_every", "3600", "environment", "CROFT_FEEDS_CHECK_EVERY", true},
            {"mirror.budget", "536870912000", "set", "", false},
            {"mirror.keep_free", "1073741824", "built_in", "", false},
        };
    }

    api::Options options() const {
        return {.runtime_folder = folder_.path(),
                .socket = folder_.path() / "croftd.sock",
                .control_listen = {"127.0.0.1:0"},
                .content_origin = {},
                .webui_folder = {},
                .version = "0.1.0"};
    }

    void start() { start(options()); }
    void start(const api::Options& options) {
        api_ = std::make_unique<api::Api>(
            loop_, [] { return world_now; }, options, modules(), settings_, journal_);
        const auto started = api_->start();
        ASSERT_TRUE(started) << started.error().message;
        address_ = api_->control_addresses().at(0);
        token_ = read_file(folder_.path() / "token", 100).value().substr(0, 64);
        api_->on_stop_requested = [this] { ++stops_asked_; };
        thread_ = std::jthread([this] { loop_.run(); });
    }

    void TearDown() override {
        if (!thread_.joinable()) return;
        on_loop([this] { api_.reset(); });
        loop_.stop();
        thread_.join();
    }

    api::Modules modules() { return {feeds_, library_, swarm_, store_, pool_}; }

    void on_loop(const std::function<void()>& work) {
        std::promise<void> done;
        loop_.post([&] {
            work();
            done.set_value();
        });
        done.get_future().wait();
    }

    static Answer answer_of(RawClient& client, const std::string& request) {
        client.say(request);
        const std::string text = client.read_response();
        Answer answer;
        const auto end = text.find("\r\n\r\n");
        if (text.size() < 12 || end == std::string::npos) return answer;
        answer.status = std::atoi(text.c_str() + 9);
        answer.head = text.substr(0, end + 2);
        answer.body = text.substr(end + 4);
        return answer;
    }

    std::string request(const std::string& method, const std::string& path, const std::string& body,
                        const std::string& headers) const {
        std::string text = method + " " + path + " HTTP/1.1\r\n" + headers;
        if (headers.find("Host:") == std::string::npos) text += "Host: " + address_ + "\r\n";
        if (!body.empty() && headers.find("Content-Type:") == std::string::npos) {
            text += "Content-Type: application/json\r\n";
        }
        if (!body.empty()) text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
        return text + "\r\n" + body;
    }

    std::string authorization() const { return "Authorization: Bearer " + token_ + "\r\n"; }

    /// As the page asks: over TCP, with the token.
    Answer ask(const std::string& method, const std::string& path, const std::string& body = {}) {
        return ask_with(authorization(), method, path, body);
    }
    Answer get(const std::string& path) { return ask("GET", path); }

    /// Over TCP with these headers only.
    Answer ask_with(const std::string& headers, const std::string& method, const std::string& path,
                    const std::string& body = {}) {
        RawClient client(address_);
        return answer_of(client, request(method, path, body, headers));
    }

    /// As the command asks: over the Unix socket.
    Answer ask_locally(const std::string& method, const std::string& path,
                       const std::string& body = {}) {
        RawClient client(folder_.path() / "croftd.sock");
        return answer_of(client, request(method, path, body, "Host: localhost\r\n"));
    }

    TemporaryFolder folder_;
    Loop loop_;
    Pool pool_{loop_, {}};
    FakeStore store_{loop_};
    FakeSwarm swarm_{loop_, [](const swarm::Event&) {}};
    NoFetcher fetcher_;
    feeds::Feeds feeds_{loop_, pool_, store_, fetcher_, [] { return world_now; }, {}, {}};
    library::Library library_{loop_, pool_, store_, [] { return world_now; }, {}, {}};
    std::vector<api::Setting> settings_;
    std::vector<store::JournalEntry> journal_;
    std::unique_ptr<api::Api> api_;
    std::string address_, token_;
    std::atomic<int> stops_asked_ = 0;
    std::jthread thread_;
};

}  // namespace croft::test
