#include "base/text.h"

#include <gtest/gtest.h>

namespace croft {
namespace {

TEST(Text, KnowsUtf8FromOtherBytes) {
    EXPECT_TRUE(is_utf8("étude"));
    EXPECT_FALSE(is_utf8("\xff"));
    EXPECT_FALSE(is_utf8("\xc0\xaf"));      // an overlong slash
    EXPECT_FALSE(is_utf8("\xed\xa0\x80"));  // a surrogate
}

TEST(Text, ComposesAndFoldsAsUnicodeSays) {
    EXPECT_EQ(to_nfc("e\u0301tude").value(), "étude");
    EXPECT_EQ(fold_case("STRASSE"), fold_case("straße"));
    EXPECT_EQ(to_nfc("\xff"), std::nullopt);
}

TEST(Text, MakesForeignTextHarmlessOnATerminal) {
    EXPECT_EQ(escape_control("a\x1b[2Jb\nc"), "a\\u{1b}[2Jb\\u{a}c");
    EXPECT_EQ(escape_control("evil\u202egnp.exe"), "evil\\u{202e}gnp.exe");
    EXPECT_EQ(escape_control("\xff!"), "\\xff!");
    EXPECT_EQ(escape_control("Étude 漢字"), "Étude 漢字");
}

TEST(Text, WritesSizesAsPeopleReadThem) {
    EXPECT_EQ(format_size(812), "812 B");
    EXPECT_EQ(format_size(1536), "1.5 KiB");
    EXPECT_EQ(format_size(36ull << 20), "36 MiB");
    EXPECT_EQ(format_size(1ull << 40), "1.0 TiB");
}

TEST(Text, ReadsSizesAndRefusesTheRest) {
    EXPECT_EQ(parse_size("500GiB").value(), 500ull << 30);
    EXPECT_EQ(parse_size("1.5 TB").value(), 1'500'000'000'000ull);
    EXPECT_EQ(parse_size("4096").value(), 4096U);
    for (const auto* text : {"", "GiB", "-1", "1 parsec", "nan", "inf", "1e30TiB", "5 GiBs"}) {
        EXPECT_FALSE(parse_size(text)) << text;
    }
}

TEST(Text, GroupsDigits) {
    EXPECT_EQ(format_count(7), "7");
    EXPECT_EQ(format_count(8331), "8,331");
    EXPECT_EQ(format_count(1234567), "1,234,567");
}

}  // namespace
}  // namespace croft
