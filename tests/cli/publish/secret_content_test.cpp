#include "cli/publish/secret_content.h"

#include "base/bytes.h"
#include "cli/publish/secret_key.h"
#include "command.h"
#include "files.h"
#include "testing/temporary_folder.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace croft::publish {
namespace {

std::string found_in(std::string_view text, std::size_t piece = 7) {
    SecretFinder finder;
    for (std::size_t at = 0; at < text.size(); at += piece)
        finder.take(as_bytes(text.substr(at, piece)));
    finder.finish();
    return std::string(finder.found());
}

/// What other people's tools make when they make a key.
class KeysOfOthers : public testing::Test {
protected:
    std::string made_by(const std::string& command) {
        const auto made = test::shell(
            fmt::format("cd '{}' && rm -f key && {}", folder_.path().native(), command));
        if (made.status == 127) return "";
        EXPECT_EQ(made.status, 0) << made.output;
        return test::read(folder_.path() / "key");
    }

private:
    test::TemporaryFolder folder_;
};

TEST_F(KeysOfOthers, AreFound) {
    const std::pair<const char*, const char*> commands[] = {
        {"minisign -GW -s key -p pub", "a secret key of minisign"},
        {"openssl genpkey -quiet -algorithm ed25519 -out key", "a private key"},
        {"openssl ecparam -name prime256v1 -genkey -noout -out key", "a private key"},
        {"ssh-keygen -q -t ed25519 -N '' -f key", "a private key"},
        {"signify-openbsd -G -n -p k.pub -s k.sec && mv k.sec key", "a secret key of signify"}};
    int looked_at = 0;
    for (const auto& [command, what] : commands) {
        const std::string key = made_by(command);
        if (key.empty()) continue;
        ++looked_at;
        for (const std::size_t piece : {std::size_t{1}, std::size_t{30}, key.size()})
            EXPECT_EQ(found_in(key, piece), what) << command;
    }
    EXPECT_GE(looked_at, 3);
}

TEST_F(KeysOfOthers, ArePublicWhereTheyArePublic) {
    EXPECT_EQ(found_in(made_by("minisign -GW -s s -p key")), "");
    EXPECT_EQ(found_in(made_by(
                  "openssl genpkey -quiet -algorithm ed25519 | openssl pkey -pubout -out key")),
              "");
    EXPECT_EQ(found_in(public_key_file(SecretKey::generate().public_key())), "");
}

TEST(SecretFinder, FindsOurOwnKeysWithAndWithoutAPassword) {
    for (const char* password : {"", "secret"}) {
        const auto file =
            write_secret_key(SecretKey::generate(), SecretBytes(password), Cost::moderate);
        ASSERT_TRUE(file);
        EXPECT_EQ(found_in("notes\n" + std::string(file->text()) + "more\n"),
                  "a secret key of minisign");
    }
}

TEST(SecretFinder, FindsTokensByTheirShape) {
    const std::string letters = "0123456789abcdefghijABCDEFGHIJ0123456789";
    const std::pair<std::string, const char*> texts[] = {
        {"AWS_SECRET_ACCESS_KEY=" + letters, "a secret key of AWS"},
        {"  aws_secret_access_key = \"" + letters + "\"\n", "a secret key of AWS"},
        {"{\"SecretAccessKey\": \"" + letters.substr(0, 38) + "+/\"}", "a secret key of AWS"},
        {"token: ghp_" + letters, "a GitHub token"},
        {"https://ghs_" + letters + "@github.com/x", "a GitHub token"},
        {"github_pat_" + letters + letters, "a GitHub token"},
        {"x=xoxb-123456789012-123456789012-abcdef", "a Slack token"},
        {"{\"private_key\": \"-----BEGIN PRIVATE KEY-----\\nMIIE\"}", "a private key"},
        {"-----BEGIN PGP PRIVATE KEY BLOCK-----", "a private key"}};
    for (const auto& [text, what] : texts) {
        for (std::size_t piece = 1; piece < text.size() + 1; ++piece)
            EXPECT_EQ(found_in(text, piece), what) << text << " " << piece;
        std::string utf16 = "\xff\xfe";
        for (const char c : text)
            utf16 += std::string{c, '\0'};
        EXPECT_EQ(found_in(utf16), what) << text;
    }
}

TEST(SecretFinder, LeavesWhatOnlySpeaksOfThem) {
    const std::string sha1 = "0123456789abcdef0123456789abcdef01234567";
    for (const std::string& text :
         {std::string("AWS_SECRET_ACCESS_KEY=$SECRET"),
          "aws_secret_access_key is set below\n" + sha1, "commit " + sha1,
          std::string("tokens begin with ghp_ or xoxb-"), std::string("ghp_short"),
          std::string("-----BEGIN PUBLIC KEY-----"),
          std::string("-----BEGIN CERTIFICATE-----\nPRIVATE"),
          std::string("the PRIVATE KEY of a person"), std::string("")}) {
        EXPECT_EQ(found_in(text), "") << text;
    }
}

TEST(SecretFinder, SaysTheLine) {
    SecretFinder finder;
    finder.take(as_bytes("one\ntwo\n-----BEGIN RSA PRIV"));
    finder.take(as_bytes("ATE KEY-----\n"));
    finder.finish();
    EXPECT_EQ(finder.line(), 3U);
}

}  // namespace
}  // namespace croft::publish
