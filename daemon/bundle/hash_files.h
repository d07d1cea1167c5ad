#pragma once

#include "base/bytes.h"
#include "base/result.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

namespace croft::bundle {

struct FileToHash {
    std::filesystem::path path;  ///< a regular file; a symlink is not followed
    std::uint64_t size = 0;      ///< `conflict` (`file_changed`) where it turns out to have another

    /// Where a copy is written while reading, so that each byte is read once; empty: no copy. Its
    /// folders are made; it must not exist. Not synced to the disk; left unfinished on failure.
    std::filesystem::path copy_to = {};
};

struct FileHashes {
    std::uint64_t size = 0;
    Sha256 sha256;                    ///< of the whole file: what `sha256sum` prints
    std::optional<Sha256> root;       ///< BEP 52 pieces root; none for an empty file
    std::vector<Sha256> piece_layer;  ///< empty where the file is one piece or less
    std::vector<Sha1> v1_pieces;      ///< as in a hybrid: starts a piece, the end padded with zeros
};

struct HashOptions {
    std::uint64_t piece_length = 0;  ///< a power of two >= 16 KiB
    unsigned threads = 0;            ///< 0: all cores
    std::function<void(std::uint64_t bytes)> on_bytes =
        {};                     ///< each amount hashed, from any thread
    std::stop_token stop = {};  ///< answers `cancelled`
};

/// Reads every byte once and computes all of `FileHashes`, on all cores, in constant memory
/// (besides the result, 32 bytes a chunk of 256 KiB). One big file keeps all cores busy too, but
/// for its plain SHA-256, which is sequential. The first failure ends it: `conflict`
/// (`file_changed`) where a file's size or time changes while it is read.
Result<std::vector<FileHashes>> hash_files(std::span<const FileToHash> files,
                                           const HashOptions& options);

}  // namespace croft::bundle
