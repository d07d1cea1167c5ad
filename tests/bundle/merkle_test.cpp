#include "bundle/merkle.h"

#include <gtest/gtest.h>

namespace croft::bundle {
namespace {

// Computed with `printf` and `sha256sum`: SHA-256 of 64 zero bytes, and of that hash twice.
constexpr auto two_zeros = "f5a5fd42d16a20302798ef6ed309979b43003d2320d9f0e8ea9831a92759fb4b";
constexpr auto four_zeros = "db56114e00fdd4c1f85c892bf35ac9a89289aaecb1ebd0a96cde606a748b5d71";

TEST(Merkle, PadsWithTheRootOfAZeroSubtree) {
    EXPECT_EQ(zero_subtree(1), Sha256{});
    EXPECT_EQ(zero_subtree(2).hex(), two_zeros);
    EXPECT_EQ(zero_subtree(4).hex(), four_zeros);
}

TEST(Merkle, OneLeafIsItsOwnRoot) {
    const Sha256 leaf = *Sha256::from_hex(two_zeros);
    EXPECT_EQ(merkle_root({&leaf, 1}, 1, Sha256{}), leaf);
}

TEST(Merkle, MissingLeavesCountAsThePad) {
    const std::vector<Sha256> one(1);
    EXPECT_EQ(merkle_root(one, 4, Sha256{}).hex(), four_zeros);
    EXPECT_EQ(merkle_root(one, 1 << 20, Sha256{}), zero_subtree(1 << 20));
}

TEST(Merkle, AnEmptyFileHasNoRoot) {
    EXPECT_EQ(tree_of_nodes({}, block_size, 4 * block_size).root, std::nullopt);
}

TEST(Merkle, AFileOfOnePieceHasNoLayer) {
    const std::vector<Sha256> nodes(3);
    const Tree tree = tree_of_nodes(nodes, block_size, 4 * block_size);
    EXPECT_EQ(tree.root, zero_subtree(4));
    EXPECT_TRUE(tree.layer.empty());
}

TEST(Merkle, TheLastPieceOfSeveralIsPaddedToAWholePiece) {
    const std::vector<Sha256> nodes(5);
    const Tree tree = tree_of_nodes(nodes, block_size, 4 * block_size);
    EXPECT_EQ(tree.layer, std::vector<Sha256>(2, zero_subtree(4)));
    EXPECT_EQ(tree.root, zero_subtree(8));
}

}  // namespace
}  // namespace croft::bundle
