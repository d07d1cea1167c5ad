#include "trust/keyring.h"

#include "testing/signer.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

namespace croft::trust {
namespace {

const test::Signer a(1), b(2), c(3), stranger(9);

std::vector<Signature> signatures_of(std::string_view document,
                                     std::initializer_list<const test::Signer*> signers) {
    std::vector<Signature> signatures;
    for (const auto* signer : signers)
        signatures.push_back(Signature::parse(signer->sign(document)).value());
    return signatures;
}

const Keyring two_of_three({a.key(), b.key(), c.key()}, 2);

TEST(Keyring, AcceptsEnoughDistinctKeysAndNamesThem) {
    const auto verified = two_of_three.verify("text", signatures_of("text", {&c, &a, &stranger}));
    ASSERT_TRUE(verified) << verified.error().message;
    EXPECT_EQ(verified->document(), "text");
    EXPECT_EQ(verified->signers(), (std::vector{a.key(), c.key()}));
    EXPECT_EQ(verified->trusted_comment(), "for tests");
}

TEST(Keyring, CountsAKeyOnceHoweverOftenItSigned) {
    const auto refused = two_of_three.verify("text", signatures_of("text", {&a, &a, &a}));
    EXPECT_EQ(refused.error().code, Errc::no_signature);
    EXPECT_EQ(refused.error().reason, "repeated_signer");
    EXPECT_EQ(two_of_three.verify("text", signatures_of("text", {&a})).error().reason,
              "below_threshold");
}

TEST(Keyring, CountsAKeyOnceHoweverOftenItIsListedUnderOtherIds) {
    PublicKey renamed = a.key();
    renamed.id = b.key().id;
    auto signatures = signatures_of("text", {&a, &a});
    signatures[1].key_id = renamed.id;
    const Keyring ring({a.key(), renamed}, 2);
    EXPECT_EQ(ring.verify("text", signatures).error().reason, "below_threshold");
}

TEST(Keyring, FindsTheRightOneOfTwoKeysWithOneId) {
    PublicKey twin = b.key();
    twin.id = a.key().id;
    EXPECT_TRUE(Keyring({twin, a.key()}, 1).verify("text", signatures_of("text", {&a})));
}

TEST(Keyring, RefusesGravestFirst) {
    auto mixed = signatures_of("text", {&a, &stranger});
    EXPECT_EQ(two_of_three.verify("text", mixed).error().code, Errc::no_signature);
    mixed.push_back(Signature::parse(b.sign("other text")).value());
    EXPECT_EQ(two_of_three.verify("text", mixed).error().code, Errc::bad_signature);
    EXPECT_EQ(two_of_three.verify("text", signatures_of("text", {&stranger})).error().code,
              Errc::unknown_key);
    EXPECT_EQ(two_of_three.verify("text", {}).error().code, Errc::no_signature);
}

TEST(Keyring, IsNotStoppedByASpoiltSignatureWhereEnoughAreGood) {
    auto signatures = signatures_of("text", {&a, &b});
    signatures.insert(signatures.begin(), Signature::parse(c.sign("other")).value());
    EXPECT_TRUE(two_of_three.verify("text", signatures));
}

TEST(Keyring, WithoutKeysOrThresholdTrustsNobody) {
    EXPECT_FALSE(Keyring().verify("text", signatures_of("text", {&a})));
    EXPECT_FALSE(Keyring({}, 0).verify("text", signatures_of("text", {&a})));
    EXPECT_FALSE(Keyring({a.key()}, 0).verify("text", {}));
    EXPECT_FALSE(Keyring({a.key()}, 0).verify("text", signatures_of("text", {&b})));
}

TEST(Keyring, ShowsNoTrustedCommentThatCouldDeceive) {
    const Keyring ring({a.key()}, 1);
    const auto comment = [&](const std::string& text) {
        const Signature signature = Signature::parse(a.sign("text", text)).value();
        return ring.verify("text", std::span(&signature, 1)).value().trusted_comment();
    };
    EXPECT_EQ(comment("timestamp:1\tfile:étude"), "timestamp:1\tfile:étude");
    EXPECT_EQ(comment("\x1b[2J"), "");
    EXPECT_EQ(comment("a\u202eb"), "");
    EXPECT_EQ(comment("\xff"), "");
}

TEST(Pinned, TakesOnlyTheBytesOfThatHash) {
    EXPECT_EQ(pinned("text", sha256("text")).value().document(), "text");
    EXPECT_TRUE(pinned("text", sha256("text")).value().signers().empty());
    const auto refused = pinned("text ", sha256("text"));
    EXPECT_EQ(refused.error().code, Errc::bad_signature);
    EXPECT_EQ(refused.error().reason, "hash_mismatch");
}

RC_GTEST_PROP(KeyringProperty, AcceptsExactlyWhereEnoughOfItsKeysSigned,
              (const std::string& text)) {
    const auto numbers =
        *rc::gen::container<std::vector<std::uint8_t>>(rc::gen::inRange<std::uint8_t>(1, 8));
    const auto threshold = *rc::gen::inRange<std::size_t>(1, 4);
    std::vector<PublicKey> keys;
    for (std::uint8_t number = 1; number < 5; ++number)
        keys.push_back(test::Signer(number).key());
    std::vector<Signature> signatures;
    std::set<std::uint8_t> ours;
    for (const auto number : numbers) {
        signatures.push_back(Signature::parse(test::Signer(number).sign(text)).value());
        if (number < 5) ours.insert(number);
    }
    const auto verified = Keyring(keys, threshold).verify(text, signatures);
    RC_ASSERT(verified.has_value() == (ours.size() >= threshold));
}

}  // namespace
}  // namespace croft::trust
