#include "bundle/hash_files.h"

#include "bundle/vectors.h"
#include "testing/temporary_folder.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <filesystem>

namespace croft::bundle {
namespace {

using test::noise;
using test::sha256_of_hex;
using test::spill;

constexpr std::uint64_t kib = 1024, mib = 1024 * kib;

class HashFiles : public testing::Test {
protected:
    std::filesystem::path file(const std::string& name, std::string_view content) {
        spill(folder_.path() / name, content);
        return folder_.path() / name;
    }
    static Result<std::vector<FileHashes>> hash(const std::vector<FileToHash>& files,
                                                HashOptions options = {}) {
        if (options.piece_length == 0) options.piece_length = 32 * kib;
        return hash_files(files, options);
    }
    std::filesystem::path vector(const std::string& path) {
        return test::torrent_vectors() / "demo-1" / path;
    }
    test::TemporaryFolder folder_;
};

// Expected values: sha256sum, and `torrents.json` (roots by libtorrent and libsodium).

TEST_F(HashFiles, AgreesWithSha256sumAndLibtorrentOnAFileOfSeveralPieces) {
    const auto hashes = hash({{vector("data/big.bin"), 100'000, {}}});
    ASSERT_TRUE(hashes) << hashes.error().message;
    EXPECT_EQ(hashes->at(0).sha256.hex(),
              "1e41f01e73d9f615aded32e679587195608e27be64cabcf25079dc22f45d36f8");
    EXPECT_EQ(hashes->at(0).root->hex(),
              "3b03dba8289a91cd293ab5417ea6bd06792d5086b60fd73b61e3bd20e0bb14f1");
    EXPECT_EQ(hashes->at(0).piece_layer.size(), 4U);
    EXPECT_EQ(hashes->at(0).v1_pieces.size(), 4U);
}

TEST_F(HashFiles, AFileOfExactlyOnePieceHasARootOverItsBlocks) {
    const auto hashes = hash({{vector("data/exact.bin"), 32'768, {}}});
    ASSERT_TRUE(hashes);
    EXPECT_EQ(hashes->at(0).root->hex(),
              "7baaf74ab118ff78ed84a7adc2f18aefb988ea68e07148c83031bb382fc4f90b");
    EXPECT_EQ(hashes->at(0).sha256.hex(),
              "d9f42d91e06cca8c2e91458b6a45feb277a42d5149793136a586981349b43926");
}

TEST_F(HashFiles, OfAFileOfOneBlockRootAndSumAreTheSame) {
    const auto hashes = hash({{vector("README.txt"), 23, {}}});
    ASSERT_TRUE(hashes);
    EXPECT_EQ(hashes->at(0).root, hashes->at(0).sha256);
    EXPECT_EQ(hashes->at(0).sha256.hex(),
              "a8d5901423921b50fd7d98c0545f3c990116dd18c887e3a835afa4892c2bb44a");
}

TEST_F(HashFiles, AnEmptyFileHasASumButNoRootAndNoPiece) {
    const auto hashes = hash({{vector("empty.txt"), 0, {}}});
    ASSERT_TRUE(hashes);
    EXPECT_EQ(hashes->at(0).sha256.hex(),
              "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(hashes->at(0).root, std::nullopt);
    EXPECT_TRUE(hashes->at(0).v1_pieces.empty());
}

TEST_F(HashFiles, PadsTheLastPieceOfV1WithZeros) {
    // { printf a; head -c 32767 /dev/zero; } | sha1sum
    const auto hashes = hash({{file("a", "a"), 1, {}}});
    ASSERT_TRUE(hashes);
    EXPECT_EQ(hashes->at(0).v1_pieces.at(0).hex(), "fdcf2f34173b03d6bf14dc5cd46d385b19e0896a");
}

TEST_F(HashFiles, ManyThreadsSayWhatOneThreadSays) {
    std::vector<FileToHash> files;
    const std::size_t sizes[] = {5 * mib + 1, 0, 1, 256 * kib, 256 * kib + 1, 3 * mib, 17, 9 * mib};
    for (std::size_t i = 0; i < std::size(sizes); ++i) {
        files.push_back({file(std::to_string(i), noise(sizes[i], unsigned(i))), sizes[i], {}});
    }
    for (const std::uint64_t piece : {16 * kib, 256 * kib, 4 * mib}) {
        const auto one = hash(files, {.piece_length = piece, .threads = 1});
        const auto many = hash(files, {.piece_length = piece, .threads = 7});
        ASSERT_TRUE(one && many);
        for (std::size_t i = 0; i < files.size(); ++i) {
            EXPECT_EQ(one->at(i).sha256, many->at(i).sha256);
            EXPECT_EQ(one->at(i).root, many->at(i).root);
            EXPECT_EQ(one->at(i).piece_layer, many->at(i).piece_layer);
            EXPECT_EQ(one->at(i).v1_pieces, many->at(i).v1_pieces);
        }
    }
}

TEST_F(HashFiles, TheRootDoesNotDependOnThePieceLength) {
    const std::vector<FileToHash> files{{file("a", noise(3 * mib + 5, 1)), 3 * mib + 5, {}}};
    const auto small = hash(files, {.piece_length = 16 * kib});
    const auto large = hash(files, {.piece_length = 1 * mib});
    const auto larger = hash(files, {.piece_length = 16 * mib});
    ASSERT_TRUE(small && large && larger);
    EXPECT_EQ(small->at(0).root, large->at(0).root);
    EXPECT_EQ(small->at(0).root, larger->at(0).root);
    EXPECT_EQ(large->at(0).piece_layer.size(), 4U);
    EXPECT_TRUE(larger->at(0).piece_layer.empty());
}

TEST_F(HashFiles, CopiesWhatItReads) {
    const std::string big = noise(2 * mib + 3, 9);
    const auto to = folder_.path() / "bundle/deep/er";
    const auto hashes = hash({{file("big", big), big.size(), to / "big"},
                              {file("small", "text"), 4, to / "small"},
                              {file("none", ""), 0, to / "none"}});
    ASSERT_TRUE(hashes) << hashes.error().message;
    EXPECT_EQ(test::slurp(to / "big"), big);
    EXPECT_EQ(test::slurp(to / "small"), "text");
    EXPECT_TRUE(std::filesystem::exists(to / "none"));
}

TEST_F(HashFiles, DoesNotOverwriteACopy) {
    const auto hashes = hash({{file("a", "new"), 3, file("b", "old")}});
    EXPECT_EQ(hashes.error().code, Errc::conflict);
    EXPECT_EQ(test::slurp(folder_.path() / "b"), "old");
}

TEST_F(HashFiles, RefusesAFileOfAnotherSize) {
    for (const std::uint64_t size : {2U, 4U}) {
        const auto hashes = hash({{file("a", "abc"), size, {}}});
        EXPECT_EQ(hashes.error().code, Errc::conflict);
        EXPECT_EQ(hashes.error().reason, "file_changed");
    }
}

TEST_F(HashFiles, NoticesAFileThatIsCutOffWhileItIsRead) {
    const auto path = file("a", noise(4 * mib, 3));
    std::atomic<bool> first = true;
    const auto hashes = hash({{path, 4 * mib, {}}}, {.threads = 1, .on_bytes = [&](auto) {
                                                         if (first.exchange(false))
                                                             std::filesystem::resize_file(path, 9);
                                                     }});
    EXPECT_EQ(hashes.error().reason, "file_changed");
}

TEST_F(HashFiles, NoticesAFileThatIsWrittenWhileItIsRead) {
    const auto path = file("a", noise(4 * mib, 3));
    const auto yesterday = std::filesystem::last_write_time(path) - std::chrono::hours(24);
    const auto hashes =
        hash({{path, 4 * mib, {}}},
             {.on_bytes = [&](auto) { std::filesystem::last_write_time(path, yesterday); }});
    EXPECT_EQ(hashes.error().reason, "file_changed");
}

TEST_F(HashFiles, FollowsNoSymlinkAndWaitsForNoFifo) {
    std::filesystem::create_symlink(file("a", "abc"), folder_.path() / "link");
    EXPECT_FALSE(hash({{folder_.path() / "link", 3, {}}}));
    ASSERT_EQ(::mkfifo((folder_.path() / "fifo").c_str(), 0600), 0);
    EXPECT_EQ(hash({{folder_.path() / "fifo", 3, {}}}).error().reason, "not_a_file");
}

TEST_F(HashFiles, NamesTheFileThatIsNotThere) {
    const auto hashes = hash({{file("a", "abc"), 3, {}}, {folder_.path() / "absent", 3, {}}});
    EXPECT_EQ(hashes.error().code, Errc::not_found);
    EXPECT_NE(hashes.error().message.find("absent"), std::string::npos);
}

TEST_F(HashFiles, StopsWhenAsked) {
    std::stop_source stop;
    const auto hashes =
        hash({{file("a", noise(8 * mib, 1)), 8 * mib, {}}},
             {.on_bytes = [&](auto) { stop.request_stop(); }, .stop = stop.get_token()});
    EXPECT_EQ(hashes.error().code, Errc::cancelled);
}

TEST_F(HashFiles, TellsOfEveryByteOnce) {
    std::atomic<std::uint64_t> told = 0;
    const auto hashes = hash({{file("a", noise(3 * mib, 1)), 3 * mib, {}}, {file("b", "b"), 1, {}}},
                             {.on_bytes = [&](std::uint64_t bytes) { told += bytes; }});
    ASSERT_TRUE(hashes);
    EXPECT_EQ(told, 3 * mib + 1);
}

}  // namespace
}  // namespace croft::bundle
