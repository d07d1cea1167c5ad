#include "bundle/memory_hashes_impl.h"
#include "bundle/merkle.h"
#include "bundle/vectors.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace croft::bundle {
namespace {

/// Both ways, where this CPU has both.
class InMemory : public testing::TestWithParam<const MemoryHashes*> {
protected:
    void SetUp() override {
        if (!GetParam()) GTEST_SKIP() << "this CPU has no SHA instructions that we know";
    }
    static AllHashes all(std::string_view file, std::uint64_t piece_length) {
        return GetParam()->all(as_bytes(file), piece_length);
    }
};

// Expected values: sha256sum and sha1sum.

TEST_P(InMemory, HashesAFileShorterThanABlock) {
    const AllHashes hashes = all("abc", block_size);
    EXPECT_EQ(hashes.whole.hex(),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(hashes.blocks, std::vector{hashes.whole});
    ASSERT_EQ(hashes.pieces.size(), 1U);
    EXPECT_EQ(hashes.pieces[0].hex(), "8f68185cd5294a2579316f22dd911acb4a7c18dc");
}

TEST_P(InMemory, HashesAFileOfSeveralBlocksAndPieces) {
    const AllHashes hashes = all(std::string(40'000, 'a'), 2 * block_size);
    EXPECT_EQ(hashes.whole.hex(),
              "72a2f8d2643328a2e03dcb1b66fdc6610b95ba3019d88d8849ce060d0be634ce");
    ASSERT_EQ(hashes.blocks.size(), 3U);
    EXPECT_EQ(hashes.blocks[1].hex(),
              "f3336bea752b5a28743033dd2c844a4a63fba08871aaee2586a2bf2d69be83a2");
    EXPECT_EQ(hashes.blocks[2].hex(),
              "53a86412bdbc6e057aef05f274253f0f9b3ad221688d2cdbb23600f688351b8f");
    ASSERT_EQ(hashes.pieces.size(), 2U);
    EXPECT_EQ(hashes.pieces[0].hex(), "94b0a80707ea5daee9093efe9d9433533c4ce482");
    EXPECT_EQ(hashes.pieces[1].hex(), "a076e15bc41e719fa8bd6082f1b50183772371cc");
}

TEST_P(InMemory, HashesBlocksAlone) {
    const std::string bytes(40'000, 'a');
    std::vector<Sha256> blocks(3);
    GetParam()->blocks(as_bytes(bytes), blocks);
    EXPECT_EQ(blocks, all(bytes, block_size).blocks);
}

INSTANTIATE_TEST_SUITE_P(Ways, InMemory, testing::Values(&one_by_one, side_by_side()),
                         [](const auto& way) { return way.index == 0 ? "libcrypto" : "lanes"; });

/// Whether what this CPU uses says the same as libcrypto.
bool agrees(std::string_view file, std::uint64_t piece_length) {
    const AllHashes expected = one_by_one.all(as_bytes(file), piece_length);
    std::vector<Sha256> blocks(expected.blocks.size());
    memory_hashes().blocks(as_bytes(file), blocks);
    return blocks == expected.blocks &&
           memory_hashes().all(as_bytes(file), piece_length) == expected;
}

TEST(MemoryHashes, AgreeWithLibcryptoAboutEveryWayToEnd) {
    const std::string bytes = test::noise(4 * block_size, 1);
    for (const std::size_t blocks : {0U, 1U, 2U}) {
        for (std::size_t more = 1; more <= 200; ++more) {
            const std::size_t sizes[] = {blocks * block_size + more,
                                         (blocks + 1) * block_size + 1 - more};
            for (const std::size_t size : sizes) {
                EXPECT_TRUE(agrees(std::string_view(bytes).substr(0, size), 2 * block_size))
                    << size << " bytes";
            }
        }
    }
}

RC_GTEST_PROP(MemoryHashes, AgreeWithLibcryptoAboutAnyBytes, ()) {
    const auto size = *rc::gen::inRange<std::size_t>(1, 256 * 1024 + 1);
    const auto piece_length = block_size << *rc::gen::inRange(0, 6);
    RC_ASSERT(agrees(test::noise(size, *rc::gen::arbitrary<unsigned>()), piece_length));
}

}  // namespace
}  // namespace croft::bundle
