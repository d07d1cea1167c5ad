#include "cli/publish/secrets.h"

#include "base/bytes.h"

#include <gtest/gtest.h>

namespace croft::publish {
namespace {

TEST(SecretName, IsFoundInAnyComponentAndCase) {
    for (const char* path :
         {".env", "a/.env", ".env.production", "wiki/LocalSettings.php", "localsettings.PHP",
          "home/id_rsa", "id_ed25519.pub", "keys/daily.key", ".git/config", "sub/.git/HEAD",
          ".env ", "daily.key~", "LocalSettings.php.bak", ".env.", "a/id_rsa.old"}) {
        EXPECT_NE(secret_name(path), "") << path;
    }
    for (const char* path :
         {"env", "a.env.txt", "LocalSettings.php.md", "identity.txt", "solid_rock", "keyboard.md",
          "a.keys", ".gitignore", "git/config", " ", "~", ".bak", "key.bak"}) {
        EXPECT_EQ(secret_name(path), "") << path;
    }
}

TEST(Allowed, IsWhatAPatternNamesAsPathOrComponent) {
    const auto allowed = [](const char* path, std::string pattern) {
        const std::string patterns[] = {std::move(pattern)};
        return is_allowed(path, patterns);
    };
    EXPECT_TRUE(allowed("a/id_card.jpg", "id_card.jpg"));
    EXPECT_TRUE(allowed("a/id_card.jpg", "a/*.jpg"));
    EXPECT_TRUE(allowed("x/.git/objects/ab", ".git"));
    EXPECT_FALSE(allowed("a/id_rsa", "id_card*"));
    EXPECT_FALSE(is_allowed("a/id_rsa", {}));
}

std::uint64_t addresses(std::string_view text, std::size_t piece) {
    AddressCounter counter;
    for (std::size_t at = 0; at < text.size(); at += piece)
        counter.take(as_bytes(text.substr(at, piece)));
    return counter.finish();
}

TEST(AddressCounter, CountsAddressesWhereverTheTextIsCut) {
    const std::string text = "write to jane.doe+wiki@example.org, or <info@sub.example.co.uk>. " +
                             std::string(700, 'x') + " a@b.de@c.fr mailto:x@y.museum";
    for (std::size_t piece = 1; piece < 400; ++piece)
        EXPECT_EQ(addresses(text, piece), 5U) << piece;
}

TEST(AddressCounter, LeavesWhatIsNoAddress) {
    EXPECT_EQ(addresses("@ a@ @b.de x@localhost a@b.c a@.de {{user@}} 3@4.5 a@b..", 7), 0U);
}

}  // namespace
}  // namespace croft::publish
