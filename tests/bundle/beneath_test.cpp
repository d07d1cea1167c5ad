#include "bundle/beneath.h"

#include "bundle/vectors.h"
#include "testing/temporary_folder.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cerrno>

namespace croft::bundle {
namespace {

namespace fs = std::filesystem;

/// Both ways of opening keep the same promises.
class Beneath : public testing::TestWithParam<decltype(&open_beneath)> {
protected:
    Beneath() : folder_(::open(root_.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
        test::spill(root_.path() / "file", "top");
        test::spill(root_.path() / "a/b/file", "deep");
    }
    int errno_of(const std::string& relative) {
        errno = 0;
        return GetParam()(folder_, relative, O_RDONLY) ? 0 : errno;
    }
    test::TemporaryFolder root_;
    Descriptor folder_;
};

TEST_P(Beneath, OpensWhatIsThere) {
    EXPECT_EQ(errno_of("file"), 0);
    EXPECT_EQ(errno_of("a/b/file"), 0);
    EXPECT_EQ(errno_of("."), 0);
}

TEST_P(Beneath, TellsWhatIsMissing) {
    EXPECT_EQ(errno_of("absent"), ENOENT);
    EXPECT_EQ(errno_of("absent/file"), ENOENT);
    EXPECT_EQ(errno_of("file/file"), ENOTDIR);
}

TEST_P(Beneath, FollowsNoSymlinkNowhere) {
    fs::create_symlink("file", root_.path() / "link");
    fs::create_symlink("a", root_.path() / "folder");
    EXPECT_EQ(errno_of("link"), ELOOP);
    EXPECT_EQ(errno_of("folder/b/file"), ELOOP);
}

TEST_P(Beneath, DoesNotLeaveTheFolder) {
    EXPECT_EQ(errno_of("a/../../etc/passwd"), EXDEV);
    EXPECT_EQ(errno_of(".."), EXDEV);
    EXPECT_NE(errno_of("/etc/passwd"), 0);
}

TEST_P(Beneath, WaitsForNoFifo) {
    ASSERT_EQ(::mkfifo((root_.path() / "fifo").c_str(), 0600), 0);
    EXPECT_EQ(errno_of("fifo"), 0);
}

INSTANTIATE_TEST_SUITE_P(Ways, Beneath, testing::Values(&open_beneath, &walk_beneath),
                         [](const auto& way) { return way.index == 0 ? "openat2" : "walk"; });

}  // namespace
}  // namespace croft::bundle
