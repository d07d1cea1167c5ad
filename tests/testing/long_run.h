#pragma once

#include <cstdlib>
#include <string_view>

namespace croft::test {

/// Whether `./check --long` runs: the full counts instead of the brief ones.
inline bool is_long_run() {
    const char* given = std::getenv("CROFT_LONG");
    return given && std::string_view(given) == "1";
}

}  // namespace croft::test
