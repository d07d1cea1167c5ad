#include "base/address_rule.h"
#include "base/bytes.h"
#include "feeds/transfer_impl.h"
#include "feeds/url_impl.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <chrono>
#include <string>

namespace croft::feeds {
namespace {

constexpr unsigned most_redirects = 3;
constexpr std::uint64_t header_cap = 64ULL * 1024;
/// The body of an error or a redirect is read to its end, but not kept.
constexpr std::uint64_t discard_cap = 256ULL * 1024;
constexpr std::chrono::milliseconds connect_timeout{15'000};

std::string numeric(const curl_sockaddr& address) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    const void* bytes = nullptr;
    if (address.family == AF_INET)
        bytes = &reinterpret_cast<const sockaddr_in*>(&address.addr)->sin_addr;
    if (address.family == AF_INET6)
        bytes = &reinterpret_cast<const sockaddr_in6*>(&address.addr)->sin6_addr;
    if (bytes == nullptr) return "";
    ::inet_ntop(address.family, bytes, text.data(), text.size());
    return text.data();
}

/// The value of `ETag: …`, where the line is one and we would send it back.
std::optional<std::string> etag_in(std::string_view line) {
    constexpr std::string_view name = "etag:";
    constexpr std::size_t longest = 256;
    const auto same = [](unsigned char a, unsigned char b) { return std::tolower(a) == b; };
    if (!std::ranges::equal(line.substr(0, name.size()), name, same)) return std::nullopt;
    line.remove_prefix(std::min(line.find_first_not_of(" \t", name.size()), line.size()));
    line = line.substr(0, line.find_last_not_of(" \t\r\n") + 1);
    const bool is_printable = std::ranges::all_of(line, [](char c) { return c > ' ' && c < 127; });
    if (line.size() > longest || !is_printable) return std::nullopt;
    return std::string(line);
}

Error error(Errc code, const char* reason, const Url& url, const std::string& why) {
    return {code, reason, "cannot fetch " + url.text + ": " + why};
}

}  // namespace

struct Transfer::Impl {
    Impl(FetchRequest request, const FetcherOptions& options);

    Outcome begin();
    std::optional<Result<Fetched>> end(CURLcode code);

    static std::size_t take_header(char* line, std::size_t, std::size_t size, void* self);
    static std::size_t take_body(char* bytes, std::size_t, std::size_t size, void* self);
    static curl_socket_t open_socket(void* self, curlsocktype, curl_sockaddr* address);
    static int before_request(void* self, char* address, char*, int, int);

    Outcome set_proxy();
    void set_rules();
    void set_limits();
    void set_headers();
    Outcome aim_at(Url url);
    std::optional<Result<Fetched>> answer(long status);
    std::optional<Result<Fetched>> redirect();
    Error failure(CURLcode code, long status) const;
    bool may_connect_to(std::string_view address);
    long status() const;

    template <class Value>
    void set(CURLoption option, Value value) {
        curl_easy_setopt(handle_.get(), option, value);
    }

    const FetchRequest request_;
    const FetcherOptions& options_;
    std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> handle_;
    std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> headers_;
    std::chrono::steady_clock::time_point deadline_;
    std::optional<Url> first_, current_;
    unsigned redirects_ = 0;
    std::uint64_t header_bytes_ = 0, discarded_bytes_ = 0;
    std::optional<Error> refusal_;  ///< why a callback of ours ended it
    Fetched fetched_;
};

Transfer::Impl::Impl(FetchRequest request, const FetcherOptions& options)
    : request_(std::move(request)),
      options_(options),
      handle_(curl_easy_init(), &curl_easy_cleanup),
      headers_(nullptr, &curl_slist_free_all),
      deadline_(std::chrono::steady_clock::now() + options.timeout) {}

Outcome Transfer::Impl::begin() {
    auto url = Url::parse(request_.url);
    if (!url) return tl::unexpected(url.error());
    first_ = *url;
    if (auto ok = set_proxy(); !ok) return ok;
    set_rules();
    set_limits();
    set_headers();
    return aim_at(std::move(*url));
}

Outcome Transfer::Impl::set_proxy() {
    const std::string& given = options_.proxy;
    set(CURLOPT_NOPROXY, "");
    if (given.empty()) {
        set(CURLOPT_PROXY, "");  // whatever the environment says
        return {};
    }
    for (const std::string_view scheme : {"socks5h://", "socks5://"}) {
        if (!given.starts_with(scheme)) continue;
        set(CURLOPT_PROXY, ("socks5h://" + given.substr(scheme.size())).c_str());
        return {};
    }
    return fail(Errc::invalid_argument, "bad_proxy",
                "the proxy must be socks5://HOST:PORT, not " + given);
}

void Transfer::Impl::set_rules() {
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_HTTP_VERSION, long{CURL_HTTP_VERSION_1_1});
    set(CURLOPT_FOLLOWLOCATION, 0L);         // we judge every hop ourselves
    set(CURLOPT_HTTP_CONTENT_DECODING, 0L);  // nothing unpacks: what comes is what counts
    set(CURLOPT_USERAGENT, "croft/" CROFT_VERSION);
    // A resolver that hangs must not hold the others: its thread is left to end by itself.
    set(CURLOPT_QUICK_EXIT, 1L);
    set(CURLOPT_OPENSOCKETFUNCTION, &Impl::open_socket);
    set(CURLOPT_OPENSOCKETDATA, this);
    set(CURLOPT_PREREQFUNCTION, &Impl::before_request);
    set(CURLOPT_PREREQDATA, this);
}

void Transfer::Impl::set_limits() {
    const std::uint64_t largest = std::max(request_.cap_bytes, discard_cap);
    set(CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(largest));
    set(CURLOPT_LOW_SPEED_LIMIT, static_cast<long>(options_.floor_bytes_per_second));
    set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(options_.floor_time.count()));
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(connect_timeout.count()));
    set(CURLOPT_HEADERFUNCTION, &Impl::take_header);
    set(CURLOPT_HEADERDATA, this);
    set(CURLOPT_WRITEFUNCTION, &Impl::take_body);
    set(CURLOPT_WRITEDATA, this);
}

void Transfer::Impl::set_headers() {
    const auto add = [this](const std::string& line) {
        headers_.reset(curl_slist_append(headers_.release(), line.c_str()));
    };
    if (!request_.etag.empty()) add("If-None-Match: " + request_.etag);
    if (request_.no_cache) {
        add("Cache-Control: no-cache");
        add("Pragma: no-cache");
    }
    set(CURLOPT_HTTPHEADER, headers_.get());
}

Outcome Transfer::Impl::aim_at(Url url) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline_ - std::chrono::steady_clock::now());
    set(CURLOPT_TIMEOUT_MS, std::max(1L, static_cast<long>(left.count())));
    set(CURLOPT_URL, url.text.c_str());
    current_ = std::move(url);
    fetched_ = {};
    // A proxy connects in our place: there the host's look is all that we can judge.
    const bool has_proxy = !options_.proxy.empty();
    if (has_proxy && is_local_host(current_->host) && !may_connect_to(current_->host))
        return tl::unexpected(*refusal_);
    return {};
}

bool Transfer::Impl::may_connect_to(std::string_view address) {
    const bool is_given = request_.reach == Reach::given_host && is_same_server(*first_, *current_);
    if (request_.reach == Reach::anywhere || is_given || !is_local_host(address)) return true;
    refusal_ = error(Errc::not_allowed, "address_not_allowed", *current_,
                     current_->host + " is in a private network (" + std::string(address) +
                         "), where only an address that you gave yourself may lead; set "
                         "feeds.allow_private_addresses to fetch from there all the same");
    return false;
}

curl_socket_t Transfer::Impl::open_socket(void* self, curlsocktype, curl_sockaddr* address) {
    auto& transfer = *static_cast<Impl*>(self);
    const std::string peer = numeric(*address);
    if (peer.empty()) return CURL_SOCKET_BAD;
    const bool has_proxy = !transfer.options_.proxy.empty();
    if (!has_proxy && !transfer.may_connect_to(peer)) return CURL_SOCKET_BAD;
    return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/// A connection that is used again passes no `open_socket`.
int Transfer::Impl::before_request(void* self, char* address, char*, int, int) {
    auto& transfer = *static_cast<Impl*>(self);
    if (!transfer.options_.proxy.empty() || transfer.may_connect_to(address))
        return CURL_PREREQFUNC_OK;
    return CURL_PREREQFUNC_ABORT;
}

std::size_t Transfer::Impl::take_header(char* line, std::size_t, std::size_t size, void* self) {
    auto& transfer = *static_cast<Impl*>(self);
    const std::string_view text(line, size);
    transfer.header_bytes_ += size;
    if (transfer.header_bytes_ > header_cap) {
        transfer.refusal_ =
            error(Errc::malformed, "too_large", *transfer.current_, "its headers never end");
        return 0;
    }
    if (text.starts_with("HTTP/")) transfer.fetched_.etag.clear();
    if (auto etag = etag_in(text)) transfer.fetched_.etag = std::move(*etag);
    return size;
}

std::size_t Transfer::Impl::take_body(char* bytes, std::size_t, std::size_t size, void* self) {
    auto& transfer = *static_cast<Impl*>(self);
    if (transfer.status() != 200) {
        transfer.discarded_bytes_ += size;
        return transfer.discarded_bytes_ > discard_cap ? 0 : size;
    }
    std::string& body = transfer.fetched_.body;
    if (size > transfer.request_.cap_bytes - body.size()) {
        transfer.refusal_ = transfer.failure(CURLE_FILESIZE_EXCEEDED, 200);
        return 0;
    }
    body.append(bytes, size);
    return size;
}

long Transfer::Impl::status() const {
    long code = 0;
    curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &code);
    return code;
}

std::optional<Result<Fetched>> Transfer::Impl::end(CURLcode code) {
    // A refused address does no harm where another one of the host answered.
    if (refusal_ && code != CURLE_OK) return tl::unexpected(*refusal_);
    const long answered = status();
    const bool is_error_page = answered >= 400;
    if (code != CURLE_OK && !is_error_page) return tl::unexpected(failure(code, answered));
    return answer(answered);
}

std::optional<Result<Fetched>> Transfer::Impl::answer(long status) {
    if (status == 200) return std::move(fetched_);
    if (status == 304 && !request_.etag.empty()) {
        fetched_.not_modified = true;
        return std::move(fetched_);
    }
    const std::string said = "the server answers " + std::to_string(status);
    if (status == 404 || status == 410)
        return tl::unexpected(error(Errc::not_found, "http_not_found", *current_, said));
    if (status >= 301 && status <= 308 && status != 304) return redirect();
    return tl::unexpected(error(Errc::unavailable, "http_status", *current_, said));
}

std::optional<Result<Fetched>> Transfer::Impl::redirect() {
    char* location = nullptr;
    curl_easy_getinfo(handle_.get(), CURLINFO_REDIRECT_URL, &location);
    if (location == nullptr)
        return tl::unexpected(
            error(Errc::malformed, "bad_http", *current_, "a redirect to nowhere"));
    if (++redirects_ > most_redirects)
        return tl::unexpected(error(Errc::malformed, "too_many_redirects", *current_,
                                    "we have been sent on too often"));
    auto to = follow_redirect(*current_, location);
    if (!to) return tl::unexpected(Error{Errc::not_allowed, to.error().reason, to.error().message});
    if (auto ok = aim_at(std::move(*to)); !ok) return tl::unexpected(ok.error());
    return std::nullopt;
}

Error Transfer::Impl::failure(CURLcode code, long status) const {
    const std::string why = curl_easy_strerror(code);
    switch (code) {
        case CURLE_FILESIZE_EXCEEDED:
            return error(Errc::malformed, "too_large", *current_,
                         "it is larger than the " + std::to_string(request_.cap_bytes) +
                             " bytes it may have");
        case CURLE_OPERATION_TIMEDOUT: {
            constexpr std::chrono::milliseconds rounding{20};
            const bool is_over = std::chrono::steady_clock::now() + rounding >= deadline_;
            if (is_over) return error(Errc::unavailable, "timeout", *current_, "it takes too long");
            if (status == 0) return error(Errc::unavailable, "unreachable", *current_, "no answer");
            return error(Errc::unavailable, "too_slow", *current_, "the server is too slow");
        }
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_CACERT_BADFILE: return error(Errc::not_allowed, "tls", *current_, why);
        case CURLE_WEIRD_SERVER_REPLY:
        case CURLE_UNSUPPORTED_PROTOCOL:
        case CURLE_BAD_CONTENT_ENCODING:
        case CURLE_HTTP2: return error(Errc::malformed, "bad_http", *current_, why);
        default: return error(Errc::unavailable, "unreachable", *current_, why);
    }
}

Transfer::Transfer(FetchRequest request, const FetcherOptions& options)
    : impl_(std::make_unique<Impl>(std::move(request), options)) {}
Transfer::~Transfer() = default;

Outcome Transfer::begin() { return impl_->begin(); }
std::optional<Result<Fetched>> Transfer::end(int code) {
    return impl_->end(static_cast<CURLcode>(code));
}
void* Transfer::handle() const { return impl_->handle_.get(); }

}  // namespace croft::feeds
