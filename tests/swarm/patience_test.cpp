#include "swarm/patience_impl.h"

#include <gtest/gtest.h>

namespace croft::swarm {
namespace {

using namespace std::chrono_literals;

class PatienceTest : public testing::Test {
protected:
    bool is_over_after(std::chrono::seconds passed, std::uint64_t done_bytes = 0,
                       bool has_source = false) {
        now_ += passed;
        return patience_.is_over(now_, done_bytes, has_source);
    }

    Patience::Clock::time_point now_;
    Patience patience_{20s};
};

TEST_F(PatienceTest, EndsOnceNothingHasComeForLongEnough) {
    EXPECT_FALSE(is_over_after(0s));
    EXPECT_FALSE(is_over_after(19s));
    EXPECT_TRUE(is_over_after(1s));
    EXPECT_FALSE(is_over_after(1s));
}

TEST_F(PatienceTest, GrowsEachTimeInVainUpToAQuarterOfAnHour) {
    is_over_after(0s);
    EXPECT_TRUE(is_over_after(20s));
    EXPECT_FALSE(is_over_after(39s));
    EXPECT_TRUE(is_over_after(1s));
    for (int i = 0; i < 20; ++i)
        EXPECT_TRUE(is_over_after(15min));
    EXPECT_FALSE(is_over_after(15min - 1s));
}

TEST_F(PatienceTest, StartsAnewWithEveryNewByte) {
    is_over_after(0s);
    is_over_after(20s);
    EXPECT_FALSE(is_over_after(39s, 1000));
    EXPECT_FALSE(is_over_after(19s, 1000));
    EXPECT_TRUE(is_over_after(1s, 1000));
}

TEST_F(PatienceTest, LastsWhileSomebodyHasWhatIsMissing) {
    is_over_after(0s);
    EXPECT_FALSE(is_over_after(10min, 0, true));
    EXPECT_FALSE(is_over_after(19s));
    EXPECT_TRUE(is_over_after(1s));
}

TEST_F(PatienceTest, TakesAPieceThatIsFetchedAgainForNothingNew) {
    is_over_after(0s, 1000);
    EXPECT_TRUE(is_over_after(20s, 1000));
    EXPECT_FALSE(is_over_after(30s, 900));
    EXPECT_TRUE(is_over_after(10s, 1000));
}

}  // namespace
}  // namespace croft::swarm
