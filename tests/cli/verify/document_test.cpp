#include "verify_fixture.h"

#include <sys/stat.h>

namespace croft::cli::verify::test {
namespace {

/// A document beside its signature, judged by what this computer has seen of its publisher.
using Document = Documents;

TEST_F(Document, IsTakenFromItsRoleAlone) {
    const std::string next = write(publisher.catalogue(6));
    EXPECT_EQ(code(put("daily.json", next, {&publisher.daily})), ExitCode::done);
    EXPECT_EQ(code(put("beacon.json", next, {&publisher.beacon_key})), ExitCode::unknown_key);
    EXPECT_EQ(code(put("root.json", next, {&publisher.root1, &publisher.root2})),
              ExitCode::unknown_key);
    EXPECT_EQ(code(put("stranger.json", next, {&publisher.stranger})), ExitCode::unknown_key);
    EXPECT_EQ(code(put("nobody.json", next, {})), ExitCode::no_signature);
}

TEST_F(Document, NeedsAsManyKeysAsItsRoleAsksFor) {
    const std::string root = write(publisher.successor());
    EXPECT_EQ(code(put("one.json", root, {&publisher.root1})), ExitCode::no_signature);
    EXPECT_EQ(code(put("two.json", root, {&publisher.root1, &publisher.root2})), ExitCode::done);
}

TEST_F(Document, IsRefusedWhereItIsOlderExpiredOrAnother) {
    EXPECT_EQ(code(put("old.json", write(publisher.catalogue(4)), {&publisher.daily})),
              ExitCode::outdated);
    catalog::Catalogue other = publisher.catalogue(5);
    other.created -= std::chrono::hours(1);
    EXPECT_EQ(code(put("other.json", write(other), {&publisher.daily})), ExitCode::revoked);
    catalog::Catalogue expired = publisher.catalogue(6);
    expired.expires = TestPublisher::now - std::chrono::hours(1);
    const auto path = put("expired.json", write(expired), {&publisher.daily});
    EXPECT_EQ(code(path), ExitCode::outdated);
    trusted = {};
    trusted.keys = {publisher.daily.key()};
    EXPECT_EQ(code(path), ExitCode::outdated) << "by a key, too";
}

TEST_F(Document, IsReadStrictlyHoweverItIsWritten) {
    std::string document = write(publisher.catalogue(6));
    document.insert(document.find("created"), "\xff");
    EXPECT_EQ(reason(put("c.json", document, {&publisher.daily})), "json_utf8");
    trusted = {};
    trusted.keys = {publisher.daily.key()};
    EXPECT_EQ(reason(folder.path() / "c.json"), "json_utf8");
}

TEST_F(Document, IsRevokedWhereItsKeyIs) {
    trust::PublicKey nameless = publisher.stranger.key();
    nameless.id = {};
    trusted.publishers.front().state.publisher.revoked.push_back({nameless, 1, "stolen"});
    EXPECT_EQ(code(put("c.json", write(publisher.catalogue(6)), {&publisher.stranger})),
              ExitCode::revoked);
    EXPECT_EQ(code(put("letter.txt", "dear all", {&publisher.stranger})), ExitCode::revoked);
}

TEST_F(Document, IsJudgedByWhoseKeySignedItNotByWhoseKeyIdItBears) {
    bundle::KnownPublisher impostor{"AAA", trusted.publishers.front().state};
    impostor.state.id = {trust::sha256("another")};
    impostor.state.publisher.release.keys.front().ed25519 = publisher.stranger.key().ed25519;
    trusted.publishers.insert(trusted.publishers.begin(), impostor);
    const auto path = put("c.json", write(publisher.catalogue(6)), {&publisher.daily});
    EXPECT_EQ(code(path), ExitCode::done);
    write(path, write(publisher.catalogue(7)));
    EXPECT_EQ(code(path), ExitCode::bad_signature);
}

TEST_F(Document, OfNoTypeOfOursIsJudgedByTheReleaseRole) {
    EXPECT_EQ(code(put("letter.txt", "dear all", {&publisher.daily})), ExitCode::done);
    EXPECT_EQ(code(put("by-beacon.txt", "dear all", {&publisher.beacon_key})),
              ExitCode::unknown_key);
    write(folder.path() / "letter.txt", "dear none");
    EXPECT_EQ(code(folder.path() / "letter.txt"), ExitCode::bad_signature);
}

TEST_F(Document, ByAFeedIsBelievedOnlyIfTheFeedIs) {
    ASSERT_TRUE(
        bundle::write_signed(folder.path() / "feed", "publisher.1.json", publisher.chain.front()));
    ASSERT_TRUE(bundle::write_signed(
        folder.path() / "feed", "catalogue.json",
        TestPublisher::sign(write(publisher.catalogue(5)), {&publisher.daily})));
    const auto path = put("next.json", write(publisher.catalogue(6)), {&publisher.daily});
    options.feed = folder.path() / "feed";
    EXPECT_EQ(code(path), ExitCode::done);

    trusted.keys = {publisher.stranger.key()};
    EXPECT_EQ(code(path), ExitCode::unknown_key) << "-P holds beside --feed";
    trusted.keys = {publisher.daily.key()};
    EXPECT_EQ(code(path), ExitCode::done);
    options.signature = put("bogus", "x", {}).native();
    EXPECT_EQ(code(path), ExitCode::bad_signature) << "--sig holds beside --feed";
    options.signature.clear();

    trusted.publishers.clear();
    EXPECT_EQ(code(path), ExitCode::unknown_key) << "a key does not vouch for a publisher";
    trusted.keys.clear();
    EXPECT_EQ(code(path), ExitCode::unknown_key) << "a feed never vouches for itself";
}

TEST_F(Document, IsNeverAPipe) {
    const fs::path pipe = folder.path() / "pipe";
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    write(pipe.native() + ".minisig", publisher.daily.sign("x"));
    EXPECT_EQ(reason(pipe), "not_a_file");
}

}  // namespace
}  // namespace croft::cli::verify::test
