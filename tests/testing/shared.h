#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

namespace croft::test {

/// The large real data (`CROFT_TESTDATA`, default `../shared/testdata` beside the project) and the
/// vectors beside it. Tests that need them say that they were skipped where they are absent.
inline std::filesystem::path testdata() {
    const char* given = std::getenv("CROFT_TESTDATA");
    return given ? std::filesystem::path(given)
                 : std::filesystem::path(CROFT_TEST_SOURCE) / "../../shared/testdata";
}
inline std::filesystem::path vectors() { return testdata() / "../vectors"; }

}  // namespace croft::test

#define CROFT_NEEDS(path) \
    if (!std::filesystem::exists(path)) GTEST_SKIP() << (path) << " is not here (CROFT_TESTDATA)"
