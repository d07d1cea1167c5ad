#pragma once

#include "bundle/file_stream_impl.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <stop_token>

namespace croft::bundle {

/// Files to hash, opened only when their turn comes, and where their hashes go. The functions are
/// called from several threads at once.
struct HashBatch {
    std::size_t count = 0;
    std::function<Result<OpenFile>(std::size_t)> open;
    /// Takes the answer for one file; false: no more work is begun.
    std::function<bool(std::size_t, Result<FileHashes>)> done;
    std::function<void(std::uint64_t)> on_bytes;  ///< may be empty
};

/// Hashes all of a batch on `threads` threads (0: all cores), the caller's among them. Returns when
/// nothing is left to do, or soon after somebody asked to stop.
///
/// A thread takes a small file whole. A bigger one is cut into chunks which all threads read and
/// hash beside each other, while its two sequential hashes follow in order, each on one thread at a
/// time; as many files are open at once as it takes to keep everybody busy.
void hash_batch(const HashBatch& batch, const HashPlan& plan, unsigned threads,
                const std::stop_token& stop);

}  // namespace croft::bundle
