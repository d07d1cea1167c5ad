#pragma once

#include "base/bytes.h"

#include <cstdint>
#include <span>
#include <vector>

namespace croft::bundle {

/// All that a hybrid torrent and `sha256sum` say of a file.
struct AllHashes {
    Sha256 whole;
    std::vector<Sha256> blocks;  ///< of 16 KiB, the last one short
    std::vector<Sha1> pieces;    ///< the last one padded with zeros
    bool operator==(const AllHashes&) const = default;
};

/// How to hash what lies in memory.
struct MemoryHashes {
    /// The SHA-256 of each block, the last one maybe short, into `out`, which is as long as there
    /// are blocks.
    void (*blocks)(std::span<const std::uint8_t> bytes, std::span<Sha256> out);
    /// Everything about a file that is not empty. The piece length is a multiple of a block.
    AllHashes (*all)(std::span<const std::uint8_t> file, std::uint64_t piece_length);
};

/// One hash after the other, by libcrypto, which knows every CPU.
extern const MemoryHashes one_by_one;

/// Several hashes at once, for x86 with SHA instructions: about twice as fast there. Null on other
/// CPUs.
const MemoryHashes* side_by_side();

/// The faster of them that runs here.
const MemoryHashes& memory_hashes();

}  // namespace croft::bundle
