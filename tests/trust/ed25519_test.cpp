#include "testing/shared.h"
#include "trust/signature.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>

namespace croft::trust {
namespace {

using Json = nlohmann::json;

std::filesystem::path edge_vectors() { return test::testdata() / "signatures/ed25519"; }

Json read_json(const std::string& name) {
    std::ifstream file(edge_vectors() / name);
    return Json::parse(file);
}

std::string bytes_of(const std::string& hex) {
    std::string bytes(hex.size() / 2, '\0');
    EXPECT_TRUE(
        from_hex(hex, {reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()}));  // NOLINT
    return bytes;
}

/// As we meet a key and a signature: read the key's base64, then check.
bool is_accepted(const std::string& key_hex, const std::string& message_hex,
                 const std::string& signature_hex) {
    PublicKey key;
    key.ed25519 = bytes_from_hex<32>(key_hex).value();
    const auto signature = bytes_from_hex<64>(signature_hex);
    return PublicKey::parse(key.minisign()) && signature &&
           is_signed_by(key.ed25519, bytes_of(message_hex), *signature);
}

TEST(Ed25519, AgreesWithWycheproof) {
    CROFT_NEEDS(edge_vectors());
    int cases = 0;
    const Json vectors = read_json("wycheproof_ed25519_test.subset.json");
    for (const Json& group : vectors["testGroups"]) {
        for (const Json& test : group["tests"]) {
            EXPECT_EQ(is_accepted(group["publicKey"]["pk"], test["msg"], test["sig"]),
                      test["result"] == "valid")
                << test;
            ++cases;
        }
    }
    EXPECT_EQ(cases, 91);
}

// Small and mixed order points, S out of bounds, non-canonical encodings: verifiers disagree about
// them, so we accept none.
TEST(Ed25519, RefusesEveryCaseThatVerifiersDisagreeAbout) {
    CROFT_NEEDS(edge_vectors());
    const Json cases = read_json("speccheck_cases.json");
    EXPECT_EQ(cases.size(), 12U);
    for (const Json& test : cases) {
        EXPECT_FALSE(is_accepted(test["pub_key"], test["message"], test["signature"])) << test;
    }
}

TEST(Ed25519, RefusesKeysThatNobodyCanOwn) {
    for (const auto* point : {
             "0000000000000000000000000000000000000000000000000000000000000000",  // order 4
             "0100000000000000000000000000000000000000000000000000000000000000",  // the neutral one
             "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",  // order 2
             "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",  // y = p + 1
             "0200000000000000000000000000000000000000000000000000000000000000",  // off the curve
         }) {
        PublicKey weak;
        weak.ed25519 = bytes_from_hex<32>(point).value();
        const auto parsed = PublicKey::parse(weak.minisign());
        ASSERT_FALSE(parsed) << point;
        EXPECT_EQ(parsed.error().reason, "key_point");
    }
}

}  // namespace
}  // namespace croft::trust
