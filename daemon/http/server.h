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
    std::string method;
    std::string path;  ///< percent-decoded once, starts with `/`; UTF-8, no control characters, no
                       ///< `.` or `..` segment, no encoded slash
    std::map<std::string, std::string, std::less<>> query;  ///< decoded; a repeated name: 400
    std::map<std::string, std::string, std::less<>>
        headers;  ///< names in lower case; list values
                  ///< that came apart are joined by ", "
    std::string body;
    std::optional<PeerCredentials> peer;  ///< on a Unix socket

    /// The header's value; empty where it is absent.
    std::string_view header(std::string_view lower_case_name) const;
};

using Headers = std::vector<std::pair<std::string, std::string>>;

struct Response {
    int status = 200;
    Headers headers;  ///< without Content-Length, Connection and Date: the server writes those
    std::string body;
};

/// A stream of server-sent events to one client. Dropping the last reference closes it.
class EventStream {
public:
    virtual ~EventStream() = default;
    /// Queues; false where the client is gone or its queue (1 MiB) is full.
    virtual bool send(std::string_view event, std::string_view data,
                      std::optional<std::uint64_t> id) = 0;
    virtual bool is_open() const = 0;
    virtual std::size_t queued_bytes() const = 0;
};

/// A request body that arrives piece by piece: for uploads of any size.
class BodyStream {
public:
    virtual ~BodyStream() = default;
    /// The next piece on the loop; empty: the end. `unavailable` where the client is slower than
    /// 256 KiB/s or gone. One read at a time.
    virtual void read(std::function<void(Result<std::string>)> then) = 0;
    virtual std::uint64_t length() const = 0;  ///< Content-Length
};

/// How a handler answers, once, now or later on the loop. If it is dropped unanswered the client
/// gets 500.
class Responder {
public:
    virtual ~Responder() = default;
    virtual void send(Response response) = 0;
    /// Answers 200 with a `text/event-stream` that lasts as long as somebody holds it.
    virtual std::shared_ptr<EventStream> start_events(Headers headers) = 0;
};

/// What a handler says of a request whose header has been read.
struct Admission {
    std::optional<Response> refusal;  ///< the answer to send instead of going on
    bool authenticated = false;       ///< such a connection is never closed to make room
};

struct Handler {
    /// Before the body is read, with the header only. Host, Origin, token and rate are looked at
    /// here.
    std::function<Admission(const Request&)> admit;
    /// The most bytes this request's body may have, and whether it streams.
    struct BodyRule {
        std::uint64_t cap_bytes = 64 * 1024;
        bool streams = false;
    };
    std::function<BodyRule(const Request&)> body_rule;
    std::function<void(Request, std::shared_ptr<Responder>)> handle;
    std::function<void(Request, std::shared_ptr<BodyStream>, std::shared_ptr<Responder>)>
        handle_stream;
    /// Put on every response, also on those that the server makes itself, unless the response has
    /// one of that name.
    Headers headers;
    /// An error that the server makes itself (400, 408, 411, 413, 417, 431, 500, 505); `reason` is
    /// a stable slug.
    std::function<Response(int status, std::string_view reason)> error;
};

struct Limits {
    std::size_t connections = 64;  ///< per listener; when full the oldest unauthenticated one goes
    std::size_t header_bytes = 8 * 1024, header_fields = 64;
    std::chrono::milliseconds header_time{5'000}, body_time{10'000}, write_stall{20'000},
        keep_alive{30'000};
};

class Server {
public:
    virtual ~Server() = default;
    /// Listens and answers with the bound address ("127.0.0.1:7400"): port 0 takes a free one.
    /// `not_allowed` for an address that is not loopback, since this is plain HTTP.
    virtual Result<std::string> listen_tcp(const std::string& address, Handler handler) = 0;
    /// Makes the socket with `mode`, replacing one that nobody answers on; `conflict` where
    /// somebody does, or where something else lies there.
    virtual Outcome listen_unix(const std::filesystem::path& path, unsigned mode,
                                Handler handler) = 0;
    /// Stops accepting, lets answers in flight go out, closes every connection; `then` when all
    /// are gone, at the latest after 2 s.
    virtual void stop(std::function<void()> then) = 0;
};

std::unique_ptr<Server> make_server(Loop& loop, Limits limits);

}  // namespace croft::http
