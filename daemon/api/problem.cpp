#include "api/problem_impl.h"

namespace croft::api {
namespace {

std::string_view title_of(int status) {
    switch (status) {
        case 400: return "Bad Request";
        case 401: return "Unauthorized";
        case 403: return "Forbidden";
        case 404: return "Not Found";
        case 405: return "Method Not Allowed";
        case 408: return "Request Timeout";
        case 409: return "Conflict";
        case 411: return "Length Required";
        case 413: return "Content Too Large";
        case 415: return "Unsupported Media Type";
        case 417: return "Expectation Failed";
        case 421: return "Misdirected Request";
        case 422: return "Unprocessable Content";
        case 429: return "Too Many Requests";
        case 431: return "Request Header Fields Too Large";
        case 503: return "Service Unavailable";
        case 505: return "HTTP Version Not Supported";
        case 507: return "Insufficient Storage";
        default: return "Internal Server Error";
    }
}

std::string_view detail_of(int status) {
    switch (status) {
        case 408: return "the request came too slowly";
        case 411: return "send the body with a Content-Length, not with a Transfer-Encoding";
        case 413: return "the request's body is larger than this route takes";
        case 417: return "only 100-continue can be expected";
        case 431: return "the request's header is too large";
        case 500: return "something went wrong in the daemon; its log says what";
        case 505: return "speak HTTP/1.1";
        default: return "the request can't be understood";
    }
}

http::Response response(int status, const Error& error, const Json& more) {
    Json body{{"type", "about:blank"},  {"title", title_of(status)},
              {"status", status},       {"code", name_of(error.code)},
              {"reason", error.reason}, {"detail", error.message}};
    body.update(more);
    http::Response made{.status = status,
                        .headers = {{"Content-Type", "application/problem+json"}},
                        .body = text_of(body) + "\n"};
    if (status == 503) made.headers.emplace_back("Retry-After", "2");
    if (status == 429) made.headers.emplace_back("Retry-After", "1");
    if (status == 401) made.headers.emplace_back("WWW-Authenticate", "Bearer");
    return made;
}

}  // namespace

int status_of(Errc code) {
    switch (code) {
        case Errc::invalid_argument: return 400;
        case Errc::not_allowed: return 403;
        case Errc::not_found: return 404;
        case Errc::ambiguous:
        case Errc::conflict:
        case Errc::equivocation:
        case Errc::partial:
        case Errc::cancelled: return 409;
        case Errc::malformed:
        case Errc::bad_signature:
        case Errc::unknown_key:
        case Errc::no_signature:
        case Errc::revoked_key:
        case Errc::rollback:
        case Errc::expired:
        case Errc::withdrawn:
        case Errc::damaged: return 422;
        case Errc::io: return 500;
        case Errc::unavailable:
        case Errc::no_daemon: return 503;
        case Errc::no_space: return 507;
    }
    return 500;
}

http::Response problem(const Error& error) { return problem(error, Json::object()); }

http::Response problem(int status, const Error& error) {
    return response(status, error, Json::object());
}

http::Response problem(const Error& error, const Json& more) {
    return response(status_of(error.code), error, more);
}

http::Response protocol_problem(int status, std::string_view reason) {
    const Errc code = status == 500 ? Errc::io : Errc::invalid_argument;
    return problem(status, Error{code, std::string(reason), std::string(detail_of(status))});
}

http::Response unauthorized() {
    return problem(
        401, Error{Errc::not_allowed, "no_token", "this route needs a token; run: croft open"});
}

Json problem_member(const Error& error) {
    return {{"code", name_of(error.code)}, {"reason", error.reason}, {"message", error.message}};
}

}  // namespace croft::api
