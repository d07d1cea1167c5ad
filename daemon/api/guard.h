#pragma once

#include "api/router.h"
#include "api/token.h"
#include "http/server.h"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

/// Who may ask what: everything that is decided before a handler sees a request (SECURITY "Control
/// API and page").
namespace croft::api {

/// By which names a listener goes; `Host` must be one of them.
struct ListenerNames {
    std::vector<std::string> hosts;  ///< "127.0.0.1:7400"
};

/// Which kind of right a request has shown.
enum class Right {
    none,
    metrics,
    control,
    socket
};

class Guard {
public:
    Guard(std::string control_token, std::string metrics_token)
        : control_token_(std::move(control_token)), metrics_token_(std::move(metrics_token)) {}

    /// Host, then Origin and Sec-Fetch-Site, then the method, then the token, then the route, then
    /// how often: the first that is wrong is answered.
    http::Admission admit(const http::Request& request, const ListenerNames& names,
                          const Routes::Match& match, std::chrono::steady_clock::time_point now);

    Right right_of(const http::Request& request) const;

private:
    std::optional<http::Response> refuse_origin(const http::Request& request,
                                                const ListenerNames& names) const;
    std::optional<http::Response> refuse_route(const http::Request& request,
                                               const Routes::Match& match, Right right);

    std::string control_token_, metrics_token_;
    std::map<Right, RateLimit> limits_;
};

/// The user who may open our socket: we, root, or a member of the group `croft`.
bool may_use_socket(const http::PeerCredentials& peer);

}  // namespace croft::api
