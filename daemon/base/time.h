#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace croft {

/// UTC, whole seconds: what documents say and what we store.
using Time = std::chrono::sys_seconds;

/// Where `now` comes from. The domain is told the time as an argument; only the outer parts hold a
/// clock.
using Clock = std::function<Time()>;

Clock system_clock();

/// `YYYY-MM-DDTHH:MM:SSZ`, the only form our documents know (a profile of RFC 3339).
std::string format_utc(Time time);
std::optional<Time> parse_utc(std::string_view text);

/// For people, in the local zone of this computer: "2 Nov 2026" and "2 Nov 2026 14:05".
std::string format_day(Time time);
std::string format_minute(Time time);

}  // namespace croft
