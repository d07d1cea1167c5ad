#pragma once

#include "http/server.h"

#include <tl/expected.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

/// Which requests we take at all: pure functions on bytes. Everything that two parsers might read
/// in two ways is refused (RFC 9112, and the advice of its section 11).
namespace croft::http {

/// Why a request is not taken: what the client gets, before its connection is closed.
struct Refusal {
    int status = 400;
    std::string reason;  ///< stable slug: "second_host"
    bool operator==(const Refusal&) const = default;
};

/// A request without its body.
struct Head {
    Request request;
    std::uint64_t content_length = 0;
    bool keep_alive = true;
    bool expects_continue = false;
};

/// Where the header ends in what was received so far, or none yet.
std::optional<std::size_t> header_end(std::string_view received);

/// Reads one header, up to and with its empty line. Takes HTTP/1.1 with exactly one Host, at most
/// one Content-Length of digits only, an origin-form target, and no Transfer-Encoding.
tl::expected<Head, Refusal> read_head(std::string_view block, const Limits& limits);

struct Target {
    std::string path;
    std::map<std::string, std::string, std::less<>> query;
};

/// Splits and decodes an origin-form target (RFC 9112, 3.2.1).
tl::expected<Target, Refusal> read_target(std::string_view target);

}  // namespace croft::http
