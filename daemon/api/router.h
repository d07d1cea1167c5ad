#pragma once

#include "http/server.h"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

/// Which paths there are, and who may ask for them. Knows no JSON.
namespace croft::api {

class Call;

/// What a request needs to show. Whoever came through the Unix socket may do everything.
enum class Access {
    open,     ///< nothing
    metrics,  ///< the metrics token, or the control token
    token,    ///< the control token
    socket    ///< the Unix socket only
};

enum class Body {
    none,
    json,
    stream  ///< of any size, `application/octet-stream`
};

struct Route {
    std::string method;
    std::string pattern;  ///< `/api/v1/releases/{id}/files`; `{name*}` takes the rest with slashes
    Access access = Access::token;
    Body body = Body::none;
    std::function<void(Call)> handle;
    std::function<void(Call, std::shared_ptr<http::BodyStream>)> handle_stream = nullptr;
};

using Parameters = std::map<std::string, std::string, std::less<>>;

/// The parameters where `path` fits the pattern.
bool fits(std::string_view pattern, std::string_view path, Parameters& parameters);

class Routes {
public:
    struct Match {
        const Route* route = nullptr;  ///< none: no such path, or not by this method
        Parameters parameters;
        std::vector<std::string> allowed;  ///< the methods of this path
    };

    void add(Route route) { routes_.push_back(std::move(route)); }
    /// The first that fits; HEAD is answered by what answers GET.
    Match find(std::string_view method, std::string_view path) const;
    const std::vector<Route>& all() const& { return routes_; }
    const std::vector<Route>& all() const&& = delete;

private:
    std::vector<Route> routes_;
};

}  // namespace croft::api
