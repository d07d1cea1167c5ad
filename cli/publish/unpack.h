#pragma once

#include "base/result.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>

namespace croft::publish {

/// Takes the next piece of content; false stops the reading.
using TakePiece = std::function<bool(std::span<const std::uint8_t>)>;

/// What a file holds below its compression (bzip2, gzip, xz, zstd, or the members of a 7-Zip
/// archive one after another), piece by piece, in constant memory. `malformed` with reason
/// `damaged_archive` where the compressed bytes are broken or end early.
Outcome unpack(const std::filesystem::path& path, const TakePiece& take);

/// The same where the file's first bytes are those of a compression, whatever its name; else the
/// file as it lies there.
Outcome unpack_or_read(const std::filesystem::path& path, const TakePiece& take);

/// The file as it lies there.
Outcome read_in_pieces(const std::filesystem::path& path, const TakePiece& take);

}  // namespace croft::publish
