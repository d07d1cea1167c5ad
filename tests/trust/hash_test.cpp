#include "trust/hash.h"

#include <gtest/gtest.h>

namespace croft::trust {
namespace {

// What `printf abc | sha256sum` and `printf abc | b2sum` print (FIPS 180-4, RFC 7693).
TEST(Hash, IsSha256) {
    EXPECT_EQ(sha256("").hex(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(sha256("abc").hex(),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Hash, IsBlake2b512) {
    EXPECT_EQ(to_hex(Blake2b::of("abc")),
              "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
              "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923");
}

TEST(Hash, IsTheSameHoweverTheBytesArrive) {
    const std::string text(1000, 'x');
    Blake2b blake2b;
    Sha256Stream sha2;
    for (std::size_t at = 0; at < text.size(); at += 7) {
        blake2b.update(as_bytes(std::string_view(text).substr(at, 7)));
        sha2.update(as_bytes(std::string_view(text).substr(at, 7)));
    }
    EXPECT_EQ(blake2b.finish(), Blake2b::of(text));
    EXPECT_EQ(sha2.finish(), sha256(text));
}

}  // namespace
}  // namespace croft::trust
