#include "cli/publish/signing_date.h"

#include <fmt/format.h>

#include <charconv>
#include <string_view>

namespace croft::publish {
namespace {

Result<Time> parse_epoch(std::string_view text) {
    std::int64_t seconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    constexpr std::int64_t year_10000 = 253'402'300'800;
    const bool is_whole = error == std::errc() && end == text.data() + text.size();
    if (is_whole && seconds >= 0 && seconds < year_10000)
        return Time(std::chrono::seconds(seconds));
    return fail(Errc::invalid_argument, "bad_date",
                "SOURCE_DATE_EPOCH is no number of seconds since 1970");
}

}  // namespace

Result<Time> parse_date(const std::string& text) {
    if (const auto time = parse_utc(text.size() == 10 ? text + "T00:00:00Z" : text)) return *time;
    return fail(Errc::invalid_argument, "bad_date", text + " is no date such as 2026-11-22");
}

Result<SigningDate> signing_date(const DateOptions& options, Time now) {
    SigningDate chosen{now, !options.date.empty()};
    const bool has_epoch = options.source_date_epoch && *options.source_date_epoch;
    if (chosen.is_chosen || has_epoch) {
        const auto time =
            chosen.is_chosen ? parse_date(options.date) : parse_epoch(options.source_date_epoch);
        if (!time) return tl::unexpected(time.error());
        chosen.time = *time;
    }
    if (chosen.time <= now + std::chrono::days(1) || options.may_be_ahead) return chosen;
    return fail(Errc::conflict, "date_ahead_of_clock",
                fmt::format("{} is more than a day ahead of this computer's clock, {}: followers "
                            "distrust such a document; if it is meant, add --date-ahead",
                            format_utc(chosen.time), format_utc(now)));
}

}  // namespace croft::publish
