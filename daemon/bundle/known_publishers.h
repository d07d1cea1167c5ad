#pragma once

#include "base/result.h"
#include "catalog/follower.h"

#include <filesystem>
#include <string>
#include <vector>

namespace croft::bundle {

/// A publisher that somebody on this computer believes, as plain files that need no daemon to read:
/// what `croft trust add` keeps for its user, and croftd's public copy of whom it follows.
struct KnownPublisher {
    std::string petname;
    catalog::FollowerState state;  ///< verified again from the files, each time they are read
};

struct KnownPublishers {
    std::vector<KnownPublisher> publishers;
    std::vector<Error> problems;  ///< one for each folder that could not be believed
};

/// Reads every publisher's folder below `folder`; none where it is not there.
KnownPublishers read_known_publishers(const std::filesystem::path& folder, Time now);

/// Writes one publisher: documents in the one folder layout, `petname`, and `floors.tsv` with the
/// highest serial seen of each name. World-readable, the catalogue last.
Outcome write_known_publisher(const std::filesystem::path& folder, const KnownPublisher& publisher);

/// Removes one publisher's files, and nothing else.
Outcome forget_known_publisher(const std::filesystem::path& folder, const catalog::PublisherId& id);

}  // namespace croft::bundle
