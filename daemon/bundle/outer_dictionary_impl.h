#pragma once

#include "base/bytes.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace croft::bundle {

/// A `.torrent` around an info dictionary (BEP 3, 12, 52): trackers, a tier each, and piece layers.
std::string outer_dictionary(std::string_view info,
                             const std::map<Sha256, std::vector<Sha256>>& piece_layers,
                             const std::vector<std::string>& trackers);

}  // namespace croft::bundle
