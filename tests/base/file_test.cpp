#include "base/file.h"

#include "testing/temporary_folder.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace croft {
namespace {

class FileTest : public testing::Test {
protected:
    const test::TemporaryFolder folder_;
    const std::filesystem::path file_ = folder_.path() / "document.json";
};

TEST_F(FileTest, ReplacesContentAndLeavesNoTemporaryBehind) {
    ASSERT_TRUE(write_file(file_, "old"));
    ASSERT_TRUE(write_file(file_, "new", 0600));
    EXPECT_EQ(read_file(file_, 100).value(), "new");
    struct stat status {};
    ASSERT_EQ(::stat(file_.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600U);
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_.path()), {}), 1);
}

TEST_F(FileTest, RefusesToReadMoreThanTheCap) {
    ASSERT_TRUE(write_file(file_, "12345"));
    EXPECT_EQ(read_file(file_, 5).value(), "12345");
    EXPECT_EQ(read_file(file_, 4).error().reason, "too_large");
}

TEST_F(FileTest, RefusesFifoInsteadOfWaitingForIt) {
    ASSERT_EQ(::mkfifo(file_.c_str(), 0600), 0);
    EXPECT_EQ(read_file(file_, 5).error().reason, "not_a_file");
}

TEST_F(FileTest, SaysNotFoundForWhatIsNotThere) {
    EXPECT_EQ(read_file(file_, 5).error().code, Errc::not_found);
    EXPECT_EQ(write_file(folder_.path() / "no" / "x", "").error().code, Errc::not_found);
}

TEST_F(FileTest, LocksOnceAndNamesTheHolder) {
    const auto first = lock_file(file_);
    ASSERT_TRUE(first);
    const auto second = lock_file(file_);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, Errc::conflict);
    EXPECT_NE(second.error().message.find(std::to_string(::getpid())), std::string::npos);
}

}  // namespace
}  // namespace croft
