#pragma once

#include "base/result.h"
#include "base/time.h"

#include <string>

namespace croft::publish {

/// When a document is signed: by the clock, or as the user says.
struct SigningDate {
    Time time{};
    bool is_chosen = false;  ///< the user named the date: then it may lie in the past
};

struct DateOptions {
    std::string date;                         ///< of the command line; empty: none was given
    const char* source_date_epoch = nullptr;  ///< of the environment (reproducible-builds.org)
    bool may_be_ahead = false;                ///< the user knows that the date has not come yet
};

/// The user's date, else `SOURCE_DATE_EPOCH`, which is a clock and no choice, else `now`. Refuses
/// (`conflict`, `date_ahead_of_clock`) more than a day ahead of `now`: followers distrust such a
/// document, and every later one would look older than it.
Result<SigningDate> signing_date(const DateOptions& options, Time now);

/// `2026-11-22` or `2026-11-22T08:00:00Z`.
Result<Time> parse_date(const std::string& text);

}  // namespace croft::publish
