#include "cli/publish/names.h"

#include "base/text.h"
#include "catalog/path_rule.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace croft::publish {
namespace {

std::vector<NamedFile> name(std::vector<std::string> paths) {
    std::vector<bundle::Scanned::File> files;
    for (auto& path : paths)
        files.push_back({std::move(path), 1, 0});
    return name_files(files);
}

std::vector<std::string> paths_of(const std::vector<NamedFile>& files) {
    std::vector<std::string> paths;
    for (const auto& file : files)
        paths.push_back(file.path);
    return paths;
}

TEST(Names, LeavesSafeOnesAsTheyAre) {
    const auto files = name({"b/Étude.txt", "a.txt"});
    EXPECT_EQ(paths_of(files), (std::vector<std::string>{"a.txt", "b/Étude.txt"}));
    EXPECT_EQ(write_names(files), "");
}

TEST(Names, GivesOursToNobodyElse) {
    auto paths = paths_of(name({"SHA256SUMS", "sha256sums.minisig", "Croft-Names.TSV/a",
                                "ro-crate-metadata.json", "deep/SHA256SUMS", "x"}));
    for (const auto own : {sums_name, sums_signature_name, crate_name, names_name})
        paths.emplace_back(own);
    const auto checked = catalog::check_paths(paths);
    EXPECT_TRUE(checked) << checked.error().message;
    EXPECT_EQ(std::count(paths.begin(), paths.end(), "deep/SHA256SUMS"), 1)
        << "below the top it is nobody's";
}

TEST(Names, AreWrittenSortedWithTheirOriginalsEscaped) {
    const auto text = write_names(name({"tab\there", "line\nbreak", "back\\slash", "good"}));
    std::vector<std::string> lines;
    for (const auto line : split(text, '\n'))
        lines.emplace_back(line);
    ASSERT_EQ(lines.size(), 4U) << text;
    EXPECT_EQ(lines.back(), "");
    lines.pop_back();
    EXPECT_TRUE(std::is_sorted(lines.begin(), lines.end()));
    for (const char* original : {"tab\\there", "line\\nbreak", "back\\\\slash"}) {
        EXPECT_NE(text.find(std::string("\t") + original + "\n"), std::string::npos) << text;
    }
}

}  // namespace
}  // namespace croft::publish
