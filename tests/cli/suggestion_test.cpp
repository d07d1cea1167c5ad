#include "cli/suggestion.h"

#include <gtest/gtest.h>

namespace croft::cli {
namespace {

TEST(Suggestion, IsTheNearestWordThatIsNearEnough) {
    const std::vector<std::string> known = {"follow", "unfollow", "verify", "list"};
    EXPECT_EQ(suggestion("folow", known), "follow");
    EXPECT_EQ(suggestion("verfiy", known), "verify");
    EXPECT_EQ(suggestion("frobnicate", known), std::nullopt);
}

}  // namespace
}  // namespace croft::cli
