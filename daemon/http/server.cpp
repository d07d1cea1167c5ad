#include "http/server.h"

#include "base/file.h"
#include "base/log.h"
#include "http/connection.h"
#include "loop/asio.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <map>

namespace croft::http {
namespace {

using asio::ip::tcp;
using Local = asio::local::stream_protocol;

constexpr std::chrono::milliseconds accept_again{100};
constexpr std::chrono::milliseconds stop_time{2'000};

std::optional<PeerCredentials> credentials_of(int socket) {
    ucred peer{};
    socklen_t size = sizeof peer;
    if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return std::nullopt;
    return PeerCredentials{.uid = peer.uid, .gid = peer.gid, .pid = peer.pid};
}

/// One open door and who came in by it.
class Listener : public std::enable_shared_from_this<Listener> {
public:
    Listener(Loop& loop, const Limits& limits, Handler handler)
        : loop_(loop),
          endpoint_(std::make_shared<const Endpoint>(Endpoint{std::move(handler), limits})) {}

    void welcome(Descriptor socket, std::optional<PeerCredentials> peer);
    void finish();
    void close();
    bool is_empty() const { return connections_.empty(); }

    std::function<void()> stop_accepting;
    std::function<void()> on_left;

private:
    bool make_room();
    void forget(std::uint64_t number);

    Loop& loop_;
    std::shared_ptr<const Endpoint> endpoint_;
    std::map<std::uint64_t, std::shared_ptr<Connection>> connections_;  ///< oldest first
    std::uint64_t next_ = 1;
};

void Listener::welcome(Descriptor socket, std::optional<PeerCredentials> peer) {
    if (!make_room()) return;
    const std::uint64_t number = next_++;
    connections_[number] =
        serve(loop_, std::move(socket), endpoint_, peer, [weak = weak_from_this(), number] {
            if (const auto self = weak.lock()) self->forget(number);
        });
}

/// Whether one more may come in: the oldest that has not shown a token goes for it.
bool Listener::make_room() {
    if (connections_.size() < endpoint_->limits.connections) return true;
    const auto oldest = std::ranges::find_if(
        connections_, [](const auto& entry) { return !entry.second->is_authenticated(); });
    if (oldest == connections_.end()) return false;
    const auto leaving = std::move(oldest->second);
    connections_.erase(oldest);
    leaving->close();
    return true;
}

void Listener::forget(std::uint64_t number) {
    connections_.erase(number);
    if (on_left) on_left();
}

void Listener::finish() {
    if (stop_accepting) stop_accepting();
    for (const auto& [number, connection] : connections_)
        connection->finish();
}

void Listener::close() {
    for (const auto& [number, connection] : connections_)
        connection->close();
    connections_.clear();
}

template <class Protocol>
using Acceptor = asio::basic_socket_acceptor<Protocol>;

/// Waits between two attempts where the process has no descriptor left, instead of spinning.
template <class Protocol>
asio::awaitable<void> accept_all(std::shared_ptr<Acceptor<Protocol>> acceptor,
                                 std::shared_ptr<Listener> listener) {
    asio::steady_timer pause(acceptor->get_executor());
    while (acceptor->is_open()) {
        boost::system::error_code error, ignored;
        auto socket =
            co_await acceptor->async_accept(asio::redirect_error(asio::use_awaitable, error));
        if (error) {
            pause.expires_after(accept_again);
            co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
            continue;
        }
        std::optional<PeerCredentials> peer;
        if constexpr (std::is_same_v<Protocol, Local>) {
            if (!(peer = credentials_of(socket.native_handle()))) continue;
        } else {
            socket.set_option(tcp::no_delay(true), ignored);
        }
        listener->welcome(Descriptor(socket.release()), peer);
    }
}

/// "127.0.0.1:7400" or "[::1]:7400".
Result<tcp::endpoint> read_address(const std::string& text) {
    const auto colon = text.rfind(':');
    std::string host = text.substr(0, colon == std::string::npos ? 0 : colon);
    if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
        host = host.substr(1, host.size() - 2);
    }
    std::uint16_t port = 0;
    const char* const end = text.data() + text.size();
    const auto number = std::from_chars(text.data() + std::min(colon + 1, text.size()), end, port);
    boost::system::error_code error;
    const auto address = asio::ip::make_address(host, error);
    if (error || number.ec != std::errc() || number.ptr != end) {
        return fail(Errc::invalid_argument, "bad_address",
                    "can't listen on '" + text + "': give a numeric address and a port");
    }
    if (!address.is_loopback()) {
        return fail(Errc::not_allowed, "not_loopback",
                    "will not listen on '" + text +
                        "': plain HTTP is for loopback addresses only, 127.0.0.1 or [::1]");
    }
    return tcp::endpoint(address, port);
}

std::string text_of(const tcp::endpoint& endpoint) {
    const std::string address = endpoint.address().to_string();
    return (endpoint.address().is_v6() ? "[" + address + "]" : address) + ":" +
           std::to_string(endpoint.port());
}

Error listen_error(const boost::system::error_code& error, const std::string& on) {
    Error answer = system_error("listen on", on, error.value());
    if (error == asio::error::address_in_use) {
        answer.message += "; does another croftd run here? Give one of them another address";
    }
    return answer;
}

/// Removes a socket that nobody answers on any more.
Outcome remove_stale(const std::filesystem::path& path) {
    struct stat found {};
    if (::lstat(path.c_str(), &found) != 0) return {};
    if (!S_ISSOCK(found.st_mode)) {
        return fail(Errc::conflict, "not_a_socket",
                    "can't make the socket " + path.native() + ": something else lies there");
    }
    asio::io_context context;
    Local::socket probe(context);
    boost::system::error_code error;
    probe.connect(Local::endpoint(path.native()), error);
    if (!error) {
        return fail(Errc::conflict, "socket_in_use",
                    "another daemon answers on " + path.native() + " already");
    }
    if (::unlink(path.c_str()) != 0) {
        return tl::unexpected(system_error("remove", path.native(), errno));
    }
    return {};
}

class AsioServer final : public Server {
public:
    AsioServer(Loop& loop, Limits limits) : loop_(loop), limits_(limits) {}
    AsioServer(const AsioServer&) = delete;
    AsioServer& operator=(const AsioServer&) = delete;
    ~AsioServer() override { close_all(); }

    Result<std::string> listen_tcp(const std::string& address, Handler handler) override;
    Outcome listen_unix(const std::filesystem::path& path, unsigned mode, Handler handler) override;
    void stop(std::function<void()> then) override;

private:
    template <class Protocol>
    void open(std::shared_ptr<Acceptor<Protocol>> acceptor, Handler handler);
    void close_all();
    void end_stop();

    Loop& loop_;
    Limits limits_;
    std::vector<std::shared_ptr<Listener>> listeners_;
    Loop::Timer patience_;
    std::function<void()> on_stopped_;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

template <class Protocol>
void AsioServer::open(std::shared_ptr<Acceptor<Protocol>> acceptor, Handler handler) {
    auto listener = std::make_shared<Listener>(loop_, limits_, std::move(handler));
    listener->stop_accepting = [acceptor] {
        boost::system::error_code ignored;
        acceptor->close(ignored);
    };
    listeners_.push_back(listener);
    asio::co_spawn(context_of(loop_), accept_all<Protocol>(acceptor, listener), asio::detached);
}

Result<std::string> AsioServer::listen_tcp(const std::string& address, Handler handler) {
    const auto endpoint = read_address(address);
    if (!endpoint) return tl::unexpected(endpoint.error());
    auto acceptor = std::make_shared<Acceptor<tcp>>(context_of(loop_));
    boost::system::error_code error, ignored;
    acceptor->open(endpoint->protocol(), error);
    if (!error) acceptor->set_option(tcp::acceptor::reuse_address(true), error);
    if (!error && endpoint->protocol() == tcp::v6()) {
        acceptor->set_option(asio::ip::v6_only(true), error);
    }
    if (!error) acceptor->bind(*endpoint, error);
    if (!error) acceptor->listen(asio::socket_base::max_listen_connections, error);
    if (error) return tl::unexpected(listen_error(error, address));
    const std::string bound = text_of(acceptor->local_endpoint(ignored));
    open<tcp>(std::move(acceptor), std::move(handler));
    return bound;
}

Outcome AsioServer::listen_unix(const std::filesystem::path& path, unsigned mode, Handler handler) {
    if (path.native().size() >= sizeof(sockaddr_un::sun_path)) {
        return fail(Errc::invalid_argument, "socket_path_too_long",
                    "the socket's path is too long for this system: " + path.native());
    }
    if (auto removed = remove_stale(path); !removed) return removed;
    auto acceptor = std::make_shared<Acceptor<Local>>(context_of(loop_));
    boost::system::error_code error;
    acceptor->open(Local(), error);
    const mode_t before = ::umask(0177);  // nobody else may connect before the mode is set
    if (!error) acceptor->bind(Local::endpoint(path.native()), error);
    ::umask(before);
    if (!error && ::chmod(path.c_str(), mode) != 0) {
        error.assign(errno, boost::system::system_category());
    }
    if (!error) acceptor->listen(asio::socket_base::max_listen_connections, error);
    if (error) return tl::unexpected(listen_error(error, path.native()));
    open<Local>(std::move(acceptor), std::move(handler));
    return {};
}

void AsioServer::stop(std::function<void()> then) {
    on_stopped_ = std::move(then);
    for (const auto& listener : listeners_) {
        listener->on_left = [this] { end_stop(); };
        listener->finish();
    }
    patience_ = loop_.after(stop_time, [this] {
        close_all();
        end_stop();
    });
    loop_.post([this, weak = std::weak_ptr(alive_)] {
        if (!weak.expired()) end_stop();
    });
}

/// Tells once that everybody has left.
void AsioServer::end_stop() {
    const bool all_left = std::ranges::all_of(listeners_, &Listener::is_empty);
    if (!on_stopped_ || !all_left) return;
    patience_ = {};
    std::exchange(on_stopped_, nullptr)();
}

void AsioServer::close_all() {
    for (const auto& listener : listeners_) {
        listener->on_left = nullptr;
        listener->stop_accepting();
        listener->close();
    }
}

}  // namespace

std::unique_ptr<Server> make_server(Loop& loop, Limits limits) {
    return std::make_unique<AsioServer>(loop, limits);
}

}  // namespace croft::http
