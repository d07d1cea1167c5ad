#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace croft::fuzz {

/// What the target does with an input; a property that fails aborts, which libFuzzer reports.
void try_input(const std::string& input);

inline void require(bool holds) {
    if (!holds) std::abort();
}

}  // namespace croft::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    croft::fuzz::try_input(std::string(reinterpret_cast<const char*>(data), size));
    return 0;
}
