#include "catalog/follower.h"
#include "testing/feed_vectors.h"
#include "testing/test_publisher.h"

#include <gtest/gtest.h>

#include <set>

// Every document of the vectors that a follower of feed-58 must refuse, each with the code that
// decides the exit code, and with a reason of its own.
namespace croft::catalog {
namespace {

struct Refused {
    const char* document;
    Errc code;
    const char* reason;
};

constexpr Refused documents[] = {
    {"catalogue-58-other-content", Errc::equivocation, "equivocation"},
    {"catalogue-59-bad-utf8", Errc::malformed, "json_utf8"},
    {"catalogue-59-bom", Errc::malformed, "json_bom"},
    {"catalogue-59-duplicate-key", Errc::malformed, "json_duplicate"},
    {"catalogue-59-expired", Errc::expired, "expired"},
    {"catalogue-59-signed-by-mallory", Errc::unknown_key, "unknown_signer"},
    {"catalogue-59-signed-by-revoked-rel1", Errc::revoked_key, "revoked_signer"},
    {"catalogue-59-type-release", Errc::malformed, "member_missing"},
    {"catalogue-59-wrong-publisher", Errc::conflict, "other_publisher"},
    {"catalogue-version-2e53", Errc::malformed, "json_integer_range"},
    {"catalogue-version-float", Errc::malformed, "json_float"},
    {"publisher-3-one-old-root", Errc::no_signature, "below_threshold"},
    {"publisher-3-same-key-twice", Errc::no_signature, "repeated_signer"},
    {"publisher-3-wrong-previous", Errc::conflict, "forked_history"},
    {"publisher-4-skips-3", Errc::conflict, "version_gap"},
    {"release-path-absolute", Errc::malformed, "path_absolute"},
    {"release-path-backslash", Errc::malformed, "path_backslash"},
    {"release-path-bidi", Errc::malformed, "path_bidi"},
    {"release-path-casefold-duplicate", Errc::malformed, "path_casefold"},
    {"release-path-device", Errc::malformed, "path_device"},
    {"release-path-dotdot", Errc::malformed, "path_dotdot"},
    {"release-path-empty-component", Errc::malformed, "path_empty_component"},
    {"release-path-long", Errc::malformed, "path_component_long"},
    {"release-path-not-nfc", Errc::malformed, "path_not_nfc"},
    {"release-path-nul", Errc::malformed, "path_nul"},
    {"release-path-pad", Errc::malformed, "path_pad"},
    {"release-path-trailing-space", Errc::malformed, "path_trailing_space"},
};

class JudgeTest : public testing::Test {
protected:
    Outcome judge(const SignedBytes& bytes, Time now = test::vector_day) const {
        return judge_document(state, bytes, now);
    }
    Outcome judge(const std::string& path, Time now = test::vector_day) const {
        return judge(test::signed_vector("docs/" + path), now);
    }
    const FollowerState state = test::followed_vector("feed-58");
};

TEST_F(JudgeTest, RefusesEveryNegativeVectorWithItsOwnReason) {
    for (const Refused& expected : documents) {
        const auto judged = judge(std::string("neg/") + expected.document + ".json");
        ASSERT_FALSE(judged) << expected.document;
        EXPECT_EQ(judged.error().code, expected.code) << expected.document;
        EXPECT_EQ(judged.error().reason, expected.reason) << expected.document;
        EXPECT_FALSE(judged.error().message.empty());
    }
}

TEST_F(JudgeTest, KnowsEveryNegativeVectorThatThereIs) {
    std::set<std::string> listed, there, reasons;
    for (const Refused& expected : documents) {
        listed.insert(expected.document);
        reasons.insert(expected.reason);
    }
    for (const auto& entry :
         std::filesystem::directory_iterator(test::vector_folder() / "docs/neg")) {
        if (entry.path().extension() == ".json") there.insert(entry.path().stem());
    }
    EXPECT_EQ(listed, there);
    EXPECT_EQ(reasons.size(), 27U);
}

TEST_F(JudgeTest, AcceptsEveryDocumentOfTheFeedItself) {
    for (const auto* document : {"publisher.1.json", "publisher.2.json", "catalogue.json",
                                 "beacon.json", "releases/demo-1.json", "releases/demo-2.json"}) {
        const auto judged = judge(std::string("feed-58/") + document);
        EXPECT_TRUE(judged) << document << ": " << judged.error().message;
    }
}

TEST_F(JudgeTest, RefusesTheStateBeforeAndAcceptsTheOneAfter) {
    const auto older = judge("feed-57/catalogue.json");
    EXPECT_EQ(older.error().code, Errc::rollback);
    EXPECT_EQ(judge("feed-57/beacon.json").error().code, Errc::rollback);

    const auto before = test::followed_vector("feed-57");
    const auto newer = test::signed_vector("docs/feed-58/catalogue.json");
    EXPECT_TRUE(judge_document(before, newer, test::vector_day));
}

TEST_F(JudgeTest, RefusesWhatHasExpired) {
    const Time later = *parse_utc("2028-01-01T00:00:00Z");
    for (const auto* document : {"publisher.2.json", "catalogue.json", "beacon.json"}) {
        EXPECT_EQ(judge(std::string("feed-58/") + document, later).error().code, Errc::expired)
            << document;
    }
    EXPECT_TRUE(judge("feed-58/releases/demo-2.json", later));
}

TEST_F(JudgeTest, TakesAReleaseThatTheCatalogueNamesWhoeverSignedIt) {
    auto release = test::signed_vector("docs/feed-58/releases/demo-2.json");
    release.signatures =
        test::signed_vector("docs/neg/catalogue-59-signed-by-mallory.json").signatures;
    EXPECT_TRUE(judge(release));
    release.signatures.clear();
    EXPECT_TRUE(judge(release));
    release.document += " ";
    EXPECT_EQ(judge(release).error().code, Errc::no_signature);
}

TEST_F(JudgeTest, RefusesADocumentThatItsSignersMayNotSign) {
    const auto beacon_key_file = test::signed_vector("docs/feed-58/beacon.json");
    FollowerState swapped = state;
    std::swap(swapped.publisher.release, swapped.publisher.beacon);
    const auto judged = judge_document(swapped, beacon_key_file, test::vector_day);
    EXPECT_EQ(judged.error().code, Errc::unknown_key);
    EXPECT_EQ(judged.error().reason, "wrong_role");
}

TEST_F(JudgeTest, AcceptsNothingWithABitFlippedOrCutOff) {
    for (const auto* name : {"publisher.1.json", "publisher.2.json", "catalogue.json",
                             "beacon.json", "releases/demo-1.json", "releases/demo-2.json"}) {
        const auto good = test::signed_vector(std::string("docs/feed-58/") + name);
        // Every bit of one document is flipped in tests/trust; here some bits of all of them.
        for (std::size_t bit = 0; bit < 8 * good.document.size(); bit += 31) {
            SignedBytes flipped = good;
            flipped.document[bit / 8] =
                static_cast<char>(flipped.document[bit / 8] ^ (1 << (bit % 8)));
            ASSERT_FALSE(judge(flipped)) << name << " bit " << bit;
        }
        for (std::size_t length = 0; length < good.document.size(); length += 37) {
            SignedBytes cut = good;
            cut.document.resize(length);
            ASSERT_FALSE(judge(cut)) << name << " cut to " << length;
        }
    }
}

// What a file that is none of our documents is judged by: the release role.
class JudgeFileTest : public testing::Test {
protected:
    Outcome judge(std::initializer_list<const test::Signer*> signers) const {
        SignedFile file{trust::Blake2b::of(content), {}, {}};
        for (const auto* signer : signers)
            file.signatures.push_back(signer->sign(content));
        return judge_file(state, file, test::TestPublisher::now);
    }
    static Errc code(const Outcome& outcome) { return outcome.error().code; }

    const std::string content = "a photograph";
    const test::TestPublisher publisher;
    FollowerState state = publisher.begin();
};

TEST_F(JudgeFileTest, TakesContentFromTheReleaseRoleAlone) {
    EXPECT_TRUE(judge({&publisher.daily}));
    EXPECT_EQ(code(judge({&publisher.beacon_key})), Errc::unknown_key);
    EXPECT_EQ(code(judge({&publisher.root1, &publisher.root2})), Errc::unknown_key);
    EXPECT_EQ(code(judge({&publisher.stranger})), Errc::unknown_key);
    EXPECT_EQ(code(judge({})), Errc::no_signature);
}

TEST_F(JudgeFileTest, HoldsContentToTheThreshold) {
    state.publisher.release = {2, {publisher.daily.key(), publisher.root1.key()}};
    EXPECT_EQ(judge({&publisher.daily}).error().reason, "below_threshold");
    EXPECT_EQ(judge({&publisher.daily, &publisher.daily}).error().reason, "repeated_signer");
    EXPECT_TRUE(judge({&publisher.daily, &publisher.root1}));
}

TEST_F(JudgeFileTest, TellsARevokedKeyFromAnUnknownOne) {
    trust::PublicKey nameless = publisher.stranger.key();
    nameless.id = {};
    state.publisher.revoked.push_back({nameless, 1, "stolen"});
    EXPECT_EQ(code(judge({&publisher.stranger})), Errc::revoked_key);
    state.publisher.revoked.front().key = publisher.daily.key();
    EXPECT_EQ(code(judge({&publisher.daily})), Errc::revoked_key);
}

TEST_F(JudgeFileTest, LetsWhoseKeysReallySignedDecide) {
    const auto of = [](Errc code, std::string reason) -> Outcome {
        return tl::unexpected(Error{code, std::move(reason), ""});
    };
    const Outcome valid, expired = of(Errc::expired, "expired"),
                         failed = of(Errc::bad_signature, "document_changed"),
                         unknown = of(Errc::unknown_key, "unknown_signer"),
                         misused = of(Errc::unknown_key, "wrong_role");
    const Outcome* falling[] = {&valid, &expired, &failed, &unknown};
    for (std::size_t i = 0; i + 1 < std::size(falling); ++i) {
        EXPECT_TRUE(outweighs(*falling[i], *falling[i + 1])) << i;
        EXPECT_FALSE(outweighs(*falling[i + 1], *falling[i])) << i;
    }
    EXPECT_TRUE(outweighs(misused, failed));
}

TEST_F(JudgeFileTest, KnowsADocumentHoweverBadlyItIsWritten) {
    for (const char* name : {"neg/catalogue-59-bad-utf8", "neg/catalogue-59-bom",
                             "neg/catalogue-version-float", "feed-58/beacon"}) {
        EXPECT_TRUE(means_to_be_document(test::read_vector(std::string("docs/") + name + ".json")))
            << name;
    }
    for (const char* other : {"", "# the type \"croft.catalogue/1\"\n", "{\"type\": 5}", "{"}) {
        EXPECT_FALSE(means_to_be_document(other)) << other;
    }
}

TEST(JudgeAlone, HoldsADocumentToItsTimeAndARootDocumentToItsThreshold) {
    const test::TestPublisher publisher;
    const auto judge = [&](const SignedBytes& bytes, const test::Signer& believed, Time now) {
        const auto signature = trust::Signature::parse(bytes.signatures.front());
        const auto verified =
            trust::Keyring({believed.key()}, 1).verify(bytes.document, std::span(&*signature, 1));
        return judge_document(verified.value(), bytes, now);
    };
    const Time now = test::TestPublisher::now;
    const auto catalogue =
        test::TestPublisher::sign(write(publisher.catalogue(1)), {&publisher.daily});
    EXPECT_TRUE(judge(catalogue, publisher.daily, now));
    EXPECT_EQ(judge(catalogue, publisher.daily, now + std::chrono::days(91)).error().code,
              Errc::expired);
    SignedBytes root = publisher.chain.front();
    EXPECT_TRUE(judge(root, publisher.root1, now));
    root.signatures.resize(1);
    EXPECT_EQ(judge(root, publisher.root1, now).error().reason, "below_threshold");
}

TEST_F(JudgeTest, RefusesAReleaseOfWhichAFileWasWithdrawn) {
    FollowerState newer = state;
    const auto bytes = test::signed_vector("docs/feed-58/releases/demo-2.json");
    const auto release = accept_release(state, {"demo", 2}, bytes.document).value();
    newer.catalogue->withdrawn.push_back(
        {{}, release.files.front().sha256, WithdrawalReason::malware, test::vector_day});
    for (const bool is_signed : {true, false}) {
        SignedBytes given = bytes;
        if (!is_signed) given.signatures.clear();
        const auto judged = judge_document(newer, given, test::vector_day);
        EXPECT_EQ(judged.error().code, Errc::withdrawn);
        EXPECT_EQ(judged.error().reason, "file_withdrawn");
    }
}

}  // namespace
}  // namespace croft::catalog
