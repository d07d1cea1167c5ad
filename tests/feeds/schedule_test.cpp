#include "feeds/schedule_impl.h"

#include <gtest/gtest.h>

namespace croft::feeds {
namespace {

using namespace std::chrono_literals;

TEST(Schedule, LooksAsOftenAsItIsTold) {
    EXPECT_EQ(next_look(0, 1h, 0.5), 1h);
    EXPECT_EQ(next_look(0, 1h, 0.0), 54min);
    EXPECT_LT(next_look(0, 1h, 0.999), 66min);
}

TEST(Schedule, DoublesWithEveryFaultUpToADay) {
    EXPECT_EQ(next_look(1, 1h, 0.5), 1min);
    EXPECT_EQ(next_look(2, 1h, 0.5), 2min);
    EXPECT_EQ(next_look(7, 1h, 0.5), 64min);
    EXPECT_EQ(next_look(12, 1h, 0.5), 24h);
    EXPECT_EQ(next_look(4'000'000'000, 1h, 0.5), 24h);
    EXPECT_EQ(next_look(1, 10s, 0.5), 10s);
}

}  // namespace
}  // namespace croft::feeds
