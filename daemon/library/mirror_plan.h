#pragma once

#include "base/time.h"
#include "catalog/ids.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace croft::library {

/// One release as the plan sees it.
struct Candidate {
    catalog::BundleId id;
    std::uint64_t size_bytes = 0;
    Time created{};
    bool pinned = false;  ///< by the user: fetched and kept whatever the budget says of others
    bool own = false;   ///< a publisher's own bundle: never evicted, not counted against the budget
    bool held = false;  ///< on our disk, whole or in part
    bool offered = false;  ///< still in its publisher's newest catalogue
    bool newest = false;   ///< the newest edition of its name
    bool dropped = false;  ///< by the user: not fetched again by itself
};

struct MirrorPlan {
    struct Step {
        catalog::BundleId id;
        std::string why;  ///< for people: "newest", "pinned by you", "does not fit: needs 4.1
                          ///< GiB, 1.2 GiB are left"
    };
    std::vector<Step> fetch, keep, evict, skip;
    std::uint64_t planned_bytes = 0;  ///< what we shall use once it is carried out
};

/// Chooses what to hold: pins first, then what is held, then the newest that still fits; the newest
/// edition of every work comes before any older edition.
///
/// Pure: the same input gives the same plan, so a plan can be shown before it is carried out. What
/// we fetch and keep never exceeds `budget_bytes` unless the user pinned more. No budget: nothing
/// is fetched by itself. `evict` is a proposal; nothing is deleted without the user, so what it
/// names counts as used until then.
MirrorPlan plan_mirror(std::span<const Candidate> candidates,
                       std::optional<std::uint64_t> budget_bytes);

}  // namespace croft::library
