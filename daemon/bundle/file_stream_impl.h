#pragma once

#include "base/file.h"
#include "bundle/digest_impl.h"
#include "bundle/hash_files.h"
#include "bundle/merkle.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace croft::bundle {

/// What of a file is computed; which of its bytes are read at once.
struct HashPlan {
    std::uint64_t piece_length = block_size;
    bool sha1 = true, sha256 = true, merkle = true;
    bool drop_cache = false;
};

/// How many bytes are read at once: whole blocks, a power of two. Small enough to stay in a core's
/// cache between reading and hashing.
constexpr std::uint64_t chunk_size = std::uint64_t{256} * 1024;

/// An open file to hash, and maybe a copy of it to write.
struct OpenFile {
    Descriptor file;
    std::uint64_t size = 0;
    Descriptor copy;
    std::string name;  ///< for messages
};

/// One file on its way through the hashes, chunk by chunk. Knows nothing of threads but this:
/// `read` may run for several chunks at once; `hash_pieces` and `hash_whole` take the chunks in
/// order, one at a time each, but beside each other and beside `read`.
class FileStream {
public:
    using Buffer = std::vector<std::uint8_t>;

    FileStream(OpenFile file, const HashPlan& plan);

    std::uint64_t chunk_count() const { return (file_.size + chunk_size - 1) / chunk_size; }
    std::uint64_t length_of(std::uint64_t chunk) const;
    bool needs_pieces() const { return plan_.sha1; }
    bool needs_whole() const;  ///< not where a single block's hash is the file's

    /// Reads a chunk into `buffer`, writes it to the copy, hashes its blocks.
    Outcome read(std::uint64_t chunk, Buffer& buffer);
    void hash_pieces(std::span<const std::uint8_t> chunk);  ///< v1
    void hash_whole(std::span<const std::uint8_t> chunk);   ///< the plain SHA-256

    /// After the last chunk. `conflict` (`file_changed`) where the file is not what it was.
    Result<FileHashes> finish();

private:
    struct Stamp {
        std::int64_t size = 0, seconds = 0, nanoseconds = 0;
        bool operator==(const Stamp&) const = default;
    };
    Stamp stamp() const;
    Outcome read_exactly(std::span<std::uint8_t> out, std::uint64_t offset) const;
    Outcome write_exactly(std::span<const std::uint8_t> bytes, std::uint64_t offset) const;
    void hash_blocks(std::uint64_t chunk, std::span<const std::uint8_t> bytes);
    void end_piece();
    tl::unexpected<Error> changed() const;

    OpenFile file_;
    HashPlan plan_;
    Stamp stamp_;
    std::uint64_t node_length_;
    std::vector<Sha256> nodes_;  // roots of `node_length_` bytes each
    Digest<Sha1> piece_;
    std::uint64_t in_piece_ = 0;
    std::vector<Sha1> pieces_;
    Digest<Sha256> whole_;
};

}  // namespace croft::bundle
