#pragma once

#include "base/time.h"
#include "catalog/ids.h"

#include <array>
#include <cstdint>
#include <string>

namespace croft::catalog {

/// What the DHT says of a publisher (a BEP 44 mutable item, compatible with BEP 46): a hint where
/// its newest catalogue is. The catalogue's own hash decides.
struct Pointer {
    Sha256 catalogue;                     ///< `c`
    Sha1 feed_torrent_v1;                 ///< `ih`
    Sha256 feed_torrent_v2;               ///< `ih2`
    std::uint64_t catalogue_version = 0;  ///< `n`
    Time expires{};                       ///< `x`
    std::uint64_t catalogue_size = 0;     ///< `z`
};

/// The bencoded value, and the buffer that BEP 44 signs.
std::string write(const Pointer& pointer);
std::string signed_buffer(std::string_view salt, std::int64_t sequence, std::string_view value);

/// Reads a value of at most 1,000 bytes, strictly.
Result<Pointer> parse_pointer(std::string_view value);

}  // namespace croft::catalog
