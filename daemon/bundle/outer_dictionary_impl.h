#pragma once

#include "base/bytes.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace croft::bundle {

using PieceLayers = std::map<Sha256, std::vector<Sha256>>;

/// A `.torrent` around an info dictionary (BEP 3, 12, 52): trackers, a tier each, and piece layers,
/// which a v1 torrent has not.
std::string outer_dictionary(std::string_view info, const PieceLayers* piece_layers,
                             const std::vector<std::string>& trackers);

}  // namespace croft::bundle
