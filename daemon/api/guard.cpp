#include "api/guard.h"

#include "api/problem_impl.h"

#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>

namespace croft::api {
namespace {

constexpr double requests_per_second = 50;

http::Response refusal(int status, std::string reason, std::string detail) {
    return problem(status, Error{Errc::not_allowed, std::move(reason), std::move(detail)});
}

/// A link or a bookmark that opens the page itself: it shows nothing without a token.
bool opens_the_page(const http::Request& request) {
    return (request.method == "GET" || request.method == "HEAD") &&
           !request.path.starts_with("/api/") && request.header("sec-fetch-mode") == "navigate" &&
           request.header("sec-fetch-dest") == "document";
}

bool is_below_api(const http::Request& request) { return request.path.starts_with("/api/"); }

http::Response method_not_allowed(const Routes::Match& match) {
    std::string allowed;
    for (const std::string& method : match.allowed)
        allowed += (allowed.empty() ? "" : ", ") + method;
    http::Response response = problem(405, Error{Errc::invalid_argument, "method_not_allowed",
                                                 "this path is not asked in that way; it takes: " +
                                                     (allowed.empty() ? "nothing" : allowed)});
    response.headers.emplace_back("Allow", allowed);
    return response;
}

bool has_type(const http::Request& request, std::string_view type) {
    const std::string_view given = request.header("content-type");
    return given.substr(0, given.find(';')) == type;
}

std::optional<http::Response> refuse_type(const http::Request& request, Body body) {
    const std::string_view length = request.header("content-length");
    if (body == Body::none || length.empty() || length == "0") return std::nullopt;
    const std::string_view type =
        body == Body::json ? "application/json" : "application/octet-stream";
    if (has_type(request, type)) return std::nullopt;
    return problem(415, Error{Errc::invalid_argument, "wrong_content_type",
                              "send the body as " + std::string(type)});
}

}  // namespace

bool may_use_socket(const http::PeerCredentials& peer) {
    if (peer.uid == 0 || peer.uid == ::getuid()) return true;
    const group* const croft = ::getgrnam("croft");
    if (!croft) return false;
    if (peer.gid == croft->gr_gid) return true;
    const passwd* const user = ::getpwuid(peer.uid);
    for (char** member = croft->gr_mem; user && *member; ++member) {
        if (std::string_view(*member) == user->pw_name) return true;
    }
    return false;
}

Right Guard::right_of(const http::Request& request) const {
    if (request.peer) return may_use_socket(*request.peer) ? Right::socket : Right::none;
    static constexpr std::string_view scheme = "Bearer ";
    std::string_view given = request.header("authorization");
    if (!given.starts_with(scheme)) return Right::none;
    given.remove_prefix(scheme.size());
    if (is_same_secret(given, control_token_)) return Right::control;
    if (is_same_secret(given, metrics_token_)) return Right::metrics;
    return Right::none;
}

std::optional<http::Response> Guard::refuse_origin(const http::Request& request,
                                                   const ListenerNames& names) const {
    if (std::ranges::find(names.hosts, request.header("host")) == names.hosts.end()) {
        return refusal(421, "wrong_host",
                       "this server is not known by that name; open http://" +
                           (names.hosts.empty() ? "" : names.hosts.front()) + "/");
    }
    const bool has_origin = request.headers.contains("origin");
    if (has_origin && request.header("origin") != "http://" + std::string(request.header("host"))) {
        return refusal(403, "foreign_origin", "requests from other web pages are not answered");
    }
    const std::string_view site = request.header("sec-fetch-site");
    const bool is_ours = site.empty() || site == "same-origin" || opens_the_page(request);
    if (!is_ours) {
        return refusal(403, "foreign_site", "requests from other web pages are not answered");
    }
    return std::nullopt;
}

std::optional<http::Response> Guard::refuse_route(const http::Request& request,
                                                  const Routes::Match& match, Right right) {
    if (request.method == "OPTIONS") return method_not_allowed(match);
    const Access access = match.route             ? match.route->access
                          : is_below_api(request) ? Access::token
                                                  : Access::open;
    const bool has_right = access == Access::open || right == Right::control ||
                           right == Right::socket ||
                           (access == Access::metrics && right == Right::metrics);
    if (!has_right) return unauthorized();
    if (!match.route && !match.allowed.empty()) return method_not_allowed(match);
    if (!match.route) {
        return problem(Error{Errc::not_found, "no_such_path", "there is nothing at this path"});
    }
    if (access == Access::socket && right != Right::socket) {
        return refusal(403, "socket_only", "this is asked over the Unix socket only");
    }
    return refuse_type(request, match.route->body);
}

http::Admission Guard::admit(const http::Request& request, const ListenerNames& names,
                             const Routes::Match& match,
                             std::chrono::steady_clock::time_point now) {
    http::Admission admission;
    if ((admission.refusal = refuse_origin(request, names))) return admission;
    const Right right = right_of(request);
    if (request.peer && right == Right::none) {
        admission.refusal =
            refusal(403, "not_our_user", "this socket is for its owner, root and the group croft");
        return admission;
    }
    admission.authenticated = right != Right::none;
    const bool is_counted = right == Right::control || right == Right::metrics;
    if (is_counted && !limits_.try_emplace(right, requests_per_second).first->second.take(now)) {
        admission.refusal = problem(
            429, Error{Errc::unavailable, "too_many_requests", "more than 50 requests a second"});
        return admission;
    }
    admission.refusal = refuse_route(request, match, right);
    return admission;
}

}  // namespace croft::api
