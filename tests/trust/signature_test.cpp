#include "trust/signature.h"

#include "testing/signer.h"
#include "testing/vectors.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace croft::trust {
namespace {

const std::string good = test::read_vector("minisign/doc.json.k1.minisig");
const std::string document = test::read_vector("minisign/doc.json");
const PublicKey k1 = PublicKey::parse(test::read_vector("minisign/k1.pub")).value();

std::string reason_of(std::string_view signature) {
    const auto parsed = Signature::parse(signature);
    return parsed ? "none" : parsed.error().reason;
}

/// `good` with its n-th line replaced.
std::string with_line(std::size_t number, std::string_view text) {
    std::string result = good;
    std::size_t start = 0;
    while (number-- > 0)
        start = result.find('\n', start) + 1;
    return result.replace(start, result.find('\n', start) - start, text);
}

TEST(PublicKey, ReadsALineOrAFileAndWritesTheSameLine) {
    const std::string line = "RWSaRBYDPZ+/alwvRjlPtiXLXoMNVr72H62VbkiByLan5dSN8Mnor7tf";
    EXPECT_EQ(k1.minisign(), line);
    EXPECT_EQ(PublicKey::parse(line).value(), k1);
    EXPECT_EQ(PublicKey::parse(line + "\r\n").value(), k1);
    EXPECT_EQ(k1.id.text(), "6ABF9F3D0316449A");  // as `minisign -G` printed it
    EXPECT_EQ(k1.hex(), "5c2f46394fb625cb5e830d56bef61fad956e4881c8b6a7e5d48df0c9e8afbb5f");
}

TEST(PublicKey, RefusesWhatIsNone) {
    const auto refusal = [](std::string_view text) {
        return PublicKey::parse(text).error().reason;
    };
    EXPECT_EQ(refusal(""), "key_base64");
    EXPECT_EQ(refusal("RWSaRBYDPZ+/alwvRjlPtiXLXoMNVr72H62VbkiByLan5dSN8Mnor7t"), "key_base64");
    EXPECT_EQ(refusal("RWSaRBYDPZ+/alwvRjlPtiXLXoMNVr72H62VbkiByLan5dSN8Mnor7tf "), "key_base64");
    EXPECT_EQ(refusal("RUSaRBYDPZ+/alwvRjlPtiXLXoMNVr72H62VbkiByLan5dSN8Mnor7tf"), "key_algorithm");
    EXPECT_EQ(refusal(std::string(2000, 'x') + "\n" + k1.minisign() + "\n"), "key_lines");
}

TEST(PublicKey, IsEqualByItsBytesNotByItsFreelyChosenId) {
    PublicKey renamed = k1;
    renamed.id = KeyId{};
    EXPECT_EQ(renamed, k1);
    renamed.ed25519[0] ^= 1;
    EXPECT_NE(renamed, k1);
}

TEST(Signature, ReadsWhatMinisignWrote) {
    const auto signature = Signature::parse(good);
    ASSERT_TRUE(signature) << signature.error().message;
    EXPECT_EQ(signature->key_id, k1.id);
    EXPECT_EQ(signature->trusted_comment, "prehashed, custom trusted comment");
    EXPECT_TRUE(check(*signature, document, k1));
}

TEST(Signature, RefusesEachFaultWithItsOwnReason) {
    EXPECT_EQ(reason_of(""), "untrusted_comment");
    EXPECT_EQ(reason_of(with_line(0, "comment: x")), "untrusted_comment");
    EXPECT_EQ(reason_of(with_line(0, "untrusted comment: " + std::string(1100, 'x'))),
              "untrusted_comment");
    EXPECT_EQ(reason_of(with_line(1, "AAAA")), "signature_base64");
    EXPECT_EQ(reason_of(with_line(2, "comment: x")), "trusted_comment");
    EXPECT_EQ(reason_of(with_line(2, "trusted comment: " + std::string(9000, 'x'))),
              "trusted_comment");
    EXPECT_EQ(reason_of(with_line(2, std::string("trusted comment: a\0b", 20))), "trusted_comment");
    EXPECT_EQ(reason_of(with_line(3, "")), "comment_base64");
    EXPECT_EQ(reason_of(test::read_vector("minisign/doc.json.k1.legacy.minisig")),
              "legacy_signature");
}

TEST(Signature, SaysWhichOfTheTwoSignaturesFails) {
    auto signature = Signature::parse(good).value();
    EXPECT_EQ(check(signature, document + " ", k1).error().reason, "document_changed");
    signature.trusted_comment += "!";
    EXPECT_EQ(check(signature, document, k1).error().reason, "comment_changed");
    signature.key_id.bytes[0] ^= 1;
    EXPECT_EQ(check(signature, document, k1).error().code, Errc::unknown_key);
}

// The untrusted comment is the one thing that nobody signs.
TEST(Signature, IsRefusedWithAnyOtherBitFlipped) {
    const std::size_t start = good.find('\n') + 1;
    for (std::size_t bit = 0; bit < 8 * good.size(); ++bit) {
        std::string flipped = good;
        flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
        if (bit / 8 < start - 1 || bit / 8 == good.size() - 1) continue;
        const auto signature = Signature::parse(flipped);
        EXPECT_FALSE(signature && check(*signature, document, k1)) << "bit " << bit;
    }
}

TEST(Signature, IsRefusedAtEveryTruncation) {
    for (std::size_t length = 0; length + 1 < good.size(); ++length) {
        EXPECT_FALSE(Signature::parse(std::string_view(good).substr(0, length))) << length;
    }
}

TEST(Signature, OfADocumentIsRefusedWithAnyBitOfItFlipped) {
    const auto signature = Signature::parse(good).value();
    for (std::size_t bit = 0; bit < 8 * document.size(); ++bit) {
        std::string flipped = document;
        flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
        ASSERT_FALSE(check(signature, flipped, k1)) << "bit " << bit;
    }
}

RC_GTEST_PROP(SignatureProperty, WhatAKeySignedVerifiesAndNothingElse,
              (const std::string& text, std::uint8_t number, const std::string& other)) {
    const test::Signer signer(number);
    const auto signature = Signature::parse(signer.sign(text)).value();
    RC_ASSERT(check(signature, text, signer.key()).has_value());
    RC_ASSERT(check(signature, other, signer.key()).has_value() == (text == other));
}

RC_GTEST_PROP(SignatureProperty, NoTextMakesTheParserFail, (const std::string& text)) {
    RC_ASSERT(!Signature::parse(text));
    RC_ASSERT(!PublicKey::parse(text));
}

}  // namespace
}  // namespace croft::trust
