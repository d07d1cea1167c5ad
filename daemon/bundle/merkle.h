#pragma once

#include "base/bytes.h"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

/// A set of files and its hybrid torrent (BEP 3 + 47 + 52): make, read, check. Our own strict
/// bencode, no libtorrent. Everything here may run on any thread and keeps no state.
namespace croft::bundle {

constexpr std::uint64_t block_size = std::uint64_t{16} * 1024;

/// The root over `leaves`, padded with `pad` to `leaf_count` (a power of two), pairs hashed up (BEP
/// 52).
Sha256 merkle_root(std::span<const Sha256> leaves, std::size_t leaf_count, const Sha256& pad);

/// The root of a subtree of `blocks` (a power of two) all-zero leaf *hashes*: what pads a piece
/// layer.
Sha256 zero_subtree(std::size_t blocks);

/// A file's `pieces root` out of its piece layer (the roots of its pieces, the last one padded);
/// the check for a torrent's `piece layers`. For a file of one piece or less the layer is the root
/// itself.
Sha256 root_of_layer(std::span<const Sha256> piece_layer, std::uint64_t piece_length);

/// A file's tree, cut at the height of its pieces.
struct Tree {
    std::optional<Sha256> root;  ///< none for an empty file
    std::vector<Sha256> layer;   ///< empty where the file is one piece or less
};

/// The tree over `nodes`: roots of subtrees of `node_length` bytes each (a power of two, at most a
/// piece). The last node of several is a whole subtree too, padded with zero hashes; a single one
/// is the file's root.
Tree tree_of_nodes(std::span<const Sha256> nodes, std::uint64_t node_length,
                   std::uint64_t piece_length);

}  // namespace croft::bundle
