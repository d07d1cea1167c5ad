#pragma once

#include "base/bytes.h"
#include "base/result.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace croft::bundle {

struct Sum {
    std::string path;
    Sha256 sha256;
};

/// The `SHA256SUMS` that `sha256sum -c` reads: sorted by path, `HEX  PATH`.
std::string write_sums(std::vector<Sum> sums);

/// Strict; refuses escaped lines (`\` at the start), unsafe paths, duplicates.
Result<std::vector<Sum>> parse_sums(std::string_view text);

}  // namespace croft::bundle
