#include "library/admission.h"

#include "base/text.h"

namespace croft::library {

std::uint64_t DiskRoom::left() const {
    std::uint64_t left = free_bytes;
    for (const std::uint64_t taken : {keep_free_bytes, promised_bytes})
        left -= taken < left ? taken : left;
    return left;
}

std::optional<std::string> does_not_fit(std::uint64_t needed_bytes, const DiskRoom& room) {
    if (needed_bytes <= room.left()) return std::nullopt;
    return "needs " + format_size(needed_bytes) + " on the disk, " + format_size(room.left()) +
           " are left";
}

}  // namespace croft::library
