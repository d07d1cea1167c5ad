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
    std::filesystem::path path;
    std::uint64_t size =
        0;  ///< `conflict` (reason `file_changed`) where the file turns out to have another

    /// Where a copy is written while reading, so that each byte is read once; empty: no copy.
    std::filesystem::path copy_to;
};

struct FileHashes {
    Sha256 sha256;                    ///< of the whole file: what `sha256sum` prints
    std::optional<Sha256> root;       ///< BEP 52 pieces root; none for an empty file
    std::vector<Sha256> piece_layer;  ///< empty where the file is one piece or less
    std::vector<Sha1>
        v1_pieces;  ///< as in a hybrid: the file starts a piece, its end is padded with zeros
};

struct HashOptions {
    std::uint64_t piece_length = 0;  ///< a power of two >= 16 KiB
    bool sha1 = true;                ///< v1 pieces; publishing needs them, checking does not
    bool sha256 = true;              ///< the plain SHA-256
    bool merkle = true;              ///< root and piece layer
    /// The last file of a hybrid is not padded in v1. Its index in `files`, if v1 pieces are
    /// wanted.
    std::optional<std::size_t> unpadded;
    unsigned threads = 0;  ///< 0: all cores
    std::function<void(std::uint64_t)>
        on_bytes;          ///< called with each amount hashed, from any of the threads
    std::stop_token stop;  ///< answers `cancelled`
};

/// Reads every byte once and computes what is asked for, on all cores, in constant memory (besides
/// the result). One big file keeps all cores busy too, but for its plain SHA-256, which is
/// sequential.
Result<std::vector<FileHashes>> hash_files(std::span<const FileToHash> files,
                                           const HashOptions& options);

}  // namespace croft::bundle
