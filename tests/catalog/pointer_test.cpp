#include "catalog/pointer.h"

#include "base/text.h"
#include "testing/vectors.h"
#include "trust/signature.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace croft::catalog {
namespace {

/// A member of bep44/pointer.json, which is one member a line.
std::string member(const std::string& name) {
    const std::string json = test::read_vector("bep44/pointer.json");
    const std::string start = "\"" + name + "\":";
    std::size_t at = json.find(start) + start.size();
    if (json[at] == '"') ++at;
    return json.substr(at, json.find_first_of("\",\n", at) - at);
}

std::string bytes_of(const std::string& hex) {
    std::string bytes(hex.size() / 2, '\0');
    EXPECT_TRUE(from_hex(hex, {reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()}));
    return bytes;
}

const std::string value = bytes_of(member("value_bencoded"));

TEST(Pointer, IsReadAndWrittenAsTheVectorHasIt) {
    ASSERT_EQ(value.size(), 138U);
    const auto pointer = parse_pointer(value);
    ASSERT_TRUE(pointer) << pointer.error().message;
    EXPECT_EQ(pointer->catalogue.hex(),
              "11285fd54656c2f027fdf71be94f82c4bc94affe92c4a7535864760f6230ac2b");
    EXPECT_EQ(pointer->feed_torrent_v1.hex(), "30c5b3da203c391c77f9b4d23738ba2518748ba7");
    EXPECT_EQ(pointer->catalogue_version, 58U);
    EXPECT_EQ(pointer->catalogue_size, 1019U);
    EXPECT_EQ(write(*pointer), value);
}

TEST(Pointer, IsSignedAsBep44Says) {
    const auto buffer = signed_buffer("croft/1", std::stoll(member("seq")), value);
    EXPECT_EQ(to_hex(as_bytes(buffer)), member("signed_buffer"));
    const auto key = bytes_from_hex<32>(member("public_key")).value();
    const auto signature = bytes_from_hex<64>(member("signature")).value();
    EXPECT_TRUE(trust::is_signed_by(key, buffer, signature));
    EXPECT_FALSE(trust::is_signed_by(key, buffer + " ", signature));
}

// The signed buffers that BEP 44 prints.
TEST(Pointer, LeavesAnEmptySaltOutOfTheSignedBuffer) {
    EXPECT_EQ(signed_buffer("", 1, "12:Hello World!"), "3:seqi1e1:v12:Hello World!");
    EXPECT_EQ(signed_buffer("foobar", 1, "12:Hello World!"),
              "4:salt6:foobar3:seqi1e1:v12:Hello World!");
}

TEST(Pointer, IsRefusedAtEveryTruncationAndWithMore) {
    for (std::size_t length = 0; length < value.size(); ++length) {
        EXPECT_FALSE(parse_pointer(value.substr(0, length))) << length;
    }
    EXPECT_FALSE(parse_pointer(value + "e"));
    EXPECT_EQ(parse_pointer(std::string(1001, 'i')).error().reason, "bad_pointer");
}

TEST(Pointer, IsRefusedWithoutOneOfItsMembersOrWithAnotherKindOfIt) {
    for (const std::string damaged : {"de", "le", "i1e", "d1:ci1ee"}) {
        EXPECT_EQ(parse_pointer(damaged).error().reason, "bad_pointer") << damaged;
    }
    std::string negative = value;
    negative.replace(negative.find("1:ni58e"), 7, "1:ni-8e");
    EXPECT_EQ(parse_pointer(negative).error().reason, "bad_pointer");
}

}  // namespace
}  // namespace croft::catalog
