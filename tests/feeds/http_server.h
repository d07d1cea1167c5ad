#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace croft::feeds::test {

/// One accepted connection of a test server: reads a request's head, sends what it is told.
class Connection {
public:
    explicit Connection(int socket) : socket_(socket) {}

    /// Up to the empty line; "" where the client has gone.
    std::string read_head() {
        std::string head;
        char c = 0;
        while (!head.ends_with("\r\n\r\n") && ::recv(socket_, &c, 1, 0) == 1)
            head += c;
        return head.ends_with("\r\n\r\n") ? head : "";
    }

    std::string read_exactly(std::size_t size) {
        std::string bytes(size, '\0');
        const auto got = ::recv(socket_, bytes.data(), size, MSG_WAITALL);
        bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
        return bytes;
    }

    /// False where the client has gone.
    bool send(std::string_view bytes) {
        while (!bytes.empty()) {
            const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    }

    int number() const { return socket_; }

private:
    int socket_;
};

/// A server on loopback made of bare sockets, so that it can misbehave in every way: `serve` has
/// each connection to itself, on a thread of its own.
class RawServer {
public:
    using Serve = std::function<void(Connection&)>;

    explicit RawServer(Serve serve, const char* address = "127.0.0.1")
        : serve_(std::move(serve)), address_(address) {
        listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in at{};
        at.sin_family = AF_INET;
        ::inet_pton(AF_INET, address, &at.sin_addr);
        socklen_t size = sizeof at;
        if (::bind(listener_, reinterpret_cast<sockaddr*>(&at), size) || ::listen(listener_, 32))
            throw std::runtime_error("cannot listen on loopback");
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&at), &size);
        port_ = ntohs(at.sin_port);
        acceptor_ = std::thread([this] { accept_all(); });
    }

    RawServer(const RawServer&) = delete;
    RawServer& operator=(const RawServer&) = delete;

    ~RawServer() {
        ::shutdown(listener_, SHUT_RDWR);
        acceptor_.join();
        {
            const std::lock_guard lock(mutex_);
            for (const int socket : open_)
                ::shutdown(socket, SHUT_RDWR);
        }
        for (auto& thread : threads_)
            thread.join();
        ::close(listener_);
    }

    std::string url(const std::string& path = "/") const {
        return "http://" + address_ + ":" + std::to_string(port_) + path;
    }
    std::uint16_t port() const { return port_; }

    /// How many clients have connected so far.
    std::size_t connections() const {
        const std::lock_guard lock(mutex_);
        return connections_;
    }

private:
    void accept_all() {
        int socket = -1;
        while ((socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC)) >= 0) {
            const std::lock_guard lock(mutex_);
            ++connections_;
            open_.push_back(socket);
            threads_.emplace_back([this, socket] {
                Connection connection(socket);
                serve_(connection);
                const std::lock_guard closing(mutex_);
                std::erase(open_, socket);
                ::close(socket);
            });
        }
    }

    Serve serve_;
    std::string address_;
    int listener_ = -1;
    std::uint16_t port_ = 0;
    mutable std::mutex mutex_;
    std::size_t connections_ = 0;
    std::vector<int> open_;
    std::vector<std::thread> threads_;
    std::thread acceptor_;
};

/// The path of a request's first line.
inline std::string path_of(const std::string& head) {
    const auto from = head.find(' ') + 1;
    return head.substr(from, head.find(' ', from) - from);
}

inline std::string ok(std::string_view body, const std::string& headers = "") {
    return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + headers +
           "\r\n" + std::string(body);
}

/// Answers every request of a connection by `reply(head)`.
inline RawServer::Serve replying(std::function<std::string(const std::string& head)> reply) {
    return [reply = std::move(reply)](Connection& connection) {
        for (std::string head = connection.read_head(); !head.empty();
             head = connection.read_head()) {
            if (!connection.send(reply(head))) return;
        }
    };
}

}  // namespace croft::feeds::test
