#pragma once

#include "feeds/feeds.h"
#include "library/library.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace croft::test {

/// What `feeds::Feeds` and `library::Library` say in these tests, and what they were asked to do.
/// stand_ins.cpp is linked in their place: the API is tried without disks, peers or publishers.
struct StandIns {
    std::vector<feeds::Publisher> publishers;
    std::optional<feeds::Preview> preview;
    std::vector<library::ReleaseView> releases;
    std::map<catalog::BundleId, std::shared_ptr<const library::Documents>> documents;
    std::vector<library::RootView> roots;
    std::vector<library::Problem> problems;
    library::MirrorPlan plan;
    std::optional<std::uint64_t> budget;
    std::uint64_t used_bytes = 0;
    Jobs jobs;
    std::optional<Error> refuses;      ///< answered to every change
    std::vector<std::string> changes;  ///< "pin HASH", "follow SOURCE", …
};

/// The one that is in use; a fresh one for each test.
StandIns& stand_ins();
void renew_stand_ins();

}  // namespace croft::test
