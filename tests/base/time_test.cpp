#include "base/time.h"

#include <gtest/gtest.h>

namespace croft {
namespace {

TEST(Time, ReadsAndWritesTheOneFormThatDocumentsKnow) {
    // date -u -d 2026-11-02T00:10:00Z +%s
    const Time time{std::chrono::seconds(1793578200)};
    EXPECT_EQ(parse_utc("2026-11-02T00:10:00Z"), time);
    EXPECT_EQ(format_utc(time), "2026-11-02T00:10:00Z");
}

TEST(Time, RefusesOtherFormsAndDaysThatAreNot) {
    for (const auto* text :
         {"2026-11-02", "2026-11-02T00:10:00", "2026-11-02T00:10:00+00:00", "2026-11-02t00:10:00z",
          "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-11-02T24:00:00Z",
          "2026-11-02T00:10:60Z", "2026-11-02T00:10:00Z ", "+026-11-02T00:10:00Z"}) {
        EXPECT_EQ(parse_utc(text), std::nullopt) << text;
    }
}

}  // namespace
}  // namespace croft
