#include "cli/publish/sign.h"

#include <gtest/gtest.h>

namespace croft::publish {
namespace {

TEST(Sign, GivesTheSameBytesForTheSameDocument) {
    const auto key = SecretKey::generate();
    EXPECT_EQ(sign(key, "document", "comment"), sign(key, "document", "comment"));
    EXPECT_NE(sign(key, "document", "comment"), sign(key, "document", "another comment"));
}

TEST(Sign, SizeIsKnownBeforeTheSignature) {
    const auto key = SecretKey::generate();
    for (const std::string comment : {"", "croft.sums/1 wiki-57", "größer"}) {
        EXPECT_EQ(sign(key, "document", comment).size(), signature_size(comment));
    }
}

TEST(Sign, CoversTheTrustedComment) {
    const auto key = SecretKey::generate();
    std::string text = sign(key, "document", "version=57");
    text.replace(text.find("version=57"), 10, "version=58");
    const auto signature = trust::Signature::parse(text);
    ASSERT_TRUE(signature);
    EXPECT_EQ(trust::check(*signature, "document", key.public_key()).error().code,
              Errc::bad_signature);
}

TEST(Sign, GivesOneSignatureOfEachKey) {
    const auto first = SecretKey::generate(), second = SecretKey::generate();
    const SecretKey* keys[] = {&first, &second};
    const auto signatures = sign_by_all(keys, "document", "comment");
    ASSERT_EQ(signatures.size(), 2U);
    EXPECT_TRUE(trust::check(trust::Signature::parse(signatures[1]).value(), "document",
                             second.public_key()));
}

}  // namespace
}  // namespace croft::publish
