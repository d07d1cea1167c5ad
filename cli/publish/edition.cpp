#include "cli/publish/edition.h"

#include "base/text.h"
#include "cli/publish/licence.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

namespace croft::publish {
namespace {

tl::unexpected<Error> refuse(std::string reason, std::string message) {
    return fail(Errc::invalid_argument, std::move(reason), std::move(message));
}

bool is_alpha(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; }
bool is_alnum(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }

/// The shape of a BCP 47 tag: `en`, `pt-BR`, `zh-Hant-TW`.
bool is_language_tag(std::string_view tag) {
    const auto parts = split(tag, '-');
    const auto fits = [](std::string_view part) {
        return !part.empty() && part.size() <= 8 && std::ranges::all_of(part, is_alnum);
    };
    const std::string_view main = parts.front();
    return (main.size() == 2 || main.size() == 3) && std::ranges::all_of(main, is_alpha) &&
           std::ranges::all_of(parts, fits);
}

/// `10.5281/zenodo.1234` (https://www.doi.org/the-identifier).
bool is_doi(std::string_view text) {
    const std::size_t slash = text.find('/');
    return text.starts_with("10.") && slash != std::string_view::npos && slash > 3 &&
           slash + 1 < text.size() && text.find(' ') == std::string_view::npos;
}

bool is_url(std::string_view text, std::span<const std::string_view> schemes) {
    return std::ranges::any_of(schemes,
                               [&](std::string_view scheme) { return text.starts_with(scheme); }) &&
           std::ranges::all_of(text, [](unsigned char c) { return c > 0x20 && c < 0x7f; });
}

Outcome check_texts(const catalog::Translations& texts) {
    for (const auto& [language, text] : texts) {
        if (!is_language_tag(language))
            return refuse("bad_language", language + " is no language tag such as en or pt-BR");
        if (!is_utf8(text)) return refuse("not_utf8", "a title or description is not UTF-8");
    }
    return {};
}

}  // namespace

Outcome check_edition(const Edition& edition) {
    if (!catalog::is_release_name(edition.name)) {
        return refuse(
            "bad_name",
            fmt::format("\"{}\" can't name a release: lower-case letters, digits, dots, dashes; "
                        "at most 64; not ending in a dash and digits",
                        escape_control(edition.name)));
    }
    const auto is_blank = [](const auto& text) {
        return text.second.find_first_not_of(' ') == std::string::npos;
    };
    if (edition.title.empty() || std::ranges::any_of(edition.title, is_blank))
        return refuse("no_title", "a release needs a title");
    if (const auto wrong = wrong_in_licence(edition.licence)) {
        return refuse(
            "bad_licence",
            fmt::format("\"{}\" is no licence by its SPDX name, such as CC-BY-SA-4.0; one that "
                        "SPDX does not list is LicenseRef-NAME",
                        escape_control(*wrong)));
    }
    if (!edition.doi.empty() && !is_doi(edition.doi))
        return refuse("bad_doi", edition.doi + " is no DOI such as 10.5281/zenodo.1234");
    if (edition.languages.empty())
        return refuse("bad_language", "a release needs a language, such as en");
    for (const auto& language : edition.languages) {
        if (!is_language_tag(language))
            return refuse("bad_language", language + " is no language tag such as en or pt-BR");
    }
    if (auto texts = check_texts(edition.title); !texts) return texts;
    if (auto texts = check_texts(edition.description); !texts) return texts;
    constexpr std::array<std::string_view, 3> for_trackers = {"udp://", "http://", "https://"};
    if (!edition.source.empty() && !is_url(edition.source, std::span(for_trackers).subspan(1)))
        return refuse("bad_source", edition.source + " is no http(s) address");
    for (const auto& tracker : edition.trackers) {
        if (!is_url(tracker, for_trackers))
            return refuse("bad_tracker", tracker + " is no tracker's address");
    }
    for (const auto& seed : edition.webseeds) {
        if (!is_url(seed, std::span(for_trackers).subspan(1))) {
            return refuse("bad_webseed", seed + " is no http(s) address");
        }
    }
    return {};
}

std::string month_and_year(Time date) {
    constexpr std::array months = {"January",   "February", "March",    "April",
                                   "May",       "June",     "July",     "August",
                                   "September", "October",  "November", "December"};
    const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(date));
    return fmt::format("{} {}", months.at(static_cast<unsigned>(day.month()) - 1),
                       static_cast<int>(day.year()));
}

}  // namespace croft::publish
