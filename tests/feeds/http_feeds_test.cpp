// Feeds that are followed over HTTP: what is asked for, when, and what comes of it.

#include "feeds/feeds_fixture.h"
#include "feeds/http_server.h"
#include "feeds/http_source_impl.h"
#include "feeds/source_impl.h"
#include "feeds/walk_impl.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace croft::feeds {
namespace {

using namespace test;

using namespace std::chrono_literals;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Field;

class HttpFeeds : public FeedsTest {
protected:
    const std::string base = "https://mirror.example/feed/";
    const PublisherId example = croft::test::vector_publisher;

    void show(const std::string& vector) {
        fetcher->files.clear();
        serve(vector_feed(vector), base);
    }

    static std::string uri(const std::vector<std::string>& feeds,
                           const PublisherId& anchor = croft::test::vector_publisher) {
        catalog::FollowUri made;
        made.salt = "croft/1";
        made.name = "Example";
        made.publisher = anchor;
        made.feeds = feeds;
        made.peers = {"127.0.0.1:6881"};
        return made.text();
    }
};

TEST_F(HttpFeeds, FollowsByUriAndBelievesItsAnchor) {
    show("feed-58");
    ASSERT_EQ(follow(uri({base})), example);
    const Publisher followed = publisher(example);
    EXPECT_TRUE(followed.confirmed);
    EXPECT_THAT(followed.peers, ElementsAre("127.0.0.1:6881"));
    EXPECT_THAT(followed.sources, ElementsAre(base, "https://archive.example/feed/"))
        << "also where the publisher says it is";
    EXPECT_EQ(version_of(followed), 58U);
    EXPECT_EQ(followed.state->publisher_signatures.at(0).size(), 2U) << "two of three roots";
}

TEST_F(HttpFeeds, RefusesSomebodyElseThanTheAnchor) {
    show("feed-58");
    EXPECT_FALSE(follow(uri({base}, PublisherId{trust::sha256("another")})));
    EXPECT_TRUE(feeds->publishers().empty());
    EXPECT_EQ(follow(uri({})).error().reason, "no_feed_address");
}

TEST_F(HttpFeeds, AsksOnlyForChangesAfterwards) {
    show("feed-58");
    ASSERT_TRUE(follow(base));
    ASSERT_EQ(check(example), false);
    fetcher->requests.clear();
    ASSERT_EQ(check(example), false);
    std::vector<std::string> asked;
    for (const auto& request : fetcher->requests)
        if (request.url.starts_with(base)) asked.push_back(request.url.substr(base.size()));
    EXPECT_THAT(asked, ElementsAre("catalogue.json", "publisher.3.json", "beacon.json"));
    EXPECT_FALSE(fetcher->requests_for("catalogue.json").front().etag.empty());
}

TEST_F(HttpFeeds, ChecksServerWithoutEtagsToo) {
    fetcher->has_etags = false;
    show("feed-57");
    ASSERT_TRUE(follow(base));
    EXPECT_EQ(check(example), false);
    EXPECT_EQ(check(example), false);
    show("feed-58");
    EXPECT_EQ(check(example), true);
    EXPECT_EQ(version_of(publisher(example)), 58U);
}

TEST_F(HttpFeeds, WalksTheRotationsThatAreNew) {
    now = TestPublisher::now;
    TestPublisher signer;
    serve(write_feed(signer.feed(signer.catalogue(1))), base);
    ASSERT_TRUE(follow(base));
    signer.rotate(signer.successor());
    signer.rotate(signer.successor());
    serve(write_feed(signer.feed(signer.catalogue(2))), base);
    fetcher->requests.clear();
    EXPECT_EQ(check(signer.id()), true);
    EXPECT_EQ(publisher(signer.id()).state->publisher.version, 3U);
    EXPECT_TRUE(fetcher->requests_for("publisher.1.json").empty());
}

TEST_F(HttpFeeds, CapsEveryDocumentBeforeReading) {
    show("feed-58");
    ASSERT_TRUE(follow(base));
    const auto cap = [&](const char* name) { return fetcher->requests_for(name).at(0).cap_bytes; };
    EXPECT_EQ(cap("catalogue.json"), 8U << 20);
    EXPECT_EQ(cap("publisher.1.json"), 64U << 10);
    EXPECT_EQ(cap("beacon.json"), 4U << 10);
    EXPECT_LE(cap("catalogue.json.minisig"), 16U << 10);

    fetcher->files[base + "catalogue.json"] = std::string(100'000'000, ' ');
    fetcher->requests.clear();
    EXPECT_EQ(refusal_of(example), "too_large");
    EXPECT_EQ(fetcher->requests_for(base + "catalogue.json").size(), 1U)
        << "no second look at what is too large";
}

TEST_F(HttpFeeds, LooksPastCachesAtPairThatDoesNotFit) {
    show("feed-57");
    ASSERT_TRUE(follow(base));
    const auto newer = croft::test::signed_vector("docs/feed-58/catalogue.json");
    fetcher->files[base + "catalogue.json"] = newer.document;  // a cache holds the old signature
    bool past_caches = false;
    fetcher->on_request = [&](const FetchRequest& request) {
        if (!request.no_cache || past_caches) return;
        past_caches = true;
        fetcher->files[base + "catalogue.json.minisig"] = newer.signatures.front();
        fetcher->files.erase(base + "beacon.json");
    };
    EXPECT_EQ(check(example), true);
    EXPECT_TRUE(past_caches);
    EXPECT_EQ(database->lines("refused"), 0U);
}

TEST_F(HttpFeeds, TakesTheHighestOfAllSourcesAndBearsSilentOnes) {
    show("feed-57");
    serve(vector_feed("feed-58"), "https://other.example/");
    ASSERT_TRUE(follow(uri({base, "https://other.example/", "https://silent.example/"})));
    fetcher->errors["https://silent.example/catalogue.json"] =
        Error{Errc::unavailable, "unreachable", "nobody there"};
    run_until(loop, [&] { return version_of(publisher(example)) == 58; });
    EXPECT_EQ(check(example), false) << "one source is good";
    EXPECT_EQ(version_of(publisher(example)), 58U);
    EXPECT_FALSE(publisher(example).last_error);
}

TEST_F(HttpFeeds, TellsWhyNoSourceAnswers) {
    show("feed-58");
    ASSERT_TRUE(follow(base));
    fetcher->errors[base + "catalogue.json"] =
        Error{Errc::unavailable, "http_status", "the server answers 502"};
    const auto checked = check(example);
    EXPECT_EQ(checked.error().code, Errc::unavailable);
    EXPECT_EQ(publisher(example).last_error->reason, "http_status");
    EXPECT_EQ(database->lines("refused"), 0U) << "silence is no refusal";
    EXPECT_EQ(version_of(publisher(example)), 58U);
}

TEST_F(HttpFeeds, ReachesIntoPrivateNetworkOnlyWhereTheUserPointed) {
    const auto reach = [&](const char* host, GivenBy given_by, bool allowed = false) {
        Options with = options;
        with.allow_private_addresses = allowed;
        return reach_of(host, given_by, with);
    };
    EXPECT_EQ(reach("192.168.1.7", GivenBy::user), Reach::given_host);
    EXPECT_EQ(reach("nas.local", GivenBy::user), Reach::given_host);
    EXPECT_EQ(reach("archive.example", GivenBy::user), Reach::internet) << "DNS may lie";
    EXPECT_EQ(reach("192.168.1.7", GivenBy::publisher), Reach::internet);
    EXPECT_EQ(reach("localhost", GivenBy::publisher), Reach::internet);
    EXPECT_EQ(reach("archive.example", GivenBy::publisher, true), Reach::anywhere);
}

TEST_F(HttpFeeds, DoesNotLetPublisherPointAtOurOwnDisksAndServices) {
    now = TestPublisher::now;
    TestPublisher signer;
    signer.first.feeds = {"http://127.0.0.1:7400/", "https://archive.example/?a=b"};
    signer.chain = {
        TestPublisher::sign(catalog::write(signer.first), {&signer.root1, &signer.root2})};
    serve(write_feed(signer.feed(signer.catalogue(1))), base);
    ASSERT_TRUE(follow(base));
    EXPECT_THAT(publisher(signer.id()).sources, ElementsAre(base, "http://127.0.0.1:7400/"));
    ASSERT_TRUE(check(signer.id()));
    EXPECT_THAT(fetcher->requests_for("7400/catalogue.json"),
                Each(Field(&FetchRequest::reach, Reach::internet)));
}

TEST_F(HttpFeeds, FollowsOverTheRealWire) {
    test::RawServer server(test::replying([](const std::string& head) {
        const auto file = read_file(vector_feed("feed-58").native() + test::path_of(head), 1 << 20);
        return file ? test::ok(*file)
                    : std::string("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
    }));
    const auto curl = make_curl_fetcher(loop, {});
    feeds = std::make_unique<Feeds>(
        loop, pool, *database, *curl, [this] { return now; }, options,
        std::vector<store::Follow>());
    ASSERT_EQ(follow(server.url("/")), example);
    const auto got = await<Result<std::shared_ptr<const ReleaseDocuments>>>(loop, [&](auto then) {
        feeds->fetch_release(example, {"demo", 2}, then);
    });
    ASSERT_TRUE(got) << got.error().message;
    EXPECT_EQ((*got)->torrent.name, "demo-2");
    feeds.reset();
}

/// The rules that keep one hostile server from taking time and memory from everybody else.
class HostileServer : public HttpFeeds {
protected:
    HostileServer() {
        options.look_deadline = 300ms;
        end();
        begin();
        show("feed-57");
        EXPECT_TRUE(follow(base));
        fetcher->requests.clear();
    }
    std::size_t asked_for(std::string_view part) const {
        return static_cast<std::size_t>(
            std::ranges::count_if(fetcher->requests, [&](const FetchRequest& request) {
                return request.url.find(part) != std::string::npos;
            }));
    }
};

TEST_F(HostileServer, IsAskedForNothingBehindAPublisherDocumentThatIsNotSigned) {
    const std::string many_keys = croft::test::read_vector("docs/feed-58/publisher.2.json") + "\n";
    for (int version = 3; version < 40; ++version)
        fetcher->files[base + "publisher." + std::to_string(version) + ".json"] = many_keys;
    EXPECT_EQ(refusal_of(example), "no_signature");
    EXPECT_EQ(asked_for("publisher.4.json"), 0U);
    // Twice, since it may be in the middle of being published: the document, and beside it only
    // what the keys that we know could have signed.
    const auto& known = publisher(example).state->publisher;
    EXPECT_EQ(asked_for("publisher.3.json"),
              2 * (2 + known.root.keys.size() + known.revoked.size()));
    EXPECT_EQ(version_of(publisher(example)), 57U);
}

TEST_F(HostileServer, IsLeftWhereALookTakesTooLong) {
    serve(vector_feed("feed-57"), "https://archive.example/feed/");
    fetcher->silent = "beacon.json";
    const auto checked = check(example);
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.error().reason, "too_slow");
    EXPECT_EQ(checked.error().code, Errc::unavailable);
    fetcher->silent.clear();
    EXPECT_TRUE(check(example));
}

TEST_F(HostileServer, IsLeftWhereItShowsMoreThanAFeedMayHave) {
    options.look_bytes = 1'000;
    restart();
    show("feed-58");
    EXPECT_EQ(refusal_of(example), "too_large");
    EXPECT_EQ(version_of(publisher(example)), 57U);
}

TEST_F(HostileServer, IsAskedOnBehalfOfItsPublisherAlone) {
    EXPECT_TRUE(check(example));
    EXPECT_THAT(fetcher->requests, Each(Field(&FetchRequest::party, example.hex())));
}

TEST(Signers, AreTheKeysOfTheRoleAndNoOthers) {
    const auto first = read_first(croft::test::read_vector("docs/feed-58/publisher.1.json"));
    ASSERT_TRUE(first) << first.error().message;
    EXPECT_EQ(signer_ids(first->root, *first).size(),
              first->root.keys.size() + first->revoked.size());
    auto crowded = *first;
    crowded.root.keys.clear();
    for (int i = 0; i < 100; ++i) {
        auto key = first->release.keys.front();
        key.id.bytes[0] = static_cast<std::uint8_t>(i);
        crowded.root.keys.push_back(key);
    }
    EXPECT_EQ(signer_ids(crowded.root, crowded).size(), 64U);
}

TEST(Walk, GoesOnOnlyWhereEnoughRootKeysHaveSigned) {
    TestPublisher signer;
    signer.rotate(signer.successor());
    const auto first = read_first(signer.chain.at(0).document);
    ASSERT_TRUE(first) << first.error().message;
    const auto next = read_next(*first, signer.chain.at(1));
    ASSERT_TRUE(next) << next.error().message;
    EXPECT_EQ(next->version, 2U);
    auto unsigned_one = signer.chain.at(1);
    unsigned_one.signatures.clear();
    EXPECT_FALSE(read_next(*first, unsigned_one));
    EXPECT_FALSE(read_next(*first, {signer.chain.at(1).document, signer.chain.at(0).signatures}));
}

}  // namespace
}  // namespace croft::feeds
