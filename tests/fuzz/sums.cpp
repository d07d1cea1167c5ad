#include "bundle/sums.h"

#include "fuzz/fuzz.h"

namespace croft::fuzz {

/// What was read and is written, sorted, says the same.
void try_input(const std::string& input) {
    const auto sums = bundle::parse_sums(input);
    if (!sums) return;
    const std::string text = bundle::write_sums(*sums);
    const auto again = bundle::parse_sums(text);
    require(again && again->size() == sums->size() && bundle::write_sums(*again) == text);
    require(text.size() == input.size());
}

}  // namespace croft::fuzz
