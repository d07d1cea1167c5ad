#include "api/api.h"

#include "api/context_impl.h"
#include "api/problem_impl.h"
#include "api/shapes_impl.h"
#include "base/file.h"
#include "base/log.h"

namespace croft::api {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t json_cap = 64 * 1024;
constexpr std::size_t journal_kept = 1000;
constexpr auto status_period = 1s;
constexpr unsigned socket_mode = 0660;
constexpr double code_guesses_per_second = 10;

http::Headers response_headers(const std::string& content_origin) {
    const std::string frames = content_origin.empty() ? "'none'" : content_origin;
    return {
        {"Content-Security-Policy",
         "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src "
         "'self'; connect-src 'self'; frame-src " +
             frames +
             "; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; "
             "require-trusted-types-for 'script'; trusted-types 'none'"},
        {"X-Frame-Options", "DENY"},
        {"X-Content-Type-Options", "nosniff"},
        {"Referrer-Policy", "no-referrer"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
        {"Cache-Control", "no-store"},
    };
}

/// Counts what a route answered, for /metrics.
class CountingResponder final : public http::Responder {
public:
    CountingResponder(Context& context, std::string route,
                      std::shared_ptr<http::Responder> responder)
        : context_(context), route_(std::move(route)), responder_(std::move(responder)) {}

    void send(http::Response response) override {
        ++context_.answered[{route_, response.status}];
        responder_->send(std::move(response));
    }
    std::shared_ptr<http::EventStream> start_events(http::Headers headers) override {
        ++context_.answered[{route_, 200}];
        return responder_->start_events(std::move(headers));
    }

private:
    Context& context_;
    std::string route_;
    std::shared_ptr<http::Responder> responder_;
};

}  // namespace

Context make_context(Loop& loop, Clock clock, Options options, Modules modules,
                     std::vector<Setting> settings, std::vector<store::JournalEntry> journal) {
    return {.loop = loop,
            .clock = clock,
            .options = std::move(options),
            .modules = modules,
            .settings = std::move(settings),
            .journal = {journal.begin(), journal.end()},
            .events = Events(loop),
            .codes = {},
            .code_guesses = RateLimit(code_guesses_per_second),
            .token = {},
            .libtorrent = swarm::library_version(),
            .started_at = clock(),
            .control = {},
            .totals = {},
            .answered = {},
            .verdicts = {},
            .stop = nullptr};
}

Routes all_routes(Context& context) {
    Routes routes;
    for (const auto add : {add_status_routes, add_event_routes, add_publisher_routes,
                           add_release_routes, add_mirror_routes, add_verify_routes,
                           add_session_routes, add_metrics_routes, add_page_routes}) {
        add(routes, context);
    }
    return routes;
}

struct Api::Impl {
    Context context;
    Routes routes = all_routes(context);
    std::optional<Guard> guard;
    std::unique_ptr<http::Server> server;
    Loop::Timer status_timer;

    /// The arguments are `make_context`'s: a context stays where it is made.
    template <class... Arguments>
    explicit Impl(Arguments&&... arguments)
        : context(make_context(std::forward<Arguments>(arguments)...)) {}

    Outcome make_guard();
    Outcome listen();
    Outcome listen_control();
    http::Handler handler(std::shared_ptr<ListenerNames> names);
    Call call_of(http::Request request, const Routes::Match& match,
                 std::shared_ptr<http::Responder> responder);
    void publish_status();
};

Outcome Api::Impl::make_guard() {
    const auto& folder = context.options.runtime_folder;
    if (auto made = make_folders(folder, 0750); !made) return made;
    auto token = renew_token(folder / "token");
    if (!token) return tl::unexpected(token.error());
    const auto metrics_token = keep_token(folder / "metrics_token");
    if (!metrics_token) return tl::unexpected(metrics_token.error());
    context.token = *token;
    guard.emplace(*token, *metrics_token);
    return {};
}

Call Api::Impl::call_of(http::Request request, const Routes::Match& match,
                        std::shared_ptr<http::Responder> responder) {
    auto counting =
        std::make_shared<CountingResponder>(context, match.route->pattern, std::move(responder));
    return Call(std::move(request), match.parameters, std::move(counting));
}

http::Handler Api::Impl::handler(std::shared_ptr<ListenerNames> names) {
    http::Handler handler;
    handler.admit = [this, names](const http::Request& request) {
        return guard->admit(request, *names, routes.find(request.method, request.path),
                            std::chrono::steady_clock::now());
    };
    handler.body_rule = [this](const http::Request& request) {
        switch (routes.find(request.method, request.path).route->body) {
            case Body::none: return http::Handler::BodyRule{0, false};
            case Body::json: return http::Handler::BodyRule{json_cap, false};
            case Body::stream: return http::Handler::BodyRule{UINT64_MAX, true};
        }
        return http::Handler::BodyRule{0, false};
    };
    handler.handle = [this](http::Request request, std::shared_ptr<http::Responder> responder) {
        const auto match = routes.find(request.method, request.path);
        match.route->handle(call_of(std::move(request), match, std::move(responder)));
    };
    handler.handle_stream = [this](http::Request request, std::shared_ptr<http::BodyStream> body,
                                   std::shared_ptr<http::Responder> responder) {
        const auto match = routes.find(request.method, request.path);
        match.route->handle_stream(call_of(std::move(request), match, std::move(responder)),
                                   std::move(body));
    };
    handler.headers = response_headers(context.options.content_origin);
    handler.error = [](int status, std::string_view reason) {
        return protocol_problem(status, reason);
    };
    return handler;
}

/// One address that can't be had (a machine without IPv6) is a warning; none at all an error.
Outcome Api::Impl::listen_control() {
    std::optional<Error> last_error;
    for (const std::string& address : context.options.control_listen) {
        const auto names = std::make_shared<ListenerNames>();
        const auto bound = server->listen_tcp(address, handler(names));
        if (bound) {
            names->hosts = {*bound};
            context.control.push_back(*bound);
            continue;
        }
        last_error = bound.error();
        if (last_error->code == Errc::not_allowed || last_error->code == Errc::invalid_argument)
            break;
        log::warning("api: an address is not available",
                     {{"address", address}, {"why", last_error->message}});
    }
    const bool is_refused = last_error && (last_error->code == Errc::not_allowed ||
                                           last_error->code == Errc::invalid_argument);
    if (last_error && (is_refused || context.control.empty())) return tl::unexpected(*last_error);
    return {};
}

Outcome Api::Impl::listen() {
    if (auto made = make_guard(); !made) return made;
    server = http::make_server(context.loop, {});
    const auto names = std::make_shared<ListenerNames>(ListenerNames{{"localhost"}});
    if (auto opened = server->listen_unix(context.options.socket, socket_mode, handler(names));
        !opened) {
        return opened;
    }
    if (auto opened = listen_control(); !opened) return opened;
    status_timer = context.loop.every(status_period, [this] { publish_status(); });
    return {};
}

/// Told where anything but the clock and the speeds is another than the last time.
void Api::Impl::publish_status() {
    if (!context.events.is_heard()) return;
    Json now = status(context);
    Json steady = now;
    for (const char* name : {"now", "loop_lag_ms", "free_bytes"})
        steady.erase(name);
    const Json speeds = speed(context.totals);
    for (const auto& [name, value] : speeds.items())
        steady.erase(name);
    context.events.publish_value("status", std::move(now), text_of(steady));
}

Api::Api(Loop& loop, Clock clock, Options options, Modules modules, std::vector<Setting> settings,
         std::vector<store::JournalEntry> journal)
    : impl_(std::make_unique<Impl>(loop, std::move(clock), std::move(options), modules,
                                   std::move(settings), std::move(journal))) {
    impl_->context.stop = [this] {
        if (on_stop_requested) on_stop_requested();
    };
}

Api::~Api() = default;

Outcome Api::start() { return impl_->listen(); }

const std::vector<std::string>& Api::control_addresses() const { return impl_->context.control; }

void Api::stop(std::function<void()> then) {
    impl_->context.is_stopping = true;
    impl_->status_timer = {};
    impl_->context.events.close();
    if (!impl_->server) return impl_->context.loop.post(std::move(then));
    impl_->server->stop(std::move(then));
}

void Api::publish(const feeds::Publisher& publisher) {
    Events& events = impl_->context.events;
    if (!events.is_heard()) return;
    auto figures = figures_of(impl_->context.modules.library.releases());
    events.publish_row("publishers", publisher.id.hex(),
                       publisher_row(publisher, figures[publisher.id]));
}

void Api::publish(const library::ReleaseView& release) {
    Events& events = impl_->context.events;
    if (events.is_heard()) events.publish_row("releases", release.id.hex(), release_row(release));
}

void Api::publish(const swarm::Event& event) {
    const auto* totals = std::get_if<swarm::Totals>(&event);
    if (!totals) return;
    impl_->context.totals = *totals;
    Json value = speed(*totals);
    std::string text = text_of(value);
    impl_->context.events.publish_value("speed", std::move(value), std::move(text));
}

void Api::publish(const store::JournalEntry& entry) {
    auto& journal = impl_->context.journal;
    journal.push_back(entry);
    if (journal.size() > journal_kept) journal.pop_front();
    impl_->context.events.publish_entry("journal", entry.id, journal_entry(entry));
}

void Api::publish_gone(const catalog::BundleId& id) {
    impl_->context.events.publish_gone("releases", id.hex());
}

void Api::publish_gone(const feeds::PublisherId& id) {
    impl_->context.events.publish_gone("publishers", id.hex());
}

}  // namespace croft::api
