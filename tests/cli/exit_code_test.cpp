#include "cli/exit_code.h"

#include <gtest/gtest.h>

#include <vector>

namespace croft::cli {
namespace {

TEST(ExitCode, IsThePromisedNumberOfEachVerdict) {
    EXPECT_EQ(static_cast<int>(exit_code_for(Errc::bad_signature)), 10);
    EXPECT_EQ(static_cast<int>(exit_code_for(Errc::unknown_key)), 11);
    EXPECT_EQ(static_cast<int>(exit_code_for(Errc::no_signature)), 12);
    EXPECT_EQ(static_cast<int>(exit_code_for(Errc::damaged)), 13);
    EXPECT_EQ(static_cast<int>(exit_code_for(Errc::rollback)), 14);
    EXPECT_EQ(static_cast<int>(exit_code_for(Errc::equivocation)), 15);
    EXPECT_EQ(static_cast<int>(exit_code_for(Errc::withdrawn)), 16);
    EXPECT_EQ(static_cast<int>(exit_code_for(Errc::no_daemon)), 6);
}

TEST(ExitCode, OfSeveralItemsIsTheGravest) {
    using enum ExitCode;
    EXPECT_EQ(gravest(std::vector{done, outdated, withdrawn, unknown_key}), unknown_key);
    EXPECT_EQ(gravest(std::vector{damaged, no_signature}), no_signature);
    EXPECT_EQ(gravest(std::vector{no_signature, revoked}), revoked);
    EXPECT_EQ(gravest(std::vector{revoked, bad_signature}), bad_signature);
    EXPECT_EQ(gravest(std::vector{done, not_found}), not_found);
    EXPECT_EQ(gravest(std::vector<ExitCode>{}), done);
}

}  // namespace
}  // namespace croft::cli
