#include "bundle/scan.h"

#include "bundle/vectors.h"
#include "testing/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace croft::bundle {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class Scanning : public testing::Test {
protected:
    std::vector<std::string> paths() {
        std::vector<std::string> paths;
        const auto found = scan(folder_.path());
        for (const auto& file : found.value().files)
            paths.push_back(file.path);
        return paths;
    }
    test::TemporaryFolder folder_;
};

TEST_F(Scanning, ListsFilesByPathWithTheirSizes) {
    test::spill(folder_.path() / "b/two", "22");
    test::spill(folder_.path() / "b.txt", "1");
    test::spill(folder_.path() / "a/deep/er/file", "");
    EXPECT_THAT(paths(), ElementsAre("a/deep/er/file", "b.txt", "b/two"));
    EXPECT_EQ(scan(folder_.path())->files.at(2).size, 2U);
}

TEST_F(Scanning, FollowsNoSymlinkNeitherToAFileNorToAFolder) {
    test::spill(folder_.path() / "real/file", "1");
    std::filesystem::create_symlink("real", folder_.path() / "folder");
    std::filesystem::create_symlink("real/file", folder_.path() / "link");
    std::filesystem::create_symlink("/", folder_.path() / "out");
    const auto found = scan(folder_.path());
    ASSERT_TRUE(found);
    EXPECT_EQ(found->files.size(), 1U);
    EXPECT_THAT(found->symlinks, ElementsAre("folder", "link", "out"));
}

TEST_F(Scanning, OpensNoFifo) {
    ASSERT_EQ(::mkfifo((folder_.path() / "fifo").c_str(), 0600), 0);
    EXPECT_THAT(scan(folder_.path())->specials, ElementsAre("fifo"));
}

TEST_F(Scanning, GivesNamesAsTheFileSystemHasThem) {
    test::spill(folder_.path() / "not utf-8: \xff\n", "1");
    EXPECT_THAT(paths(), ElementsAre("not utf-8: \xff\n"));
}

TEST_F(Scanning, NamesWhatItMayNotRead) {
    if (::geteuid() == 0) GTEST_SKIP() << "root may read everything";
    test::spill(folder_.path() / "secret/file", "1");
    test::spill(folder_.path() / "locked", "1");
    ::chmod((folder_.path() / "secret").c_str(), 0);
    ::chmod((folder_.path() / "locked").c_str(), 0);
    const auto found = scan(folder_.path());
    ::chmod((folder_.path() / "secret").c_str(), 0700);
    ASSERT_TRUE(found);
    EXPECT_THAT(found->unreadable, ElementsAre("locked", "secret"));
    EXPECT_THAT(found->files, IsEmpty());
}

TEST_F(Scanning, ThePathsAloneAreOfEverythingThatIsNoFolder) {
    test::spill(folder_.path() / "b/two", "22");
    test::spill(folder_.path() / "a/deep/er/file", "");
    std::filesystem::create_directory(folder_.path() / "empty");
    std::filesystem::create_symlink("b", folder_.path() / "link");
    ASSERT_EQ(::mkfifo((folder_.path() / "fifo").c_str(), 0600), 0);
    EXPECT_THAT(list_paths(folder_.path()).value(),
                ElementsAre("a/deep/er/file", "b/two", "fifo", "link"));
}

TEST_F(Scanning, AnswersWhereThereIsNoFolder) {
    test::spill(folder_.path() / "file", "1");
    EXPECT_EQ(scan(folder_.path() / "absent").error().code, Errc::not_found);
    EXPECT_FALSE(scan(folder_.path() / "file"));
    EXPECT_EQ(list_paths(folder_.path() / "absent").error().code, Errc::not_found);
}

}  // namespace
}  // namespace croft::bundle
