#include "catalog/follower.h"
#include "testing/test_publisher.h"

#include <gtest/gtest.h>

#include <functional>

// The attacks that The Update Framework lists (https://theupdateframework.io/docs/security/), each
// tried on a follower that holds catalogue 5 of an honest publisher.
namespace croft::catalog {
namespace {

using test::TestPublisher;
constexpr Time now = TestPublisher::now;

struct Attack {
    const char* name;
    std::function<FeedBytes(const TestPublisher&)> feed;
    Errc code;
    const char* reason;
};

FeedBytes by(const TestPublisher& publisher, const Catalogue& catalogue,
             const test::Signer& signer) {
    return {publisher.chain, TestPublisher::sign(write(catalogue), {&signer}), {}};
}

const Attack attacks[] = {
    {"arbitrary content: a catalogue of one's own",
     [](const TestPublisher& p) { return by(p, p.catalogue(6), p.stranger); }, Errc::unknown_key,
     "unknown_signer"},
    {"arbitrary content: a signed catalogue, changed on the way",
     [](const TestPublisher& p) {
         FeedBytes feed = p.feed(p.catalogue(6));
         feed.catalogue.document[40] ^= 1;
         return feed;
     },
     Errc::bad_signature, "document_changed"},
    {"arbitrary content: no signature at all",
     [](const TestPublisher& p) {
         FeedBytes feed = p.feed(p.catalogue(6));
         feed.catalogue.signatures.clear();
         return feed;
     },
     Errc::no_signature, "no_signature"},
    {"rollback: an older catalogue, genuine",
     [](const TestPublisher& p) { return p.feed(p.catalogue(4)); }, Errc::rollback, "rollback"},
    {"freeze: a beacon that knows of news which the mirror keeps back",
     [](const TestPublisher& p) {
         FeedBytes feed = p.feed(p.catalogue(6));
         feed.beacon = TestPublisher::sign(write(p.beacon(9, p.catalogue(7))), {&p.beacon_key});
         return feed;
     },
     Errc::unavailable, "catalogue_behind"},
    {"mix and match: the beacon of one catalogue beside another of that number",
     [](const TestPublisher& p) {
         FeedBytes feed = p.feed(p.catalogue(6));
         auto other = p.catalogue(6);
         other.final = true;
         feed.beacon = TestPublisher::sign(write(p.beacon(9, other)), {&p.beacon_key});
         return feed;
     },
     Errc::conflict, "beacon_mismatch"},
    {"mix and match: another publisher's catalogue, by the same key",
     [](const TestPublisher& p) {
         auto foreign = p.catalogue(6);
         foreign.publisher.hash.bytes[0] ^= 1;
         return p.feed(foreign);
     },
     Errc::conflict, "other_publisher"},
    {"mix and match: one document given for another, by a key that may sign both",
     [](const TestPublisher& p) {
         const std::string release = "{\"type\": \"croft.release/1\"}";
         return FeedBytes{p.chain, TestPublisher::sign(release, {&p.daily}), {}};
     },
     Errc::malformed, "wrong_type"},
    {"wrong key: the beacon's, kept online, signs a catalogue",
     [](const TestPublisher& p) { return by(p, p.catalogue(6), p.beacon_key); }, Errc::unknown_key,
     "unknown_signer"},
    {"wrong key: the release key rotates the roots",
     [](const TestPublisher& p) {
         FeedBytes feed = p.feed(p.catalogue(6));
         feed.publishers.push_back(TestPublisher::sign(write(p.successor()), {&p.daily}));
         return feed;
     },
     Errc::unknown_key, "unknown_signer"},
    {"key compromise below the threshold: one root key rotates the roots",
     [](const TestPublisher& p) {
         FeedBytes feed = p.feed(p.catalogue(6));
         feed.publishers.push_back(TestPublisher::sign(write(p.successor()), {&p.root1}));
         return feed;
     },
     Errc::no_signature, "below_threshold"},
    {"fast-forward: a version from which there is no going on",
     [](const TestPublisher& p) { return p.feed(p.catalogue((1ULL << 53) - 1)); }, Errc::conflict,
     "version_jump"},
    {"endless data: a catalogue above its cap",
     [](const TestPublisher& p) {
         FeedBytes feed = p.feed(p.catalogue(6));
         feed.catalogue.document += std::string(Catalogue::size_cap, ' ');
         return feed;
     },
     Errc::malformed, "too_large"},
    {"endless data: a root document above its cap",
     [](const TestPublisher& p) {
         FeedBytes feed = p.feed(p.catalogue(6));
         const std::string bytes = write(p.successor()) + std::string(Publisher::size_cap, ' ');
         feed.publishers.push_back(TestPublisher::sign(bytes, {&p.root1, &p.root2}));
         return feed;
     },
     Errc::malformed, "too_large"},
    {"extraneous dependencies: what the document calls critical is unknown to us",
     [](const TestPublisher& p) {
         std::string bytes = write(p.catalogue(6));
         bytes.replace(1, 0, "\n \"critical\": [\"needs\"],\n \"needs\": \"other-6\",");
         return FeedBytes{p.chain, TestPublisher::sign(bytes, {&p.daily}), {}};
     },
     Errc::malformed, "critical_unknown"},
    {"equivocation: another catalogue of the same version",
     [](const TestPublisher& p) {
         auto other = p.catalogue(5);
         other.final = true;
         return p.feed(other);
     },
     Errc::equivocation, "equivocation"},
};

TEST(Attacks, AreRefusedEachWithItsCodeAndReason) {
    const TestPublisher publisher;
    const auto held = accept(publisher.begin(), publisher.feed(publisher.catalogue(5)), now);
    ASSERT_TRUE(held) << held.error().message;
    for (const Attack& attack : attacks) {
        const auto accepted = accept(held->state, attack.feed(publisher), now);
        ASSERT_FALSE(accepted) << attack.name;
        EXPECT_EQ(accepted.error().code, attack.code) << attack.name;
        EXPECT_EQ(accepted.error().reason, attack.reason) << attack.name;
    }
    EXPECT_TRUE(accept(held->state, publisher.feed(publisher.catalogue(6)), now));
}

// The longest silence that a mirror can pass off as calm is the catalogue's own time.
TEST(Attacks, FreezingIsSeenWhenTheCataloguesTimeIsOver) {
    const TestPublisher publisher;
    const auto feed = publisher.feed(publisher.catalogue(5));
    const auto state = accept(publisher.begin(), feed, now)->state;
    EXPECT_FALSE(accept(state, feed, now + std::chrono::days(89))->stale);
    EXPECT_TRUE(accept(state, feed, now + std::chrono::days(91))->stale);
}

}  // namespace
}  // namespace croft::catalog
