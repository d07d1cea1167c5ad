#include "cli/progress.h"

#include <gtest/gtest.h>

namespace croft::cli {
namespace {

TEST(Progress, SaysDoneTotalRateAndWhatIsLeft) {
    EXPECT_EQ(Progress::text("hash", 512 << 20, 1 << 30, 256 << 20, ""),
              "hash  512 MiB of 1.0 GiB  50%  256 MiB/s  2 s left");
}

TEST(Progress, SaysWhatItWaitsForWhereNothingMoves) {
    EXPECT_EQ(Progress::text("get wiki-57", 0, 100, 0, "waits for a peer"),
              "get wiki-57  0 B of 100 B  0%  waits for a peer");
}

}  // namespace
}  // namespace croft::cli
