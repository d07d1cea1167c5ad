#include "api/token.h"

#include "base/file.h"
#include "testing/temporary_folder.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

namespace croft::api {
namespace {

using namespace std::chrono_literals;

const auto start = std::chrono::steady_clock::time_point(1000h);

TEST(Token, Has256BitsAndIsNeverTheSame) {
    const auto one = make_token(), other = make_token();
    EXPECT_EQ(one->size(), 64U);
    EXPECT_NE(*one, *other);
}

TEST(Token, IsKeptWhereItIsWholeAndMadeAnewWhereItIsNot) {
    const test::TemporaryFolder folder;
    const auto path = folder.path() / "metrics_token";
    const auto first = keep_token(path);
    EXPECT_EQ(*keep_token(path), *first);
    for (const std::string& broken :
         {std::string(), std::string("short\n"), std::string(64, 'G') + "\n", *first + *first}) {
        ASSERT_TRUE(write_file(path, broken, 0600));
        const auto made = keep_token(path);
        ASSERT_TRUE(made);
        EXPECT_NE(*made, *first);
        EXPECT_EQ(read_file(path, 100).value(), *made + "\n");
    }
}

TEST(Secrets, AreTheSameOrNot) {
    EXPECT_TRUE(is_same_secret("abc", "abc"));
    EXPECT_FALSE(is_same_secret("abc", "abd"));
    EXPECT_FALSE(is_same_secret("abc", "ab"));
    EXPECT_FALSE(is_same_secret("", "a"));
}

TEST(SessionCodes, AreWorthSomethingOnceAndForAMinute) {
    SessionCodes codes;
    const std::string code = codes.make(start).value();
    EXPECT_FALSE(codes.spend("AAAA-AAAA-AAAA", start));
    EXPECT_FALSE(codes.spend("", start));
    EXPECT_TRUE(codes.spend(code, start + 59s));
    EXPECT_FALSE(codes.spend(code, start + 59s)) << "once";
    const std::string late = codes.make(start).value();
    EXPECT_FALSE(codes.spend(late, start + 60s)) << "too late";
}

TEST(SessionCodes, WaitInALimitedNumber) {
    SessionCodes codes;
    for (int i = 0; i < 16; ++i)
        EXPECT_TRUE(codes.make(start));
    EXPECT_EQ(codes.make(start).error().reason, "too_many_codes");
    EXPECT_TRUE(codes.make(start + 61s));
}

TEST(RateLimit, LetsABurstPassAndThenSoManyASecond) {
    RateLimit limit(50);
    int taken = 0;
    for (int i = 0; i < 200; ++i)
        taken += limit.take(start) ? 1 : 0;
    EXPECT_EQ(taken, 50);
    EXPECT_FALSE(limit.take(start + 10ms));
    EXPECT_TRUE(limit.take(start + 41ms));
    taken = 0;
    for (int i = 0; i < 200; ++i)
        taken += limit.take(start + 100s) ? 1 : 0;
    EXPECT_EQ(taken, 50) << "rest is not saved up";
}

}  // namespace
}  // namespace croft::api
