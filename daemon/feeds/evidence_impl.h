#pragma once

#include "catalog/follower.h"

#include <filesystem>

namespace croft::feeds {

/// Keeps two catalogues of one version, with their signatures, in two folders below `folder`, so
/// that the user can show anybody what was signed. Nothing where `folder` is empty. On the pool.
Outcome keep_evidence(const std::filesystem::path& folder, const catalog::FollowerState& held,
                      const catalog::SignedBytes& other);

}  // namespace croft::feeds
