#pragma once

#include "base/file.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>

namespace croft::test {

/// A client that says exactly the bytes it is told to, and reads what comes.
class RawClient {
public:
    explicit RawClient(const std::string& address) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port =
            htons(static_cast<std::uint16_t>(std::atoi(address.c_str() + address.rfind(':') + 1)));
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        connected_ = ::connect(socket_.number(), reinterpret_cast<sockaddr*>(&to), sizeof to) == 0;
    }

    explicit RawClient(const std::filesystem::path& path)
        : socket_(::socket(AF_UNIX, SOCK_STREAM, 0)) {
        sockaddr_un to{};
        to.sun_family = AF_UNIX;
        path.native().copy(to.sun_path, sizeof to.sun_path - 1);
        connected_ = ::connect(socket_.number(), reinterpret_cast<sockaddr*>(&to), sizeof to) == 0;
    }

    bool is_connected() const { return connected_; }

    /// False where the server has closed already.
    bool say(std::string_view bytes) {
        while (!bytes.empty()) {
            const ssize_t sent = ::send(socket_.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent < 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    }
    void say_no_more() { ::shutdown(socket_.number(), SHUT_WR); }

    /// Everything until the server closes, or until `patience` passed without a byte.
    std::string read_all(std::chrono::milliseconds patience = std::chrono::seconds(40)) {
        while (read_some(patience)) {
        }
        return std::exchange(received_, {});
    }

    /// Up to and with `mark`, or what came before the end.
    std::string read_until(std::string_view mark,
                           std::chrono::milliseconds patience = std::chrono::seconds(40)) {
        std::size_t at = 0;
        while ((at = received_.find(mark)) == std::string::npos && read_some(patience)) {
        }
        const std::size_t size = at == std::string::npos ? received_.size() : at + mark.size();
        std::string text = received_.substr(0, size);
        received_.erase(0, size);
        return text;
    }

    /// One response with a Content-Length.
    std::string read_response() {
        std::string head = read_until("\r\n\r\n");
        const auto at = head.find("Content-Length: ");
        if (at == std::string::npos) return head;
        const auto size = static_cast<std::size_t>(std::atoll(head.c_str() + at + 16));
        while (received_.size() < size && read_some(std::chrono::seconds(40))) {
        }
        head += received_.substr(0, size);
        received_.erase(0, size);
        return head;
    }

    /// Whether the server closed the connection, seen within `patience`.
    bool is_closed_within(std::chrono::milliseconds patience) {
        const auto end = std::chrono::steady_clock::now() + patience;
        while (std::chrono::steady_clock::now() < end) {
            if (!read_some(std::chrono::milliseconds(50)) && ended_) return true;
        }
        return false;
    }

private:
    bool read_some(std::chrono::milliseconds patience) {
        pollfd wait{.fd = socket_.number(), .events = POLLIN, .revents = 0};
        if (::poll(&wait, 1, static_cast<int>(patience.count())) <= 0) return false;
        char buffer[64 * 1024];
        const ssize_t count = ::recv(socket_.number(), buffer, sizeof buffer, 0);
        ended_ = count <= 0;
        if (count > 0) received_.append(buffer, static_cast<std::size_t>(count));
        return count > 0;
    }

    Descriptor socket_;
    bool connected_ = false, ended_ = false;
    std::string received_;
};

}  // namespace croft::test
