#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace croft::library {

/// What one disk has, and what is promised of it.
struct DiskRoom {
    std::uint64_t free_bytes = 0;
    std::uint64_t keep_free_bytes = 0;  ///< left to others
    std::uint64_t promised_bytes = 0;   ///< still to come of what is being fetched

    std::uint64_t left() const;
};

/// Why `needed_bytes` do not fit, in a sentence; none where they do. By full size, before the first
/// byte: so a download seldom meets a full disk, and one that did goes on only when all the rest of
/// it fits.
std::optional<std::string> does_not_fit(std::uint64_t needed_bytes, const DiskRoom& room);

}  // namespace croft::library
