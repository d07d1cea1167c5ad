#include "base/bencode.h"

#include <gtest/gtest.h>

namespace croft::bencode {
namespace {

std::string reason_of(std::string_view bytes) {
    const auto value = parse(bytes);
    return value ? "accepted" : value.error().reason;
}

TEST(Bencode, ReadsWhatBep3Shows) {
    const std::string bytes = "d3:cow3:moo4:spaml1:a1:bi-3eee";
    const auto value = parse(bytes);
    ASSERT_TRUE(value) << value.error().message;
    EXPECT_EQ(value->find("cow")->string(), "moo");
    EXPECT_EQ(value->find("spam")->list().at(2).integer(), -3);
    EXPECT_EQ(value->find("spam")->raw(), "l1:a1:bi-3ee");
    EXPECT_EQ(value->find("sheep"), nullptr);
}

TEST(Bencode, RefusesNumbersThatHaveTwoSpellings) {
    for (const auto* bytes : {"i03e", "i-0e", "i+3e", "i 3e", "ie", "i-e", "03:abc", "-1:a"}) {
        EXPECT_NE(reason_of(bytes), "accepted") << bytes;
    }
}

TEST(Bencode, RefusesNumbersOutsideInt64) {
    EXPECT_EQ(reason_of("i9223372036854775807e"), "accepted");
    EXPECT_EQ(reason_of("i9223372036854775808e"), "bencode_number");
}

TEST(Bencode, RefusesUnsortedAndRepeatedKeys) {
    EXPECT_EQ(reason_of("d1:b0:1:a0:e"), "bencode_order");
    EXPECT_EQ(reason_of("d1:a0:1:a0:e"), "bencode_order");
    EXPECT_EQ(reason_of("di1e0:e"), "bencode_key");
}

TEST(Bencode, RefusesEveryTruncation) {
    const std::string whole = "d3:cow3:moo4:spaml1:a1:bi-3eee";
    for (std::size_t length = 0; length < whole.size(); ++length) {
        EXPECT_NE(reason_of(std::string_view(whole).substr(0, length)), "accepted") << length;
    }
}

TEST(Bencode, RefusesBytesAfterTheValue) { EXPECT_EQ(reason_of("i1e "), "bencode_trailing"); }

TEST(Bencode, RefusesWhatIsNestedTooDeep) {
    EXPECT_EQ(reason_of(std::string(40, 'l') + std::string(40, 'e')), "bencode_depth");
    EXPECT_EQ(reason_of(std::string(1'000'000, 'l')), "bencode_depth");
}

TEST(Bencode, RefusesMoreValuesThanAllowed) {
    std::string bytes = "l";
    for (int i = 0; i < 20; ++i)
        bytes += "0:";
    bytes += "e";
    EXPECT_EQ(parse(bytes, {.depth = 4, .items = 10}).error().reason, "bencode_items");
}

}  // namespace
}  // namespace croft::bencode
