#include "base/address_rule.h"
#include "base/text.h"
#include "feeds/folder_source_impl.h"
#include "feeds/http_source_impl.h"
#include "feeds/source_impl.h"
#include "feeds/url_impl.h"

#include <filesystem>

namespace croft::feeds {
namespace {

bool is_folder(std::string_view address) { return address.starts_with('/'); }

}  // namespace

Reach reach_of(std::string_view host, GivenBy given_by, const Options& options) {
    if (options.allow_private_addresses) return Reach::anywhere;
    const bool is_meant = given_by == GivenBy::user && is_local_host(host);
    return is_meant ? Reach::given_host : Reach::internet;
}

std::shared_ptr<Source> make_source(std::shared_ptr<Context> context, const std::string& address,
                                    GivenBy given_by, std::string party) {
    if (is_folder(address)) return make_folder_source(std::move(context), address);
    const auto url = Url::parse(address);
    const Reach reach = url ? reach_of(url->host, given_by, context->options) : Reach::internet;
    return make_http_source(std::move(context), address, reach, std::move(party));
}

Result<std::string> normalise_source(std::string_view address) {
    if (is_folder(address)) {
        auto path = std::filesystem::path(address).lexically_normal().native();
        if (path.size() > 1 && path.ends_with('/')) path.pop_back();
        return path;
    }
    if (address.starts_with("http://") || address.starts_with("https://"))
        return parse_feed_url(address).map([](const Url& url) { return url.text; });
    return fail(Errc::invalid_argument, "bad_source",
                "cannot follow " + escape_control(address) +
                    ": it is neither a follow URI (magnet:…), nor an http(s) URL, nor the absolute "
                    "path of a feed's folder");
}

}  // namespace croft::feeds
