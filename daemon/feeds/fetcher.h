#pragma once

#include "base/result.h"
#include "loop/loop.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace croft::feeds {

struct FetchRequest {
    std::string url;
    std::uint64_t cap_bytes = 0;  ///< before reading; `too_large` beyond it
    std::string etag;             ///< `If-None-Match`; empty: unconditional
    bool no_cache = false;        ///< past any cache in between
    bool private_addresses =
        false;  ///< loopback, link-local and private targets: only where the user gave that address
};

struct Fetched {
    bool not_modified = false;
    std::string body;
    std::string etag;
};

/// HTTP(S) GET by libcurl's multi interface on a thread of its own. 60 s in all, a rate floor, 3
/// redirects and only to https or the same scheme, no cookies, no credentials, every resolved
/// address held to the rule above also after a redirect (`address_not_allowed`).
class Fetcher {
public:
    virtual ~Fetcher() = default;
    /// `then` gets the answer on the loop; never after the fetcher is gone. From the loop's thread.
    virtual void get(FetchRequest request, std::function<void(Result<Fetched>)> then) = 0;
};

struct FetcherOptions {
    std::string proxy;  ///< `socks5h://…`; fails closed
    std::chrono::seconds timeout{60};
    std::uint64_t floor_bytes_per_second = 1024;  ///< over 20 s
    std::size_t parallel = 8;
};
std::unique_ptr<Fetcher> make_curl_fetcher(Loop& loop, const FetcherOptions& options);

}  // namespace croft::feeds
