#include "api/api_fixture.h"
#include "testing/signer.h"
#include "testing/vectors.h"

namespace croft::api {
namespace {

using namespace std::chrono_literals;
using test::Answer;
using test::read_vector;

/// `POST /verify`: judged as stock minisign would, streamed, nothing stored.
class Verify : public test::ApiTest {
protected:
    static std::string base64(const std::string& bytes) {
        static constexpr char alphabet[] =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        std::string text;
        for (std::size_t i = 0; i < bytes.size(); i += 3) {
            unsigned group = 0;
            for (std::size_t j = 0; j < 3; ++j)
                group = group << 8U |
                        (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0U);
            for (std::size_t j = 0; j < 4; ++j)
                text += i + j > bytes.size() ? '=' : alphabet[group >> (18 - 6 * j) & 63U];
        }
        return text;
    }

    std::string headers(const std::string& minisig) const {
        return authorization() +
               "Content-Type: application/octet-stream\r\nCroft-Signature: " + base64(minisig) +
               "\r\n";
    }

    Answer verify(const std::string& bytes, const std::string& minisig,
                  const std::string& name = "demo-2.json") {
        return ask_with(headers(minisig), "POST", "/api/v1/verify?name=" + name, bytes);
    }

    static void expect_golden(Answer answer, const std::string& name, bool same_bytes) {
        auto expected = nlohmann::json::parse(
            read_file(CROFT_TEST_SOURCE "/api/golden/" + name + ".json", 1 << 20).value());
        auto actual = nlohmann::json::parse(answer.body);
        if (!same_bytes) {
            for (const char* differs : {"sha256", "key_id", "message", "reason"})
                actual[differs] = expected[differs];
        }
        EXPECT_EQ(actual, expected) << answer.body;
    }

    const std::string document = read_vector("docs/feed-58/releases/demo-2.json");
    const std::string signature = read_vector("docs/feed-58/releases/demo-2.json.minisig");
};

TEST_F(Verify, SaysValidWhereItIs) {
    start();
    expect_golden(verify(document, signature), "verify", true);
}

TEST_F(Verify, SaysBadWhereOneByteDiffers) {
    start();
    expect_golden(verify(document + "x", signature), "verify.bad", false);
    for (std::size_t at = 0; at < document.size(); at += 401) {
        std::string flipped = document;
        flipped[at] = static_cast<char>(flipped[at] ^ 1);
        EXPECT_EQ(verify(flipped, signature).json().at("verdict"), "bad_signature");
        std::this_thread::sleep_for(25ms);
    }
}

TEST_F(Verify, SaysUnknownForAKeyOfNobodyWeFollow) {
    start();
    expect_golden(verify(document, read_vector("minisign/doc.json.k1.minisig")), "verify.unknown",
                  false);
    test::stand_ins().publishers.clear();
    EXPECT_EQ(verify(document, signature).json().at("verdict"), "unknown_key");
}

TEST_F(Verify, SaysRevokedForAKeyThatItsPublisherRevoked) {
    const test::Signer signer(7);
    auto state = std::make_shared<catalog::FollowerState>(*test::stand_ins().publishers[0].state);
    trust::PublicKey nameless = signer.key();
    nameless.id = {};
    state->publisher.revoked.push_back({nameless, 1, "stolen"});
    test::stand_ins().publishers[0].state = state;
    start();
    const std::string letter = "dear all";
    const Answer answer = verify(letter, signer.sign(letter), "letter.txt");
    EXPECT_EQ(answer.json().at("verdict"), "revoked_key");
    EXPECT_EQ(answer.json().at("petname"), "example");
    EXPECT_EQ(verify(letter + "x", signer.sign(letter)).json().at("verdict"), "unknown_key");
}

TEST_F(Verify, JudgesADocumentByItsTypeAndByWhatWasSeen) {
    start();
    const auto verdict = [&](const std::string& name) {
        const std::string path = "docs/" + name + ".json";
        return verify(read_vector(path), read_vector(path + ".minisig")).json().at("verdict");
    };
    EXPECT_EQ(verdict("feed-58/catalogue"), "valid");
    EXPECT_EQ(verdict("feed-57/catalogue"), "rollback");
    EXPECT_EQ(verdict("neg/catalogue-59-expired"), "expired");
    EXPECT_EQ(verdict("neg/catalogue-58-other-content"), "equivocation");
    EXPECT_EQ(verdict("neg/publisher-3-one-old-root"), "no_signature");
    EXPECT_EQ(verdict("neg/catalogue-59-wrong-publisher"), "conflict");
    EXPECT_EQ(verdict("neg/catalogue-59-bad-utf8"), "malformed");
    EXPECT_EQ(verdict("neg/catalogue-59-signed-by-revoked-rel1"), "revoked_key");
}

TEST_F(Verify, LetsNoRoleSpeakForAnother) {
    const test::Signer signer(7);
    auto state = std::make_shared<catalog::FollowerState>(*test::stand_ins().publishers[0].state);
    state->publisher.beacon.keys.push_back(signer.key());
    test::stand_ins().publishers[0].state = state;
    start();
    std::string catalogue = read_vector("docs/feed-58/catalogue.json");
    catalogue.replace(catalogue.find("\"version\""), 9, "\"Version\"");
    for (const std::string& content : {catalogue, std::string("dear all")}) {
        const Answer answer = verify(content, signer.sign(content));
        EXPECT_EQ(answer.json().at("verdict"), "unknown_key") << answer.body;
        EXPECT_EQ(answer.json().at("role"), "beacon");
    }
}

TEST_F(Verify, RefusesSignaturesThatCantBeRead) {
    start();
    for (const std::string& broken :
         {std::string(), std::string("no signature"), signature.substr(0, 60),
          read_vector("minisign/doc.json.k1.legacy.minisig")}) {
        const Answer answer = verify(document, broken);
        EXPECT_EQ(answer.status, 422) << answer.body;
    }
    EXPECT_EQ(ask_with(authorization() +
                           "Content-Type: application/octet-stream\r\nCroft-Signature: %%%%\r\n",
                       "POST", "/api/v1/verify", document)
                  .reason(),
              "bad_signature_header");
}

TEST_F(Verify, StreamsFilesLargerThanAnyOtherBody) {
    start();
    const Answer answer = verify(std::string(20'000'000, 'x'), signature);
    EXPECT_EQ(answer.json().at("size_bytes"), 20'000'000);
    // head -c 20000000 /dev/zero | tr '\0' x | sha256sum
    EXPECT_EQ(answer.json().at("sha256"),
              "bc01a03f3f505eaf5572211cc8a8c6dcda5f6bb93ecc6697f880a5d24a3ffac7");
}

TEST_F(Verify, TakesTwoAtOnce) {
    start();
    std::vector<std::unique_ptr<test::RawClient>> slow;
    for (int i = 0; i < 2; ++i) {
        slow.push_back(std::make_unique<test::RawClient>(address_));
        slow.back()->say("POST /api/v1/verify HTTP/1.1\r\nHost: " + address_ + "\r\n" +
                         headers(signature) + "Content-Length: 1000\r\n\r\nabc");
    }
    std::this_thread::sleep_for(300ms);
    const Answer third = verify(document, signature);
    EXPECT_EQ(third.status, 503);
    EXPECT_EQ(third.reason(), "busy");
    slow.clear();
    std::this_thread::sleep_for(300ms);
    EXPECT_EQ(verify(document, signature).status, 200) << "those who left make room";
}

}  // namespace
}  // namespace croft::api
