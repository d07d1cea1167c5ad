#include "base/text.h"
#include "feeds/url_impl.h"

#include <curl/curl.h>

#include <charconv>
#include <memory>
#include <optional>

namespace croft::feeds {
namespace {

using Handle = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;

std::optional<std::string> part(const Handle& url, CURLUPart what, unsigned flags = 0) {
    char* raw = nullptr;
    if (curl_url_get(url.get(), what, &raw, flags) != CURLUE_OK) return std::nullopt;
    std::string text(raw);
    curl_free(raw);
    return text;
}

auto refuse(const char* reason, std::string_view url, const std::string& why) {
    return fail(Errc::invalid_argument, reason, "cannot fetch " + escape_control(url) + ": " + why);
}

}  // namespace

Result<Url> Url::parse(std::string_view text) {
    constexpr std::size_t longest = 4096;
    if (text.size() > longest) return refuse("bad_url", text.substr(0, 80), "it is too long");
    const Handle handle(curl_url(), &curl_url_cleanup);
    const std::string given(text);
    if (curl_url_set(handle.get(), CURLUPART_URL, given.c_str(), CURLU_NON_SUPPORT_SCHEME))
        return refuse("bad_url", text, "it is no URL");

    const auto scheme = part(handle, CURLUPART_SCHEME), host = part(handle, CURLUPART_HOST);
    if (scheme != "http" && scheme != "https")
        return refuse("url_scheme", text, "only http and https are");
    if (part(handle, CURLUPART_USER) || part(handle, CURLUPART_PASSWORD))
        return refuse("url_credentials", text, "it carries a user name or password");
    const auto port = part(handle, CURLUPART_PORT, CURLU_DEFAULT_PORT);
    const auto whole = part(handle, CURLUPART_URL);
    if (!host || host->empty() || !port || !whole) return refuse("bad_url", text, "it has no host");

    Url url{*scheme, *host, 0, *whole};
    std::from_chars(port->data(), port->data() + port->size(), url.port);
    return url;
}

Result<Url> parse_feed_url(std::string_view text) {
    if (text.find_first_of("?#") != std::string_view::npos)
        return refuse("bad_url", text, "a feed's URL has neither `?` nor `#`");
    std::string base(text);
    if (!base.ends_with('/')) base += '/';
    return Url::parse(base);
}

Result<Url> follow_redirect(const Url& from, std::string_view location) {
    auto to = Url::parse(location);
    if (!to) return to;
    if (to->scheme == "https" || to->scheme == from.scheme) return to;
    return fail(Errc::not_allowed, "redirect_downgrade",
                from.text + " sends us on to " + to->text + ", which is not encrypted");
}

bool is_same_server(const Url& from, const Url& to) {
    constexpr std::uint16_t https = 443;
    return from.host == to.host &&
           (from.port == to.port || (to.scheme == "https" && to.port == https));
}

}  // namespace croft::feeds
