#pragma once

#include "http/raw_client.h"
#include "http/server.h"
#include "testing/temporary_folder.h"

#include <gtest/gtest.h>

#include <future>
#include <thread>

namespace croft::test {

/// A server with a few handlers of the simplest kind, on its own loop and thread.
class ServerTest : public testing::Test {
protected:
    /// Paths: `/echo` gives the body back, `/big` 8 MiB, `/throw` throws, `/drop` forgets to
    /// answer,
    /// `/stream` counts the bytes of a body of any size, `/refuse` is refused by its header,
    /// `/token` makes the connection an authenticated one, `/events` streams what `tell` sends.
    void serve(http::Limits limits = {}) {
        server_ = http::make_server(loop_, limits);
        address_ = server_->listen_tcp("127.0.0.1:0", handler()).value();
        thread_ = std::jthread([this] { loop_.run(); });
    }

    void TearDown() override {
        if (!thread_.joinable()) return;
        on_loop([this] {
            events_.clear();
            server_.reset();
        });
        loop_.stop();
    }

    /// Runs something on the loop and waits for it.
    void on_loop(const std::function<void()>& work) {
        std::promise<void> done;
        loop_.post([&] {
            work();
            done.set_value();
        });
        done.get_future().wait();
    }

    http::Handler handler() {
        http::Handler handler;
        handler.admit = [](const http::Request& request) { return admit(request); };
        handler.body_rule = [](const http::Request& request) {
            if (request.path == "/stream") return http::Handler::BodyRule{1ull << 40, true};
            return http::Handler::BodyRule{64 * 1024, false};
        };
        handler.handle = [this](http::Request request, std::shared_ptr<http::Responder> responder) {
            handle(std::move(request), responder);
        };
        handler.handle_stream = [](http::Request, std::shared_ptr<http::BodyStream> body,
                                   std::shared_ptr<http::Responder> responder) {
            count(std::move(body), std::move(responder), 0);
        };
        handler.headers = {{"X-Always", "yes"}};
        handler.error = [](int status, std::string_view reason) {
            return http::Response{status, {{"X-Reason", std::string(reason)}}, "error"};
        };
        return handler;
    }

    std::string ask(const std::string& request) {
        RawClient client(address_);
        client.say(request);
        return client.read_all();
    }

    static std::string get(const std::string& path) {
        return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    }
    static std::string get_and_close(const std::string& path) {
        return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    }

    Loop loop_;
    std::unique_ptr<http::Server> server_;
    std::string address_;
    std::vector<std::shared_ptr<http::EventStream>> events_;
    std::atomic<int> handled_ = 0;
    std::jthread thread_;

private:
    static http::Admission admit(const http::Request& request) {
        http::Admission admission;
        if (request.path == "/refuse") admission.refusal = http::Response{403, {}, "no"};
        admission.authenticated = request.path == "/token";
        return admission;
    }

    void handle(http::Request request, const std::shared_ptr<http::Responder>& responder) {
        ++handled_;
        if (request.path == "/throw") throw std::runtime_error("a test throws this");
        if (request.path == "/drop") return;
        if (request.path == "/events") {
            events_.push_back(responder->start_events({{"Content-Type", "text/event-stream"}}));
            return;
        }
        if (request.path == "/peer") {
            request.body = request.peer ? std::to_string(request.peer->uid) : "none";
        }
        if (request.path == "/big") request.body = std::string(8u << 20, 'b');
        responder->send({200, {}, std::move(request.body)});
    }

    static void count(std::shared_ptr<http::BodyStream> body,
                      std::shared_ptr<http::Responder> responder, std::size_t seen) {
        auto& stream = *body;
        stream.read([body = std::move(body), responder = std::move(responder),
                     seen](Result<std::string> piece) mutable {
            if (!piece) return responder->send({400, {}, piece.error().reason});
            if (piece->empty()) return responder->send({200, {}, std::to_string(seen)});
            count(std::move(body), std::move(responder), seen + piece->size());
        });
    }
};

}  // namespace croft::test
