#pragma once

#include "base/time.h"
#include "http/server.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// What goes out, as bytes. Pure.
namespace croft::http {

struct Frame {
    std::optional<std::uint64_t> content_length;  ///< none: the stream ends with the connection
    bool keep_alive = true;
};

/// The status line and the headers of `response`, then those of `defaults` that it lacks, then the
/// frame. A header whose name or value would break a line is left out.
std::string response_head(const Response& response, const Headers& defaults, Frame frame, Time now);

/// One event as EventSource reads it (HTML, 9.2.6).
std::string event_text(std::string_view event, std::string_view data,
                       std::optional<std::uint64_t> id);

}  // namespace croft::http
