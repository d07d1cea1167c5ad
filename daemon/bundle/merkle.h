#pragma once

#include "base/bytes.h"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

/// A set of files and its hybrid torrent (BEP 3 + 47 + 52): make, read, check. Our own strict
/// bencode, no libtorrent. Everything here may run on any thread and keeps no state.
namespace croft::bundle {

constexpr std::uint64_t block_size = 16 * 1024;

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

/// The piece layer out of a file's block hashes.
std::vector<Sha256> layer_of_blocks(std::span<const Sha256> blocks, std::uint64_t piece_length);

}  // namespace croft::bundle
