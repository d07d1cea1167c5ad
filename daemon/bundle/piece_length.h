#pragma once

#include <cstdint>
#include <span>

namespace croft::bundle {

constexpr std::uint64_t shortest_piece = std::uint64_t{16} * 1024;
constexpr std::uint64_t longest_piece = std::uint64_t{16} * 1024 * 1024;

/// The piece length for a set of files: a pure function of their sizes, in any order, so that
/// everybody makes the same torrent. A power of two in 16 KiB-16 MiB, by this rule:
///
/// - *Allowed* are the lengths with at most 2^17 pieces and 16 MiB of `.torrent` (20 bytes a piece,
///   32 more for each piece of a file of several, 200 a file). Where no length keeps these limits,
///   both are doubled until one does.
/// - *Wanted* is the shortest length that cuts the bytes into at most 2,048 pieces: long enough for
///   a small torrent, short enough that a damaged piece is mended quickly.
/// - Chosen is the longest allowed length, up to the wanted one, whose padding is at most a
///   sixteenth of the bytes (a hybrid pads every file to a whole piece, and hashes that padding);
///   where there is none, the shortest allowed one.
std::uint64_t choose_piece_length(std::span<const std::uint64_t> file_sizes);

}  // namespace croft::bundle
