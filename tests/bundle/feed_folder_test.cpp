#include "bundle/feed_folder.h"

#include "bundle/vectors.h"
#include "testing/signer.h"
#include "testing/temporary_folder.h"
#include "trust/keyring.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <thread>

namespace croft::bundle {
namespace {

using testing::ElementsAre;
using testing::SizeIs;
namespace fs = std::filesystem;

TEST(Layout, NamesEverythingAsTheFormatSays) {
    const catalog::ReleaseName wiki{"wiki", 57};
    EXPECT_EQ(layout::publisher(2), "publisher.2.json");
    EXPECT_EQ(layout::release(wiki), "releases/wiki-57.json");
    EXPECT_EQ(layout::sums(wiki), "releases/wiki-57.SHA256SUMS");
    EXPECT_EQ(layout::torrent(wiki), "torrents/wiki-57.torrent");
    EXPECT_EQ(layout::bundle(wiki), "bundles/wiki-57");
    EXPECT_EQ(layout::signature("beacon.json"), "beacon.json.minisig");
    const Sha256 id = Sha256::from_hex("0123456789abcdef" + std::string(48, '0')).value();
    EXPECT_EQ(layout::publisher_folder({id}), "0123456789abcdef");
}

// The files below were signed with stock minisign: `publisher.1.json` by two keys.
const fs::path feed = fs::path(CROFT_TEST_SOURCE) / "data/vectors/docs/feed-58";

class FeedFolder : public testing::Test {
protected:
    void write(const std::string& name, std::string_view content) {
        test::spill(folder_.path() / name, content);
    }
    Result<catalog::SignedBytes> read(const std::string& name, std::size_t cap = 100) {
        return read_signed(folder_.path(), name, cap);
    }
    test::TemporaryFolder folder_;
};

TEST_F(FeedFolder, ReadsADocumentWithTheSignaturesBesideIt) {
    write("x.json", "document");
    write("x.json.minisig", "first");
    write("x.json.0123456789ABCDEF.minisig", "second");
    const auto signed_bytes = read("x.json");
    ASSERT_TRUE(signed_bytes);
    EXPECT_EQ(signed_bytes->document, "document");
    EXPECT_THAT(signed_bytes->signatures, ElementsAre("first", "second"));
}

TEST_F(FeedFolder, TakesNothingElseForASignature) {
    write("x.json", "document");
    write("x.json.minisig.bak", "");
    write("x.json.old.minisig", "");
    write("x.json.0123456789abcdef.minisig", "");
    write("x.json2.minisig", "");
    write("xx.json.minisig", "");
    write("x.json.0123456789ABCDEF.0123456789ABCDEF.minisig", "");
    EXPECT_THAT(read("x.json")->signatures, SizeIs(0));
}

TEST_F(FeedFolder, ReadsNoMoreSignaturesThanAnybodyNeeds) {
    write("x.json", "document");
    write("x.json.minisig", std::string(20'000, 'x'));
    for (int i = 0; i < 100; ++i) {
        char name[64];
        std::snprintf(name, sizeof name, "x.json.%016X.minisig", unsigned(i));
        write(name, "s");
    }
    EXPECT_THAT(read("x.json")->signatures, SizeIs(63));
}

TEST_F(FeedFolder, RefusesADocumentAboveItsCapAndSaysWhereThereIsNone) {
    write("x.json", std::string(101, 'x'));
    EXPECT_EQ(read("x.json").error().reason, "too_large");
    EXPECT_EQ(read("y.json").error().code, Errc::not_found);
}

TEST_F(FeedFolder, ReadsAWholeFeed) {
    const auto read = read_feed(feed);
    ASSERT_TRUE(read) << read.error().message;
    ASSERT_THAT(read->publishers, SizeIs(2));
    EXPECT_THAT(read->publishers.at(0).signatures, SizeIs(2));
    EXPECT_THAT(read->catalogue.signatures, SizeIs(1));
    ASSERT_TRUE(read->beacon);
    EXPECT_EQ(read->beacon->document, test::slurp(feed / "beacon.json"));
    EXPECT_THAT(read_feed(feed, 2)->publishers, SizeIs(1));
    EXPECT_THAT(read_feed(feed, 3)->publishers, SizeIs(0));
}

TEST_F(FeedFolder, NeedsACatalogueButNoBeacon) {
    write("catalogue.json", "c");
    EXPECT_EQ(read_feed(folder_.path())->beacon, std::nullopt);
    fs::remove(folder_.path() / "catalogue.json");
    EXPECT_EQ(read_feed(folder_.path()).error().code, Errc::not_found);
}

TEST_F(FeedFolder, WritesWhatItReads) {
    const auto publisher = read_signed(feed, "publisher.1.json", 100'000).value();
    ASSERT_TRUE(write_signed(folder_.path() / "deep/er", "publisher.1.json", publisher));
    const auto again = read_signed(folder_.path() / "deep/er", "publisher.1.json", 100'000).value();
    EXPECT_EQ(again.document, publisher.document);
    EXPECT_EQ(again.signatures, publisher.signatures);
}

TEST_F(FeedFolder, LeavesNoSignatureOfAnOlderDocument) {
    const auto publisher = read_signed(feed, "publisher.1.json", 100'000).value();
    ASSERT_TRUE(write_signed(folder_.path(), "x.json", publisher));
    const auto catalogue = read_signed(feed, "catalogue.json", 100'000).value();
    ASSERT_TRUE(write_signed(folder_.path(), "x.json", catalogue));
    EXPECT_EQ(read("x.json", 100'000)->signatures, catalogue.signatures);
}

TEST_F(FeedFolder, KilledWhileItReplacesADocumentLeavesOneThatVerifies) {
    const test::Signer first(1), second(2);
    const trust::Keyring ring({first.key(), second.key()}, 2);
    const auto signed_by_both = [&](const std::string& document) {
        return catalog::SignedBytes{document, {first.sign(document), second.sign(document)}};
    };
    const catalog::SignedBytes old = signed_by_both("old"), next = signed_by_both("new");
    ASSERT_TRUE(write_signed(folder_.path(), "x.json", old));
    for (int round = 0; round < 40; ++round) {
        const pid_t child = ::fork();
        while (child == 0) {
            if (!write_signed(folder_.path(), "x.json", next)) ::_exit(1);
            if (!write_signed(folder_.path(), "x.json", old)) ::_exit(1);
        }
        std::this_thread::sleep_for(std::chrono::microseconds(300 + 397 * round));
        ::kill(child, SIGKILL);
        int status = 0;
        ::waitpid(child, &status, 0);
        ASSERT_TRUE(WIFSIGNALED(status));

        const auto left = read("x.json", 100);
        ASSERT_TRUE(left);
        std::vector<trust::Signature> signatures;
        for (const auto& text : left->signatures) {
            signatures.push_back(trust::Signature::parse(text).value());
        }
        const auto verified = ring.verify(left->document, signatures);
        ASSERT_TRUE(verified) << round << ": " << verified.error().message;
    }
    ASSERT_TRUE(write_signed(folder_.path(), "x.json", next));
    EXPECT_EQ(read("x.json")->signatures, next.signatures) << "nothing is left behind";
}

TEST_F(FeedFolder, WritesNoDocumentWithASignatureThatIsNone) {
    EXPECT_FALSE(write_signed(folder_.path(), "x.json", {"document", {"no signature"}}));
    EXPECT_FALSE(fs::exists(folder_.path() / "x.json"));
}

}  // namespace
}  // namespace croft::bundle
