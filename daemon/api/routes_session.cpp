#include "api/context_impl.h"
#include "api/problem_impl.h"

#include <chrono>

namespace croft::api {
namespace {

/// Trades a one-time code for the token. Wrong codes cost no more than a right one, and few are
/// tried a second.
void open_session(Context& context, const Call& call) {
    const auto now = std::chrono::steady_clock::now();
    if (!context.code_guesses.take(now)) {
        return call.reply(problem(429, Error{Errc::unavailable, "too_many_requests",
                                             "too many codes were tried at once"}));
    }
    Members members = call.members();
    const std::string code = members.required_text("code");
    if (auto outcome = members.outcome(); !outcome) return call.reply(outcome.error());
    if (context.codes.spend(code, now)) return call.reply({{"token", context.token}});
    call.reply(problem(401, Error{Errc::not_allowed, "bad_code",
                                  "this code is used, too old or none of ours; run: croft open"}));
}

void make_code(Context& context, const Call& call) {
    if (context.control.empty()) {
        return call.reply(Error{Errc::unavailable, "no_listener", "the page is not served"});
    }
    const auto code = context.codes.make(std::chrono::steady_clock::now());
    if (!code) return call.reply(code.error());
    call.reply({{"code", *code},
                {"expires_in", SessionCodes::lifetime.count()},
                {"url", "http://" + context.control.front() + "/#c=" + *code}});
}

}  // namespace

void add_session_routes(Routes& routes, Context& context) {
    routes.add({.method = "POST",
                .pattern = "/api/v1/session",
                .access = Access::open,
                .body = Body::json,
                .handle = [&context](const Call& call) { open_session(context, call); }});
    routes.add({.method = "POST",
                .pattern = "/api/v1/session/code",
                .access = Access::socket,
                .body = Body::json,
                .handle = [&context](const Call& call) { make_code(context, call); }});
    routes.add({.method = "POST",
                .pattern = "/api/v1/daemon/stop",
                .access = Access::socket,
                .body = Body::json,
                .handle = [&context](const Call& call) {
                    call.reply(Json::object(), 202);
                    context.loop.post([&context] { context.stop(); });
                }});
}

}  // namespace croft::api
