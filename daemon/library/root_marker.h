#pragma once

#include "base/file.h"
#include "base/result.h"

#include <cstdint>
#include <filesystem>
#include <string>

namespace croft::library {

/// What we know of a root before we look at it.
struct KnownRoot {
    std::filesystem::path path;
    std::string uuid;             ///< of its marker; empty: never seen
    bool is_first_start = false;  ///< then a root may be made
};

/// A root that is there, ours and locked.
struct FoundRoot {
    std::string uuid;
    std::uint64_t free_bytes = 0;
    Descriptor lock;  ///< where it was asked for
};

enum class Lock {
    take,
    keep  ///< we have it already
};

/// Tells whether the folder is the root it should be, by the UUID in its `.croft-root`. A marker is
/// made for an empty folder that we don't know, and at the very first start, also the folder.
/// Nothing else is ever written: where a disk is not mounted, its mount point stays empty.
///
/// Refuses: `not_found` (`disk_absent`) where the folder or its marker is gone, or the marker is
/// another's; `conflict` (`root_in_use`) for an unknown folder that holds something, and (`locked`)
/// where another daemon has it. For the pool: a dying disk answers late.
Result<FoundRoot> look_at_root(const KnownRoot& known, Lock lock);

}  // namespace croft::library
