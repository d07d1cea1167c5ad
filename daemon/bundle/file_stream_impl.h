#pragma once

#include "bundle/digest_impl.h"
#include "bundle/hash_files.h"
#include "bundle/merkle.h"
#include "bundle/open_file_impl.h"

#include <cstdint>
#include <span>
#include <vector>

namespace croft::bundle {

/// What of a file is computed. SHA-1 comes only with the other two.
struct HashPlan {
    std::uint64_t piece_length = block_size;
    bool sha1 = true, sha256 = true, merkle = true;
};

/// How many bytes are read at once: whole blocks, a power of two. Small enough to stay in a core's
/// cache between reading and hashing.
constexpr std::uint64_t chunk_size = 16 * block_size;

/// A file that is in memory, of at most a chunk.
FileHashes hash_chunk(std::span<const std::uint8_t> file, const HashPlan& plan);

/// A bigger file on its way through the hashes, chunk by chunk. Knows nothing of threads but this:
/// `read` may run for several chunks at once; `hash_pieces` and `hash_whole` take the chunks in
/// order, one at a time each, but beside each other and beside `read`.
class FileStream {
public:
    using Buffer = std::vector<std::uint8_t>;

    FileStream(OpenFile file, const HashPlan& plan);

    std::uint64_t chunk_count() const { return (file_.size() + chunk_size - 1) / chunk_size; }
    std::uint64_t length_of(std::uint64_t chunk) const;
    bool needs_pieces() const { return plan_.sha1; }
    bool needs_whole() const { return plan_.sha256; }

    /// Reads a chunk into `buffer`, and hashes its blocks.
    Outcome read(std::uint64_t chunk, Buffer& buffer);
    void hash_pieces(std::span<const std::uint8_t> chunk);  ///< v1
    void hash_whole(std::span<const std::uint8_t> chunk);   ///< the plain SHA-256

    /// After the last chunk. `conflict` (`file_changed`) where the file is not what it was.
    Result<FileHashes> finish();

private:
    void hash_blocks(std::uint64_t chunk, std::span<const std::uint8_t> bytes);
    void end_piece();

    OpenFile file_;
    HashPlan plan_;
    std::uint64_t node_length_;
    std::vector<Sha256> nodes_;  // roots of `node_length_` bytes each
    Digest<Sha1> piece_;
    std::uint64_t in_piece_ = 0;
    std::vector<Sha1> pieces_;
    Digest<Sha256> whole_;
};

}  // namespace croft::bundle
