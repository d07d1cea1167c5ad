#pragma once

#include <cstdint>
#include <span>

namespace croft::bundle {

/// The piece length for a set of files: a pure function of their sizes, so that everybody makes the
/// same torrent. A power of two in 16 KiB-16 MiB which keeps padding low (hybrids pad every file to
/// a whole piece), with at most 2^17 pieces and 16 MiB of `.torrent` where possible.
std::uint64_t choose_piece_length(std::span<const std::uint64_t> file_sizes);

}  // namespace croft::bundle
