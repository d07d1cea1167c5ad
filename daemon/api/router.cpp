#include "api/router.h"

#include <algorithm>

namespace croft::api {

bool fits(std::string_view pattern, std::string_view path, Parameters& parameters) {
    parameters.clear();
    while (!pattern.empty()) {
        if (pattern.front() != '{') {
            if (path.empty() || path.front() != pattern.front()) return false;
            pattern.remove_prefix(1);
            path.remove_prefix(1);
            continue;
        }
        std::string_view name = pattern.substr(1, pattern.find('}') - 1);
        pattern.remove_prefix(name.size() + 2);
        const bool takes_rest = name.ends_with('*');
        if (takes_rest) name.remove_suffix(1);
        const std::string_view value = takes_rest ? path : path.substr(0, path.find('/'));
        if (value.empty()) return false;
        parameters.emplace(name, value);
        path.remove_prefix(value.size());
    }
    return path.empty();
}

Routes::Match Routes::find(std::string_view method, std::string_view path) const {
    Match match;
    Parameters parameters;
    for (const Route& route : routes_) {
        if (!fits(route.pattern, path, parameters)) continue;
        if (std::ranges::find(match.allowed, route.method) == match.allowed.end()) {
            match.allowed.push_back(route.method);
        }
        const bool is_asked = route.method == method || (route.method == "GET" && method == "HEAD");
        if (!is_asked || match.route) continue;
        match.route = &route;
        match.parameters = parameters;
    }
    return match;
}

}  // namespace croft::api
