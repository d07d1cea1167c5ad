#include "cli/commands/reply_impl.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

namespace croft::cli {

Result<Reply> ask(const Context& context, std::string_view method, const std::string& path,
                  const Json& body) {
    auto reply = context.daemon().call(method, path, body.is_null() ? "" : body.dump());
    if (!reply) return tl::unexpected(reply.error());
    auto value = Json::parse(*reply, nullptr, false);
    if (value.is_discarded())
        return fail(Errc::unavailable, "bad_reply", "croftd sent something that is not JSON");
    return Reply{std::move(value), std::move(*reply)};
}

std::string text_of(const Json& object, const char* member) {
    const auto at = object.find(member);
    return at != object.end() && at->is_string() ? foreign(at->get<std::string>()) : std::string();
}

std::uint64_t number_of(const Json& object, const char* member) {
    const auto at = object.find(member);
    return at != object.end() && at->is_number_unsigned() ? at->get<std::uint64_t>() : 0;
}

std::string size_of(const Json& object, const char* member) {
    return format_size(number_of(object, member));
}

std::string day_of(const Json& object, const char* member) {
    const auto time = parse_utc(text_of(object, member));
    return time ? format_day(*time) : std::string();
}

std::string title_of(const Json& release) {
    const Json titles = release.value("title", Json::object());
    if (!titles.is_object() || titles.empty()) return {};
    const char* locale = std::getenv("LANG");
    const std::string language = locale ? std::string(locale).substr(0, 2) : "en";
    for (const auto& tag : {language, std::string("en")}) {
        if (titles.contains(tag)) return text_of(titles, tag.c_str());
    }
    return text_of(titles, titles.begin().key().c_str());
}

std::string release_text(const Json& release, const Json& among) {
    const std::string name =
        fmt::format("{}-{}", text_of(release, "name"), number_of(release, "serial"));
    const auto same = std::ranges::count_if(among, [&](const Json& other) {
        return other.value("name", "") == release.value("name", "") &&
               number_of(other, "serial") == number_of(release, "serial");
    });
    return same > 1 ? text_of(release, "petname") + "/" + name : name;
}

std::string verdict_text(const Output& output, const Json& release) {
    const std::string verdict = text_of(release, "verdict");
    if (verdict == "valid") return output.mark(Mark::good, verdict);
    if (verdict == "damaged") return output.mark(Mark::bad, "DAMAGED");
    if (verdict == "withdrawn") return output.mark(Mark::note, verdict);
    return verdict;
}

std::string release_path(const std::string& typed, std::string_view below) {
    const auto slash = typed.find('/');
    if (slash == std::string::npos)
        return fmt::format("/releases/{}{}", ApiClient::escape(typed), below);
    const char joint = below.find('?') == std::string_view::npos ? '?' : '&';
    return fmt::format("/releases/{}{}{}publisher={}", ApiClient::escape(typed.substr(slash + 1)),
                       below, joint, ApiClient::escape(typed.substr(0, slash)));
}

}  // namespace croft::cli
