#include "bundle/check.h"

#include "bundle/tree.h"
#include "bundle/vectors.h"
#include "testing/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <filesystem>

namespace croft::bundle {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
namespace fs = std::filesystem;

/// A bundle's folder, its torrent and its release.
struct Bundle {
    explicit Bundle(const fs::path& folder) {
        entries = test::hash_tree(folder, 32768);
        bytes = make_torrent("demo-1", 32768, entries);
        torrent = parse_torrent(bytes).value();
        release = test::release_of(torrent, bytes, entries);
    }
    std::vector<Sum> sums() const {
        std::vector<Sum> sums;
        for (const auto& entry : entries)
            sums.push_back({entry.path, entry.hashes.sha256});
        return sums;
    }
    std::vector<TorrentFileEntry> entries;
    std::string bytes;
    Torrent torrent;
    catalog::Release release;
};

void flip(const fs::path& path, std::size_t at) {
    std::string content = test::slurp(path);
    content[at] = static_cast<char>(content[at] ^ 1);
    test::spill(path, content);
}

class CheckFolder : public testing::Test {
protected:
    CheckFolder() : path_(copy_demo(folder_.path() / "demo-1")), bundle_(path_) {}

    static fs::path copy_demo(const fs::path& to) {
        fs::copy(test::torrent_vectors() / "demo-1", to, fs::copy_options::recursive);
        return to;
    }
    Checked check(bool sums = false) {
        return check_folder(path_, bundle_.release, bundle_.torrent, {.sums = sums}).value();
    }
    Checked check_by_sums() { return check_folder(path_, bundle_.sums(), {}).value(); }

    test::TemporaryFolder folder_;
    fs::path path_;
    Bundle bundle_;
};

TEST_F(CheckFolder, FindsAnUntouchedFolderWhole) {
    for (const Checked& checked : {check(), check(true), check_by_sums()}) {
        EXPECT_TRUE(checked.is_whole());
        EXPECT_EQ(checked.files, 8U);
        EXPECT_EQ(checked.bytes, 249182U);
    }
}

TEST_F(CheckFolder, NamesTheOneFileWithAFlippedBit) {
    flip(path_ / "data/big.bin", 99'999);
    for (const Checked& checked : {check(), check(true), check_by_sums()}) {
        EXPECT_THAT(checked.damaged, ElementsAre("data/big.bin"));
        EXPECT_THAT(checked.missing, IsEmpty());
        EXPECT_EQ(checked.files, 7U);
    }
}

TEST_F(CheckFolder, NamesAFileThatIsTooShortOrTooLong) {
    fs::resize_file(path_ / "data/one.bin", 0);
    fs::resize_file(path_ / "empty.txt", 1);
    EXPECT_THAT(check().damaged, ElementsAre("data/one.bin", "empty.txt"));
    EXPECT_THAT(check_by_sums().damaged, ElementsAre("data/one.bin", "empty.txt"));
}

TEST_F(CheckFolder, NamesWhatIsMissingAndWhatIsExtra) {
    fs::rename(path_ / "README.txt", path_ / "ReadMe.txt");
    fs::remove_all(path_ / "papers");
    EXPECT_THAT(check().missing, ElementsAre("README.txt", "papers/étude.txt"));
    EXPECT_THAT(check().extra, ElementsAre("ReadMe.txt"));
    EXPECT_THAT(check_by_sums().extra, ElementsAre("ReadMe.txt"));
}

TEST_F(CheckFolder, AFileWhereAFolderShouldBeLeavesItsFilesMissing) {
    fs::remove_all(path_ / "papers");
    test::spill(path_ / "papers", "");
    EXPECT_THAT(check().missing, ElementsAre("papers/étude.txt"));
    EXPECT_THAT(check().extra, ElementsAre("papers"));
}

TEST_F(CheckFolder, TakesNoSymlinkForAFileNotEvenToTheRightContent) {
    fs::rename(path_ / "README.txt", folder_.path() / "README.txt");
    fs::create_symlink(folder_.path() / "README.txt", path_ / "README.txt");
    fs::rename(path_ / "papers", folder_.path() / "papers");
    fs::create_symlink(folder_.path() / "papers", path_ / "papers");
    EXPECT_THAT(check().damaged, ElementsAre("README.txt", "papers/étude.txt"));
    EXPECT_THAT(check().extra, ElementsAre("papers"));
}

TEST_F(CheckFolder, WaitsForNoFifo) {
    fs::remove(path_ / "README.txt");
    ASSERT_EQ(::mkfifo((path_ / "README.txt").c_str(), 0600), 0);
    ASSERT_EQ(::mkfifo((path_ / "other").c_str(), 0600), 0);
    EXPECT_THAT(check().damaged, ElementsAre("README.txt"));
    EXPECT_THAT(check().extra, ElementsAre("other"));
}

TEST_F(CheckFolder, IgnoresThePadFilesOfOtherClientsAtTheTopOnly) {
    test::spill(path_ / ".pad/123", "000");
    EXPECT_TRUE(check().is_whole());
    test::spill(path_ / "data/.pad/123", "000");
    EXPECT_THAT(check().extra, ElementsAre("data/.pad/123"));
}

TEST_F(CheckFolder, ByItsSumsTheListAndItsSignatureAreNotExtra) {
    test::spill(path_ / "SHA256SUMS", write_sums(bundle_.sums()));
    test::spill(path_ / "SHA256SUMS.minisig", "x");
    EXPECT_TRUE(check_by_sums().is_whole());
    EXPECT_THAT(check().extra, ElementsAre("SHA256SUMS", "SHA256SUMS.minisig"));
}

TEST_F(CheckFolder, CatchesAPublisherWhoseSumsAndRootsDisagree) {
    bundle_.release.files.at(1).sha256.bytes[0] ^= 1;
    EXPECT_TRUE(check().is_whole());
    EXPECT_EQ(check(true).damaged.size(), 1U);
}

TEST_F(CheckFolder, ReportsNothingOfAFolderThatIsNotThere) {
    const auto checked = check_folder(folder_.path() / "absent", bundle_.sums(), {});
    EXPECT_EQ(checked.error().code, Errc::not_found);
}

TEST_F(CheckFolder, StopsWhenAsked) {
    std::stop_source stop;
    stop.request_stop();
    const auto checked = check_folder(path_, bundle_.sums(), {.stop = stop.get_token()});
    EXPECT_EQ(checked.error().code, Errc::cancelled);
}

TEST_F(CheckFolder, TellsHowFarItIs) {
    std::atomic<std::uint64_t> told = 0;
    const CheckOptions options{.on_bytes = [&](std::uint64_t bytes) { told += bytes; }};
    ASSERT_TRUE(check_folder(path_, bundle_.release, bundle_.torrent, options));
    EXPECT_EQ(told, 249182U);
}

/// Above 10,000 files the release names none: sizes and roots are the torrent's.
class CheckFolderOfMany : public CheckFolder {
protected:
    CheckFolderOfMany() {
        const std::string text = write_sums(bundle_.sums());
        test::spill(path_ / "SHA256SUMS", text);
        bundle_ = Bundle(path_);
        bundle_.release.files.clear();
        bundle_.release.files_list = {"SHA256SUMS", trust::sha256(text), text.size()};
    }
};

TEST_F(CheckFolderOfMany, GoesByTheTorrent) {
    EXPECT_TRUE(check().is_whole());
    flip(path_ / "data/block.bin", 5);
    fs::remove(path_ / "data/one.bin");
    EXPECT_THAT(check().damaged, ElementsAre("data/block.bin"));
    EXPECT_THAT(check().missing, ElementsAre("data/one.bin"));
}

TEST_F(CheckFolderOfMany, TakesSumsFromTheSignedListInTheFolder) {
    std::vector<Sum> sums = bundle_.sums();
    std::erase_if(sums, [](const Sum& sum) { return sum.path == "SHA256SUMS"; });
    sums.front().sha256.bytes[0] ^= 1;
    const std::string lying = write_sums(sums);
    test::spill(path_ / "SHA256SUMS", lying);
    bundle_ = Bundle(path_);
    bundle_.release.files.clear();
    bundle_.release.files_list = {"SHA256SUMS", trust::sha256(lying), lying.size()};
    EXPECT_TRUE(check().is_whole());
    EXPECT_THAT(check(true).damaged, ElementsAre(sums.front().path));
}

TEST_F(CheckFolderOfMany, ALostListIsMissingAndTheRestIsStillChecked) {
    fs::remove(path_ / "SHA256SUMS");
    flip(path_ / "data/block.bin", 5);
    EXPECT_THAT(check(true).missing, ElementsAre("SHA256SUMS"));
    EXPECT_THAT(check(true).damaged, ElementsAre("data/block.bin"));
}

RC_GTEST_PROP(CheckFolderProperty, AnyTreeIsWholeAndAnyFlippedBitIsFound, ()) {
    const test::TemporaryFolder folder;
    const auto count = *rc::gen::inRange<std::size_t>(1, 12);
    std::vector<std::string> paths;
    for (std::size_t i = 0; i < count; ++i) {
        const auto size = *rc::gen::element<std::size_t>(1, 2, 16383, 16384, 16385, 32768, 50'000,
                                                         262'144, 262'145, 700'000);
        paths.push_back((i % 3 == 0 ? "" : "folder-" + std::to_string(i % 3) + "/") +
                        std::to_string(i));
        test::spill(folder.path() / paths.back(), test::noise(size, unsigned(i)));
    }
    const Bundle bundle(folder.path());
    RC_ASSERT(matches(bundle.torrent, bundle.bytes, bundle.release).has_value());
    RC_ASSERT(
        check_folder(folder.path(), bundle.release, bundle.torrent, {.sums = true})->is_whole());

    const std::string victim = *rc::gen::elementOf(paths);
    const auto size = fs::file_size(folder.path() / victim);
    flip(folder.path() / victim, *rc::gen::inRange<std::size_t>(0, size));
    const auto checked = check_folder(folder.path(), bundle.release, bundle.torrent, {});
    RC_ASSERT(checked->damaged == std::vector{victim});
    RC_ASSERT(checked->missing.empty() && checked->extra.empty());
}

}  // namespace
}  // namespace croft::bundle
