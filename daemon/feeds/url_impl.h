#pragma once

#include "base/result.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace croft::feeds {

/// An address that we may fetch: http or https, with a host and without credentials.
struct Url {
    std::string scheme, host;
    std::uint16_t port = 0;
    std::string text;  ///< the whole, normalised

    /// `invalid_argument`, reason `bad_url`, `url_scheme` or `url_credentials`.
    static Result<Url> parse(std::string_view text);
};

/// The base of a feed, to which the names of the layout are appended: ends in `/`, has neither
/// query nor fragment.
Result<Url> parse_feed_url(std::string_view text);

/// Where a redirect leads: to https or to the same scheme only, else `not_allowed` with reason
/// `redirect_downgrade`.
Result<Url> follow_redirect(const Url& from, std::string_view location);

/// Whether `to` is the server of `from`: the same host at the same port, or at https's own.
bool is_same_server(const Url& from, const Url& to);

}  // namespace croft::feeds
