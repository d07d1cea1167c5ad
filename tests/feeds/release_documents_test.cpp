#include "feeds/feeds_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace croft::feeds {
namespace {

using namespace test;

using Documents = Result<std::shared_ptr<const ReleaseDocuments>>;

class ReleaseDocumentsFetch : public FeedsTest {
protected:
    void SetUp() override {
        std::filesystem::copy(vector_feed("feed-58"), feed,
                              std::filesystem::copy_options::recursive);
        serve(feed, mirror);
        ASSERT_TRUE(follow(feed));
        FollowRequest also;
        also.source = mirror;
        ASSERT_TRUE(follow(also));
        fetcher->requests.clear();
    }

    Documents fetch(const catalog::ReleaseName& release) {
        return await<Documents>(
            loop, [&](auto then) { feeds->fetch_release(example, release, std::move(then)); });
    }

    void replace(const std::string& name, const std::string& bytes) {
        ASSERT_TRUE(write_file(feed / name, bytes));
        fetcher->files[mirror + name] = bytes;
    }

    const std::filesystem::path feed = folder.path() / "feed";
    const std::string mirror = "https://mirror.example/";
    const PublisherId example = croft::test::vector_publisher;
    const catalog::ReleaseName demo{"demo", 2};
};

TEST_F(ReleaseDocumentsFetch, TakesThemFromTheOwnDiskFirst) {
    const auto got = fetch(demo);
    ASSERT_TRUE(got) << got.error().message;
    const auto& documents = **got;
    EXPECT_EQ(documents.release.release, demo);
    EXPECT_EQ(documents.torrent.id, documents.release.torrent.btmh);
    EXPECT_EQ(documents.torrent.files.size(), documents.release.files.size());
    EXPECT_EQ(documents.release_bytes.document,
              croft::test::read_vector("docs/feed-58/releases/demo-2.json"));
    EXPECT_EQ(documents.release_bytes.signatures.size(), 1U);
    EXPECT_TRUE(fetcher->requests_for("demo-2.json").empty());
}

TEST_F(ReleaseDocumentsFetch, GoesOnToTheNextSourceAndAsksForExactSizes) {
    ASSERT_TRUE(write_file(feed / "torrents/demo-2.torrent", "spoilt"));
    const auto got = fetch(demo);
    ASSERT_TRUE(got) << got.error().message;
    EXPECT_EQ(fetcher->requests_for("releases/demo-2.json").at(0).cap_bytes, 2607U);
    EXPECT_EQ(fetcher->requests_for("torrents/demo-2.torrent").at(0).cap_bytes, 2113U);
}

TEST_F(ReleaseDocumentsFetch, RefusesTorrentThatDiffersFromItsRelease) {
    const auto genuine = croft::test::read_vector("docs/feed-58/torrents/demo-2.torrent");
    const auto other = croft::test::read_vector("docs/feed-58/torrents/demo-1.torrent");
    auto flipped = genuine;
    flipped[genuine.size() / 2] ^= 1;
    for (const auto& torrent : {other, flipped, genuine.substr(1), genuine + "x", std::string()}) {
        replace("torrents/demo-2.torrent", torrent);
        EXPECT_FALSE(fetch(demo));
    }
    replace("torrents/demo-2.torrent", other);
    const auto refused = fetch(demo);
    EXPECT_EQ(refused.error().code, Errc::damaged) << refused.error().message;
    EXPECT_THAT(database->journal.back().message, ::testing::HasSubstr("demo-2"));
    EXPECT_EQ(database->journal.back().kind, "refused");
}

TEST_F(ReleaseDocumentsFetch, RefusesReleaseThatTheCatalogueDoesNotName) {
    auto edited = croft::test::read_vector("docs/feed-58/releases/demo-2.json");
    edited[edited.find("Test data")] = 'B';
    replace("releases/demo-2.json", edited);
    EXPECT_EQ(fetch(demo).error().code, Errc::bad_signature);
    replace("releases/demo-2.json", croft::test::read_vector("docs/feed-58/releases/demo-1.json"));
    EXPECT_FALSE(fetch(demo));
    replace("releases/demo-2.json", std::string(100'000, ' '));
    EXPECT_EQ(fetch(demo).error().reason, "too_large");
}

TEST_F(ReleaseDocumentsFetch, TellsWhatIsNotThere) {
    EXPECT_EQ(fetch({"demo", 1}).error().reason, "no_such_release") << "no longer offered";
    EXPECT_EQ(fetch({"nothing", 1}).error().code, Errc::not_found);
    std::filesystem::remove(feed / "torrents/demo-2.torrent");
    fetcher->files.erase(mirror + "torrents/demo-2.torrent");
    EXPECT_EQ(fetch(demo).error().code, Errc::not_found);
}

TEST_F(ReleaseDocumentsFetch, NeedsNoSignatureWhereTheCatalogueVouches) {
    std::filesystem::remove(feed / "releases/demo-2.json.minisig");
    const auto got = fetch(demo);
    ASSERT_TRUE(got) << got.error().message;
    EXPECT_TRUE((*got)->release_bytes.signatures.empty());
}

}  // namespace
}  // namespace croft::feeds
