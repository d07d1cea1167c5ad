#pragma once

#include "base/file.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <string_view>

namespace croft::test {

inline void write(const std::filesystem::path& path, std::string_view content) {
    const auto made = make_folders(path.parent_path());
    ASSERT_TRUE(made) << made.error().message;
    const auto written = write_file(path, content);
    ASSERT_TRUE(written) << written.error().message;
}

inline std::string read(const std::filesystem::path& path) {
    auto content = read_file(path, std::uint64_t{1} << 30);
    EXPECT_TRUE(content) << content.error().message;
    return content ? std::move(*content) : std::string();
}

}  // namespace croft::test
