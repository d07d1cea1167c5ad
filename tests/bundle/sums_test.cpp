#include "bundle/sums.h"

#include <gtest/gtest.h>

namespace croft::bundle {
namespace {

// From `sha256sum empty.txt`.
const std::string empty_hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

std::string reason_of(const std::string& text) {
    const auto sums = parse_sums(text);
    return sums ? "accepted" : sums.error().reason;
}

TEST(Sums, AreWrittenAsSha256sumWritesThemByPath) {
    const Sha256 hash = Sha256::from_hex(empty_hash).value();
    const std::string text = write_sums({{"b/c", hash}, {"a", hash}});
    EXPECT_EQ(text, empty_hash + "  a\n" + empty_hash + "  b/c\n");
    const auto read = parse_sums(text);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->at(1).path, "b/c");
    EXPECT_EQ(read->at(1).sha256, hash);
}

TEST(Sums, KeepABlankWithinAName) {
    EXPECT_EQ(parse_sums(empty_hash + "  a  b c.txt\n")->at(0).path, "a  b c.txt");
}

TEST(Sums, RefuseWhatIsNotALineOfSha256sum) {
    EXPECT_EQ(reason_of("hello\n"), "sums_line");
    EXPECT_EQ(reason_of("\n"), "sums_line");
    EXPECT_EQ(reason_of(empty_hash + " a\n"), "sums_line");
    EXPECT_EQ(reason_of(empty_hash + " *a\n"), "sums_line");
    EXPECT_EQ(reason_of(empty_hash.substr(1) + "   a\n"), "sums_line");
    EXPECT_EQ(reason_of("E" + empty_hash.substr(1) + "  a\n"), "sums_line");
    EXPECT_EQ(reason_of("# comment\n" + empty_hash + "  a\n"), "sums_line");
}

TEST(Sums, RefuseEscapedNames) {
    EXPECT_EQ(reason_of("\\" + empty_hash + "  a\\nb\n"), "sums_escaped");
}

TEST(Sums, RefuseALineWithoutEnd) {
    EXPECT_EQ(reason_of(empty_hash + "  a"), "sums_truncated");
    EXPECT_EQ(reason_of(empty_hash + "  a\n" + empty_hash), "sums_truncated");
}

TEST(Sums, RefuseAnEmptyList) { EXPECT_EQ(reason_of(""), "sums_empty"); }

TEST(Sums, RefuseUnsafeAndRepeatedPaths) {
    EXPECT_EQ(reason_of(empty_hash + "  ../a\n"), "path_dotdot");
    EXPECT_NE(reason_of(empty_hash + "  /a\n"), "accepted");
    EXPECT_NE(reason_of(empty_hash + "  \n"), "accepted");
    EXPECT_NE(reason_of(empty_hash + "  a\r\n"), "accepted");
    EXPECT_NE(reason_of(empty_hash + "  a\n" + empty_hash + "  a\n"), "accepted");
    EXPECT_NE(reason_of(empty_hash + "  a\n" + empty_hash + "  A\n"), "accepted");
}

}  // namespace
}  // namespace croft::bundle
