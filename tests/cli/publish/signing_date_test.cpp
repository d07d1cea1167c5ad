#include "cli/publish/signing_date.h"

#include <gtest/gtest.h>

namespace croft::publish {
namespace {

const Time now = *parse_utc("2026-11-22T10:00:00Z");

std::string time_of(const DateOptions& options) {
    const auto date = signing_date(options, now);
    return date ? format_utc(date->time) : date.error().reason;
}

TEST(SigningDate, IsTheUsersOrTheEnvironmentsOrTheClocks) {
    EXPECT_EQ(time_of({}), "2026-11-22T10:00:00Z");
    EXPECT_EQ(time_of({"", "1700000000"}), "2023-11-14T22:13:20Z");
    EXPECT_EQ(time_of({"2026-01-02", "1700000000"}), "2026-01-02T00:00:00Z");
    EXPECT_EQ(time_of({"2026-01-02T03:04:05Z", nullptr}), "2026-01-02T03:04:05Z");
    EXPECT_EQ(time_of({"", ""}), "2026-11-22T10:00:00Z");
}

TEST(SigningDate, IsChosenByTheUserAlone) {
    EXPECT_FALSE(signing_date({}, now)->is_chosen);
    EXPECT_FALSE(signing_date({"", "0"}, now)->is_chosen) << "an environment is a clock";
    EXPECT_TRUE(signing_date({"2026-01-02", nullptr}, now)->is_chosen);
}

TEST(SigningDate, RefusesWhatIsNoDate) {
    for (const char* text : {"tomorrow", "2026-13-01", "22.11.2026"})
        EXPECT_EQ(time_of({text, nullptr}), "bad_date") << text;
    for (const char* seconds : {"soon", "-1", "1.5", "99999999999999"})
        EXPECT_EQ(time_of({"", seconds}), "bad_date") << seconds;
}

TEST(SigningDate, RefusesADayAheadOfTheClockUnlessItIsMeant) {
    EXPECT_EQ(time_of({"2026-11-23", nullptr}), "2026-11-23T00:00:00Z") << "time zones";
    EXPECT_EQ(time_of({"2026-11-24", nullptr}), "date_ahead_of_clock");
    EXPECT_EQ(time_of({"2030-01-01", nullptr, true}), "2030-01-01T00:00:00Z");
    EXPECT_EQ(time_of({"", "1900000000"}), "date_ahead_of_clock");
    EXPECT_EQ(time_of({"", "1900000000", true}), "2030-03-17T17:46:40Z");
}

}  // namespace
}  // namespace croft::publish
