#pragma once

#include "base/result.h"

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace croft::cli {

/// Talks to croftd over its Unix socket. Bodies are JSON as the API spells it (daemon/api/API.md).
class ApiClient {
public:
    explicit ApiClient(std::filesystem::path socket) : socket_(std::move(socket)) {}

    /// `path` starts with `/` and lies below `/api/v1`, unless it starts with `/health` or
    /// `/metrics`. A problem document becomes the `Error` that it names; nobody listening is
    /// `no_daemon`.
    Result<std::string> get(std::string_view path) const { return call("GET", path, {}); }
    Result<std::string> call(std::string_view method, std::string_view path,
                             std::string_view body) const;

    /// Follows the event stream until `on_event` returns false or the daemon closes it.
    Outcome events(
        std::string_view topics,
        const std::function<bool(std::string_view event, std::string_view data)>& on_event) const;

    const std::filesystem::path& socket() const { return socket_; }

    /// For a value in a path or a query.
    static std::string escape(std::string_view value);

private:
    std::filesystem::path socket_;
};

}  // namespace croft::cli
