#pragma once

#include "base/file.h"

#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>

namespace croft::test {

/// Signed documents, keys and signatures made with other people's tools; a copy of the small ones
/// lies in the project (tests/data/vectors/README.md).
inline std::filesystem::path vector_folder() { return CROFT_TEST_SOURCE "/data/vectors"; }

/// A vector's bytes; throws where it is missing, so that no test passes without it.
inline std::string read_vector(std::string_view path) {
    auto content = read_file(vector_folder() / path, 64UL * 1024 * 1024);
    if (!content) throw std::runtime_error(content.error().message);
    return *std::move(content);
}

}  // namespace croft::test
