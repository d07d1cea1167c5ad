#pragma once

#include "base/result.h"
#include "loop/loop.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// A small HTTP/1.1 server that knows nothing of us: parser discipline and limits of SECURITY.md
/// "Control API and page", TCP on loopback and Unix sockets. Runs wholly on the loop's thread.
namespace croft::http {

/// Who is at the other end of a Unix socket (SO_PEERCRED).
struct PeerCredentials {
    unsigned uid = 0, gid = 0;
    int pid = 0;
};

struct Request {
    std::string method;  ///< upper case
    std::string path;    ///< percent-decoded once, starts with `/`; no NUL, no `..`
    std::map<std::string, std::string> query;  ///< decoded; a repeated name is refused with 400
    std::map<std::string, std::string, std::less<>> headers;  ///< names in lower case
    std::string body;
    std::optional<PeerCredentials> peer;  ///< on a Unix socket
    bool unix_socket = false;
    std::string_view header(std::string_view lower_case_name) const;
};

struct Response {
    int status = 200;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
};

/// A stream of server-sent events to one client. Dropping the last reference closes it.
class EventStream {
public:
    virtual ~EventStream() = default;
    /// Queues; false where the client is gone or its queue (1 MiB) is full: then send it `resync`
    /// later or drop it.
    virtual bool send(std::string_view event, std::string_view data,
                      std::optional<std::uint64_t> id) = 0;
    virtual bool is_open() const = 0;
    virtual std::size_t queued_bytes() const = 0;
};

/// A request body that arrives piece by piece: for uploads of any size.
class BodyStream {
public:
    virtual ~BodyStream() = default;
    /// The next piece on the loop; empty: the end. An error where the client is too slow or gone.
    virtual void read(std::function<void(Result<std::string>)> then) = 0;
    virtual std::uint64_t length() const = 0;  ///< Content-Length
};

/// How a handler answers, once, now or later on the loop. If it is dropped unanswered the client
/// gets 500.
class Responder {
public:
    virtual ~Responder() = default;
    virtual void send(Response response) = 0;
    virtual std::shared_ptr<EventStream> start_events(
        std::vector<std::pair<std::string, std::string>> headers) = 0;
};

struct Handler {
    /// Before the body is read, with the header only: the answer to refuse with, or nothing to go
    /// on. Host, Origin, token and rate are looked at here.
    std::function<std::optional<Response>(const Request&)> admit;
    /// The most bytes this request's body may have, and whether it streams.
    struct BodyRule {
        std::uint64_t cap_bytes = 64 * 1024;
        bool streams = false;
    };
    std::function<BodyRule(const Request&)> body_rule;
    std::function<void(Request, std::shared_ptr<Responder>)> handle;
    std::function<void(Request, std::shared_ptr<BodyStream>, std::shared_ptr<Responder>)>
        handle_stream;
    /// Put on every response, also on those that the server makes itself (400, 408, 413, 431, 500
    /// …).
    std::vector<std::pair<std::string, std::string>> headers;
    /// The body of an error that the server makes itself.
    std::function<std::string(int status, std::string_view reason)> error_body;
    std::string error_content_type = "application/problem+json";
};

struct Limits {
    std::size_t connections = 64;  ///< per listener; when full the oldest unauthenticated one goes
    std::size_t header_bytes = 8 * 1024, header_fields = 64;
    std::chrono::seconds header_time{5}, body_time{10}, write_stall{20}, keep_alive{30};
};

class Server {
public:
    virtual ~Server() = default;
    /// Listens and answers with the bound address ("127.0.0.1:7400"): port 0 takes a free one.
    virtual Result<std::string> listen_tcp(const std::string& address, Handler handler) = 0;
    /// Makes the socket (replacing a stale one), with `mode`.
    virtual Outcome listen_unix(const std::filesystem::path& path, unsigned mode,
                                Handler handler) = 0;
    /// Stops accepting and closes every connection; `then` when all are gone, at the latest after 2
    /// s.
    virtual void stop(std::function<void()> then) = 0;
};

std::unique_ptr<Server> make_server(Loop& loop, Limits limits);

}  // namespace croft::http
