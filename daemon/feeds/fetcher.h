#pragma once

#include "base/result.h"
#include "loop/loop.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace croft::feeds {

/// Where a request may go. Addresses are judged when we connect, so that neither a name nor a
/// redirect leads further than this.
enum class Reach {
    internet,    ///< public addresses only
    given_host,  ///< also a private address, as long as it is the URL's own server
    anywhere,    ///< the user allows private addresses altogether
};

struct FetchRequest {
    std::string url;
    std::uint64_t cap_bytes = 0;  ///< before and while reading; `too_large` beyond it
    std::string etag;             ///< `If-None-Match`; empty: unconditional
    bool no_cache = false;        ///< past any cache in between
    Reach reach = Reach::internet;
    std::string party;  ///< on whose behalf: each has its share of what runs at once
};

struct Fetched {
    bool not_modified = false;
    std::string body;
    std::string etag;
};

/// HTTP(S) GET by libcurl's multi interface on a thread of its own. 60 s in all, a rate floor, at
/// most 3 redirects and only to https or the same scheme, no cookies, no credentials, no
/// compression.
///
/// Errors: `not_found` (reason `http_not_found`) for 404 and 410; `unavailable` where trying again
/// may help (`http_status`, `unreachable`, `timeout`, `too_slow`); `malformed` for what is no
/// answer
/// (`too_large`, `bad_http`, `too_many_redirects`); `not_allowed` for `address_not_allowed`,
/// `redirect_downgrade` and `tls`; `invalid_argument` for a URL that we don't fetch.
class Fetcher {
public:
    virtual ~Fetcher() = default;
    /// `then` gets the answer on the loop; never at once, never after the fetcher is gone. From the
    /// loop's thread.
    virtual void get(FetchRequest request, std::function<void(Result<Fetched>)> then) = 0;
};

struct FetcherOptions {
    /// `socks5://HOST:PORT`, or `socks5h:`, which is the same: it always resolves the names too.
    /// Where it fails, or is no such URL, requests fail: nothing goes past it. Empty: none,
    /// whatever the environment says.
    std::string proxy;
    std::chrono::milliseconds timeout{60'000};
    std::uint64_t floor_bytes_per_second = 1024;  ///< averaged over `floor_time`
    std::chrono::seconds floor_time{20};
    std::size_t parallel = 8;
    std::size_t parallel_of_party = 2;
};
std::unique_ptr<Fetcher> make_curl_fetcher(Loop& loop, const FetcherOptions& options);

}  // namespace croft::feeds
