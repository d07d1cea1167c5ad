#include "cli/publish/secrets.h"

#include "base/bytes.h"

#include <gtest/gtest.h>

namespace croft::publish {
namespace {

TEST(SecretName, IsFoundInAnyComponentAndCase) {
    for (const char* path :
         {".env", "a/.env", ".env.production", "wiki/LocalSettings.php", "localsettings.PHP",
          "home/id_rsa", "id_ed25519.pub", "keys/daily.key", ".git/config", "sub/.git/HEAD"}) {
        EXPECT_NE(secret_name(path), "") << path;
    }
    for (const char* path : {"env", "a.env.txt", "LocalSettings.php.md", "identity.txt",
                             "solid_rock", "keyboard.md", "a.keys", ".gitignore", "git/config"}) {
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

std::string column(std::string_view sql, std::size_t piece = 5) {
    PasswordColumnFinder finder;
    for (std::size_t at = 0; at < sql.size(); at += piece)
        finder.take(as_bytes(sql.substr(at, piece)));
    finder.finish();
    return finder.column();
}

TEST(PasswordColumnFinder, FindsColumnsOfTables) {
    EXPECT_EQ(
        column(
            "CREATE TABLE `user` (\n  `user_id` int,\n  `user_password` tinyblob NOT NULL\n);\n"),
        "user_password");
    EXPECT_EQ(column("create table a (id int, Passwd text);"), "passwd");
    EXPECT_EQ(column("INSERT INTO a (id, password) VALUES (1,'x');"), "password");
    EXPECT_EQ(column("COPY public.a (id, pass_hash) FROM stdin;"), "pass_hash");
}

TEST(PasswordColumnFinder, LeavesDataAndNamesOfTablesAlone) {
    EXPECT_EQ(column("CREATE TABLE `page` (\n  `page_title` varbinary(255)\n);\n"
                     "INSERT INTO `page` VALUES (1,'Password'),(2,'How to choose a password');\n"),
              "");
    EXPECT_EQ(column("CREATE TABLE password_policy (id int);"), "");
    EXPECT_EQ(column("-- the password column was removed\nSELECT 1;"), "");
}

TEST(PasswordColumnFinder, SaysTheLine) {
    PasswordColumnFinder finder;
    finder.take(as_bytes("\n\nCREATE TABLE u (\n id int,\n password text\n);\n"));
    finder.finish();
    EXPECT_EQ(finder.line(), 5U);
}

}  // namespace
}  // namespace croft::publish
