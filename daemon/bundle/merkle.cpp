#include "bundle/merkle.h"

#include "bundle/digest_impl.h"

#include <algorithm>
#include <bit>
#include <cassert>

namespace croft::bundle {
namespace {

Sha256 parent(Digest<Sha256>& digest, const Sha256& left, const Sha256& right) {
    digest.update(left.bytes);
    return digest.of(right.bytes);
}

}  // namespace

Sha256 merkle_root(std::span<const Sha256> leaves, std::size_t leaf_count, const Sha256& pad) {
    assert(std::has_single_bit(leaf_count) && leaves.size() <= leaf_count);
    if (leaf_count == 1) return leaves.empty() ? pad : leaves.front();
    Digest<Sha256> digest;
    std::vector<Sha256> row(leaves.begin(), leaves.end());
    Sha256 filler = pad;
    // What is missing on the right is all alike, so one filler a row stands for it.
    for (; leaf_count > 1; leaf_count /= 2) {
        if (row.size() % 2 == 1) row.push_back(filler);
        for (std::size_t i = 0; i < row.size() / 2; ++i) {
            row[i] = parent(digest, row[2 * i], row[2 * i + 1]);
        }
        row.resize(row.size() / 2);
        filler = parent(digest, filler, filler);
    }
    return row.empty() ? filler : row.front();
}

Sha256 zero_subtree(std::size_t blocks) { return merkle_root({}, blocks, Sha256{}); }

Sha256 root_of_layer(std::span<const Sha256> piece_layer, std::uint64_t piece_length) {
    return merkle_root(piece_layer, std::bit_ceil(std::max<std::size_t>(piece_layer.size(), 1)),
                       zero_subtree(piece_length / block_size));
}

Tree tree_of_nodes(std::span<const Sha256> nodes, std::uint64_t node_length,
                   std::uint64_t piece_length) {
    if (nodes.empty()) return {};
    if (nodes.size() == 1) return {nodes.front(), {}};
    const std::size_t per_piece = piece_length / node_length;
    const Sha256 pad = zero_subtree(node_length / block_size);
    if (nodes.size() <= per_piece) {
        return {merkle_root(nodes, std::bit_ceil(nodes.size()), pad), {}};
    }
    Tree tree;
    for (std::size_t at = 0; at < nodes.size(); at += per_piece) {
        const auto piece = nodes.subspan(at, std::min(per_piece, nodes.size() - at));
        tree.layer.push_back(merkle_root(piece, per_piece, pad));
    }
    tree.root = root_of_layer(tree.layer, piece_length);
    return tree;
}

}  // namespace croft::bundle
