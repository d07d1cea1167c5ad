#include "http/connection.h"

#include "base/log.h"
#include "http/request_rule.h"
#include "http/response_text.h"
#include "loop/asio.h"

#include <array>
#include <chrono>

namespace croft::http {
namespace {

using Milliseconds = std::chrono::milliseconds;
using SteadyClock = std::chrono::steady_clock;

constexpr std::size_t piece_bytes = 64 * 1024;
constexpr std::size_t event_queue_bytes = 1024 * 1024;
constexpr double body_floor_bytes_per_second = 256.0 * 1024;
constexpr std::size_t linger_bytes = 1024 * 1024;
constexpr Milliseconds linger_time{1'000};

Time now() { return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()); }

class Client;

/// Answers for one request; the client lives at least as long.
class ClientResponder final : public Responder {
public:
    ClientResponder(Loop& loop, std::shared_ptr<Client> client)
        : loop_(loop), client_(std::move(client)) {}
    ClientResponder(const ClientResponder&) = delete;
    ClientResponder& operator=(const ClientResponder&) = delete;
    ~ClientResponder() override;

    void send(Response response) override;
    std::shared_ptr<EventStream> start_events(Headers headers) override;

private:
    Loop& loop_;
    std::shared_ptr<Client> client_;
    bool answered_ = false;
};

class ClientEvents final : public EventStream {
public:
    explicit ClientEvents(std::shared_ptr<Client> client) : client_(std::move(client)) {}
    ClientEvents(const ClientEvents&) = delete;
    ClientEvents& operator=(const ClientEvents&) = delete;
    ~ClientEvents() override;

    bool send(std::string_view event, std::string_view data,
              std::optional<std::uint64_t> id) override;
    bool is_open() const override;
    std::size_t queued_bytes() const override;

private:
    std::shared_ptr<Client> client_;
};

class ClientBody final : public BodyStream {
public:
    ClientBody(std::shared_ptr<Client> client, std::uint64_t length)
        : client_(std::move(client)), length_(length) {}

    void read(std::function<void(Result<std::string>)> then) override;
    std::uint64_t length() const override { return length_; }

private:
    std::shared_ptr<Client> client_;
    std::uint64_t length_;
};

/// The connection itself. One coroutine runs it; whatever that waits for is cancelled when
/// `limit_time` is over.
class Client final : public Connection, public std::enable_shared_from_this<Client> {
public:
    using Socket = asio::generic::stream_protocol::socket;

    Client(Loop& loop, Socket socket, std::shared_ptr<const Endpoint> endpoint,
           std::optional<PeerCredentials> peer)
        : loop_(loop),
          socket_(std::move(socket)),
          endpoint_(std::move(endpoint)),
          peer_(peer),
          timer_(context_of(loop)),
          wake_(context_of(loop)) {}

    static asio::awaitable<void> run(std::shared_ptr<Client> self, std::function<void()> on_end);

    bool is_authenticated() const override { return authenticated_; }
    void finish() override;
    void close() override;

    void answer(Response response);
    void answer_unanswered() { answer(handler().error(500, "internal")); }
    void begin_events(Headers headers);
    void end_events();
    bool queue_event(std::string_view event, std::string_view data,
                     std::optional<std::uint64_t> id);
    bool is_open() const { return socket_.is_open(); }
    std::size_t queued_bytes() const { return event_queue_.size() + events_in_flight_; }
    void read_piece(std::function<void(Result<std::string>)> then);

private:
    asio::awaitable<bool> exchange();
    asio::awaitable<std::optional<Head>> read_head();
    asio::awaitable<std::optional<std::size_t>> read_header_block();
    asio::awaitable<bool> admit(const Head& head);
    asio::awaitable<bool> hand_over(Head& head, bool streams);
    asio::awaitable<bool> read_body(Head& head);
    void call_handler(Head head, bool streams);
    asio::awaitable<bool> send_answer(bool keep_alive);
    asio::awaitable<void> send_events();
    static asio::awaitable<void> watch_for_end(std::shared_ptr<Client> self);
    asio::awaitable<void> refuse(int status, std::string_view reason);
    asio::awaitable<bool> send(Response response, bool keep_alive);
    asio::awaitable<bool> write(std::string bytes);
    asio::awaitable<bool> read_more();
    asio::awaitable<void> linger();

    void limit_time(Milliseconds time);
    void unlimited();
    void read_piece_from_socket(std::function<void(Result<std::string>)> then);
    Milliseconds body_patience() const;
    std::string take(std::size_t bytes);
    void wake() { wake_.cancel(); }

    const Limits& limits() const { return endpoint_->limits; }
    const Handler& handler() const { return endpoint_->handler; }

    Loop& loop_;
    Socket socket_;
    std::shared_ptr<const Endpoint> endpoint_;
    std::optional<PeerCredentials> peer_;
    asio::steady_timer timer_;  ///< when what we wait for takes too long
    asio::steady_timer wake_;   ///< never expires; cancelled to wake the coroutine
    std::uint64_t timer_turn_ = 0;
    bool time_is_over_ = false;

    std::string received_;         ///< read and not used yet
    std::uint64_t body_left_ = 0;  ///< of the current request, not yet out of `received_`
    bool authenticated_ = false, finishing_ = false, idle_ = true, had_request_ = false;
    bool head_only_ = false;

    std::optional<Response> answer_;
    std::optional<Headers> event_headers_;
    std::string event_queue_;
    std::size_t events_in_flight_ = 0;
    bool events_held_ = false;

    SteadyClock::duration body_waited_{};
    std::uint64_t body_received_ = 0;
    bool reading_piece_ = false;
};

ClientResponder::~ClientResponder() {
    if (answered_) return;
    // Maybe on another thread: work that the pool dropped.
    loop_.post([client = std::move(client_)] { client->answer_unanswered(); });
}

void ClientResponder::send(Response response) {
    if (std::exchange(answered_, true)) return;
    client_->answer(std::move(response));
}

std::shared_ptr<EventStream> ClientResponder::start_events(Headers headers) {
    answered_ = true;
    client_->begin_events(std::move(headers));
    return std::make_shared<ClientEvents>(client_);
}

ClientEvents::~ClientEvents() { client_->end_events(); }

bool ClientEvents::send(std::string_view event, std::string_view data,
                        std::optional<std::uint64_t> id) {
    return client_->queue_event(event, data, id);
}

bool ClientEvents::is_open() const { return client_->is_open(); }
std::size_t ClientEvents::queued_bytes() const { return client_->queued_bytes(); }

void ClientBody::read(std::function<void(Result<std::string>)> then) {
    client_->read_piece(std::move(then));
}

asio::awaitable<void> Client::run(std::shared_ptr<Client> self, std::function<void()> on_end) {
    try {
        bool goes_on = true;
        while (goes_on)
            goes_on = co_await self->exchange();
    } catch (const std::exception& error) {
        log::debug("http: a connection failed", {{"what", error.what()}});
    }
    self->close();
    on_end();
}

void Client::close() {
    boost::system::error_code ignored;
    socket_.close(ignored);
    unlimited();
    wake();
}

void Client::finish() {
    finishing_ = true;
    if (idle_) return close();
    end_events();
}

void Client::limit_time(Milliseconds time) {
    time_is_over_ = false;
    timer_.expires_after(time);
    timer_.async_wait(
        [self = shared_from_this(), turn = ++timer_turn_](const boost::system::error_code& error) {
            // A wait that has ended may be queued already when the next one begins.
            if (error || turn != self->timer_turn_) return;
            self->time_is_over_ = true;
            boost::system::error_code ignored;
            self->socket_.cancel(ignored);
        });
}

void Client::unlimited() {
    ++timer_turn_;
    timer_.cancel();
}

asio::awaitable<bool> Client::read_more() {
    std::array<char, 4096> buffer{};
    boost::system::error_code error;
    const std::size_t count = co_await socket_.async_read_some(
        asio::buffer(buffer), asio::redirect_error(asio::use_awaitable, error));
    received_.append(buffer.data(), count);
    co_return !error;
}

asio::awaitable<bool> Client::write(std::string bytes) {
    std::size_t done = 0;
    while (done < bytes.size()) {
        limit_time(limits().write_stall);
        boost::system::error_code error;
        const std::size_t count = co_await socket_.async_write_some(
            asio::buffer(bytes.data() + done, bytes.size() - done),
            asio::redirect_error(asio::use_awaitable, error));
        done += count;
        unlimited();
        if (error) co_return false;
    }
    co_return true;
}

std::string Client::take(std::size_t bytes) {
    std::string taken = received_.substr(0, bytes);
    received_.erase(0, bytes);
    return taken;
}

/// One request and its answer; whether another may follow.
asio::awaitable<bool> Client::exchange() {
    auto head = co_await read_head();
    if (!head) co_return false;
    head_only_ = head->request.method == "HEAD";
    body_left_ = head->content_length;
    const bool is_admitted = co_await admit(*head);
    if (!is_admitted) co_return body_left_ == 0 && head->keep_alive && !finishing_;

    const Handler::BodyRule rule = handler().body_rule(head->request);
    if (head->content_length > rule.cap_bytes) {
        co_await refuse(413, "body_too_large");
        co_return false;
    }
    const bool keep_alive = head->keep_alive;
    const bool is_in_hand = co_await hand_over(*head, rule.streams);
    if (!is_in_hand) co_return false;
    const bool may_go_on = co_await send_answer(keep_alive);
    co_return may_go_on;
}

asio::awaitable<std::optional<std::size_t>> Client::read_header_block() {
    idle_ = received_.empty();
    if (idle_) {
        limit_time(had_request_ ? limits().keep_alive : limits().header_time);
        const bool is_here = co_await read_more();
        if (!is_here) co_return std::nullopt;
        idle_ = false;
    }
    limit_time(limits().header_time);
    std::optional<std::size_t> end;
    while (!(end = header_end(received_)) && received_.size() <= limits().header_bytes) {
        const bool is_here = co_await read_more();
        if (is_here) continue;
        if (time_is_over_) co_await refuse(408, "header_timeout");
        co_return std::nullopt;
    }
    unlimited();
    co_return end.value_or(received_.size());
}

/// The next request, or none where the client is gone or was refused.
asio::awaitable<std::optional<Head>> Client::read_head() {
    const auto size = co_await read_header_block();
    if (!size) co_return std::nullopt;
    auto head = http::read_head(take(*size), limits());
    if (!head) {
        co_await refuse(head.error().status, head.error().reason);
        co_return std::nullopt;
    }
    had_request_ = true;
    head->request.peer = peer_;
    co_return std::move(*head);
}

asio::awaitable<bool> Client::admit(const Head& head) {
    Admission admission = handler().admit(head.request);
    authenticated_ = authenticated_ || admission.authenticated;
    if (!admission.refusal) co_return true;
    co_await send(std::move(*admission.refusal), body_left_ == 0 && head.keep_alive);
    if (body_left_ > 0) co_await linger();
    co_return false;
}

/// Gives the request to its handler, with its body or a stream of it.
asio::awaitable<bool> Client::hand_over(Head& head, bool streams) {
    if (head.expects_continue && body_left_ > received_.size()) {
        std::string go_on = "HTTP/1.1 100 Continue\r\n\r\n";
        const bool is_written = co_await write(std::move(go_on));
        if (!is_written) co_return false;
    }
    if (!streams) {
        const bool is_read = co_await read_body(head);
        if (!is_read) co_return false;
    }
    call_handler(std::move(head), streams);
    co_return true;
}

/// A handler that throws drops its responder, which answers 500.
void Client::call_handler(Head head, bool streams) {
    answer_.reset();
    body_waited_ = {};
    body_received_ = 0;
    const auto self = shared_from_this();
    auto responder = std::make_shared<ClientResponder>(loop_, self);
    try {
        if (!streams) return handler().handle(std::move(head.request), std::move(responder));
        handler().handle_stream(std::move(head.request),
                                std::make_shared<ClientBody>(self, head.content_length),
                                std::move(responder));
    } catch (const std::exception& error) {
        log::error("http: a handler threw", {{"what", error.what()}});
    }
}

asio::awaitable<bool> Client::read_body(Head& head) {
    limit_time(limits().body_time);
    while (received_.size() < head.content_length) {
        const bool is_here = co_await read_more();
        if (is_here) continue;
        if (time_is_over_) co_await refuse(408, "body_timeout");
        co_return false;
    }
    unlimited();
    head.request.body = take(head.content_length);
    body_left_ = 0;
    co_return true;
}

/// Waits until the handler has answered and sends it; whether the connection may go on.
asio::awaitable<bool> Client::send_answer(bool keep_alive) {
    boost::system::error_code ignored;
    while (!answer_ && !event_headers_ && socket_.is_open()) {
        wake_.expires_at(SteadyClock::time_point::max());
        co_await wake_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
    if (event_headers_) {
        co_await send_events();
        co_return false;
    }
    if (!answer_) co_return false;
    if (reading_piece_) socket_.cancel(ignored);
    keep_alive = keep_alive && body_left_ == 0 && !finishing_;
    const bool is_sent = co_await send(std::move(*answer_), keep_alive);
    if (!is_sent) co_return false;
    if (body_left_ > 0) co_await linger();
    co_return keep_alive;
}

asio::awaitable<bool> Client::send(Response response, bool keep_alive) {
    const bool bodiless = response.status == 204 || response.status == 304;
    const Frame frame{.content_length = bodiless
                                            ? std::nullopt
                                            : std::optional<std::uint64_t>(response.body.size()),
                      .keep_alive = keep_alive};
    std::string head = response_head(response, handler().headers, frame, now());
    std::string body = bodiless || head_only_ ? std::string() : std::move(response.body);
    if (body.size() <= piece_bytes) head += std::exchange(body, {});
    const bool is_begun = co_await write(std::move(head));
    if (!is_begun) co_return false;
    const bool is_sent = co_await write(std::move(body));
    co_return is_sent;
}

/// Says no and ends: what follows on this connection can't be told apart any more.
asio::awaitable<void> Client::refuse(int status, std::string_view reason) {
    Response response = handler().error(status, reason);
    co_await send(std::move(response), false);
    co_await linger();
}

/// Reads on for a moment: closing with unread bytes makes the kernel reset the connection, which
/// may take our answer from the client before it has read it.
asio::awaitable<void> Client::linger() {
    boost::system::error_code ignored;
    socket_.shutdown(asio::socket_base::shutdown_send, ignored);
    limit_time(linger_time);
    std::size_t seen = 0;
    while (seen < linger_bytes) {
        const bool is_here = co_await read_more();
        if (!is_here) break;
        seen += received_.size();
        received_.clear();
    }
    unlimited();
}

asio::awaitable<void> Client::send_events() {
    const Response response{.status = 200, .headers = std::move(*event_headers_), .body = {}};
    const Frame frame{.content_length = std::nullopt, .keep_alive = false};
    std::string head = response_head(response, handler().headers, frame, now());
    const bool is_begun = co_await write(std::move(head));
    if (!is_begun || head_only_) co_return;
    asio::co_spawn(socket_.get_executor(), watch_for_end(shared_from_this()), asio::detached);
    while (socket_.is_open()) {
        if (event_queue_.empty()) {
            if (!events_held_) co_return;
            boost::system::error_code ignored;
            wake_.expires_at(SteadyClock::time_point::max());
            co_await wake_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
            continue;
        }
        std::string out = std::exchange(event_queue_, {});
        events_in_flight_ = out.size();
        const bool is_written = co_await write(std::move(out));
        if (!is_written) co_return;
        events_in_flight_ = 0;
    }
}

/// A client has nothing to say during its event stream: whatever comes is its end.
asio::awaitable<void> Client::watch_for_end(std::shared_ptr<Client> self) {
    co_await self->read_more();
    self->close();
}

void Client::answer(Response response) {
    answer_ = std::move(response);
    wake();
}

void Client::begin_events(Headers headers) {
    events_held_ = true;
    event_headers_ = std::move(headers);
    wake();
}

void Client::end_events() {
    events_held_ = false;
    wake();
}

bool Client::queue_event(std::string_view event, std::string_view data,
                         std::optional<std::uint64_t> id) {
    if (!socket_.is_open()) return false;
    const std::string text = event_text(event, data, id);
    if (queued_bytes() + text.size() > event_queue_bytes) return false;
    event_queue_ += text;
    wake();
    return true;
}

/// How long we go on waiting for a streamed body: only time in which we waited for the client
/// counts, so that a slow reader on our side is not held against it.
Milliseconds Client::body_patience() const {
    const auto earned = std::chrono::duration<double>(static_cast<double>(body_received_) /
                                                      body_floor_bytes_per_second);
    return limits().body_time + std::chrono::duration_cast<Milliseconds>(earned - body_waited_);
}

void Client::read_piece(std::function<void(Result<std::string>)> then) {
    if (!received_.empty() || body_left_ == 0) {
        const auto size = std::min<std::uint64_t>(received_.size(), body_left_);
        body_left_ -= size;
        body_received_ += size;
        loop_.post(
            [then = std::move(then), piece = take(size)]() mutable { then(std::move(piece)); });
        return;
    }
    read_piece_from_socket(std::move(then));
}

void Client::read_piece_from_socket(std::function<void(Result<std::string>)> then) {
    auto piece = std::make_shared<std::string>(std::min<std::uint64_t>(piece_bytes, body_left_), 0);
    reading_piece_ = true;
    limit_time(std::max(body_patience(), Milliseconds(0)));
    socket_.async_read_some(
        asio::buffer(*piece),
        [self = shared_from_this(), piece, then = std::move(then), since = SteadyClock::now()](
            const boost::system::error_code& error, std::size_t count) {
            self->unlimited();
            self->reading_piece_ = false;
            self->body_waited_ += SteadyClock::now() - since;
            self->body_received_ += count;
            self->body_left_ -= count;
            piece->resize(count);
            if (!error) return then(std::move(*piece));
            then(self->time_is_over_
                     ? fail(Errc::unavailable, "upload_too_slow", "the upload came too slowly")
                     : fail(Errc::unavailable, "upload_broken", "the upload ended before its end"));
        });
}

}  // namespace

std::shared_ptr<Connection> serve(Loop& loop, Descriptor socket,
                                  std::shared_ptr<const Endpoint> endpoint,
                                  std::optional<PeerCredentials> peer,
                                  std::function<void()> on_end) {
    const asio::generic::stream_protocol protocol(peer ? AF_UNIX : AF_INET, 0);
    Client::Socket wrapped(context_of(loop), protocol, socket.number());
    socket.release();
    auto client = std::make_shared<Client>(loop, std::move(wrapped), std::move(endpoint), peer);
    asio::co_spawn(context_of(loop), Client::run(client, std::move(on_end)), asio::detached);
    return client;
}

}  // namespace croft::http
