#include "cli/publish/lint.h"

#include "command.h"
#include "files.h"
#include "testing/shared.h"
#include "testing/temporary_folder.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace croft::publish {
namespace {

namespace fs = std::filesystem;

class LintFolder : public testing::Test {
protected:
    void put(const std::string& path, std::string_view content) {
        test::write(folder_.path() / path, content);
    }
    Lint look(std::vector<std::string> allow = {}) {
        auto found = lint(folder_.path(), {std::move(allow), {}, {}});
        EXPECT_TRUE(found) << found.error().message;
        return std::move(*found);
    }
    static std::vector<std::string> reasons(const std::vector<Finding>& findings) {
        std::vector<std::string> all;
        for (const auto& finding : findings)
            all.push_back(finding.path + ": " + finding.reason);
        return all;
    }
    const fs::path& folder() const { return folder_.path(); }

private:
    test::TemporaryFolder folder_;
};

using Reasons = std::vector<std::string>;

TEST_F(LintFolder, CountsFilesBytesEmptyOnesAndAddresses) {
    put("a.txt", "ask jane@example.org or joe@example.org");
    put("b/empty", "");
    put("c.bin", std::string("\0jane@example.org", 17));
    const auto found = look();
    EXPECT_EQ(found.scanned.files.size(), 3U);
    EXPECT_EQ(found.bytes, 39U + 17U);
    EXPECT_EQ(found.empty_files, 1U);
    EXPECT_EQ(found.addresses, 2U);
    EXPECT_EQ(found.files_with_addresses, 1U);
    EXPECT_TRUE(found.refused.empty());
}

TEST_F(LintFolder, RefusesSecretsUntilTheUserAllowsThem) {
    put(".env", "KEY=1");
    put("site/LocalSettings.php", "<?php");
    put("id_rsa", "x");
    put("keys/daily.key", "x");
    put(".git/config", "x");
    put("dump.sql", "CREATE TABLE `user` (\n `user_password` blob\n);\n");
    put("fine.txt", "x");
    const auto found = look();
    EXPECT_EQ(reasons(found.refused),
              (Reasons{".env: secret_name", ".git/config: secret_name", "dump.sql: password_column",
                       "id_rsa: secret_name", "keys/daily.key: secret_name",
                       "site/LocalSettings.php: secret_name"}));
    const auto allowed = look({".git", "*.sql", "id_rsa"});
    EXPECT_EQ(reasons(allowed.refused), (Reasons{".env: secret_name", "keys/daily.key: secret_name",
                                                 "site/LocalSettings.php: secret_name"}));
    EXPECT_EQ(
        reasons(allowed.allowed),
        (Reasons{".git/config: secret_name", "dump.sql: password_column", "id_rsa: secret_name"}));
}

TEST_F(LintFolder, LooksIntoCompressedSql) {
    put("dump.sql", "INSERT INTO u (name, password) VALUES ('a','b');\n");
    const auto made = test::shell(fmt::format("gzip '{}/dump.sql'", folder().native()));
    ASSERT_EQ(made.status, 0) << made.output;
    EXPECT_EQ(reasons(look().refused), (Reasons{"dump.sql.gz: password_column"}));
}

TEST_F(LintFolder, KnowsSqlByWhateverEndingItHas) {
    const std::string sql = "CREATE TABLE u (id int, password text);\n";
    Reasons expected;
    for (const char* name :
         {"1.sql", "2.SQL", "3.sql.bak", "4.sql~", "5.sql.txt", "6.dump", "7.mysql", "8.sql_old"}) {
        put(name, sql);
        expected.push_back(std::string(name) + ": password_column");
    }
    put("a.sql", sql);
    const auto made =
        test::shell(fmt::format("cd '{}' && gzip -c a.sql > a.sql.gzip && tar -czf b.sql.tgz a.sql "
                                "&& bzip2 -c a.sql > c.SQL.BZ2 && "
                                "zstd -q a.sql -o d.dump && xz -c a.sql > e.sql.bak && rm a.sql",
                                folder().native()));
    ASSERT_EQ(made.status, 0) << made.output;
    for (const char* name : {"a.sql.gzip", "b.sql.tgz", "c.SQL.BZ2", "d.dump", "e.sql.bak"})
        expected.push_back(std::string(name) + ": password_column");
    put("empty.sql", "");
    put("How to read a dump.txt", sql);
    put("SQL.md", sql);
    EXPECT_EQ(reasons(look().refused), expected);
}

TEST_F(LintFolder, LooksForKeysInTextSqlAndDumps) {
    const std::string key = "-----BEGIN OPENSSH PRIVATE KEY-----\n";
    put("deploy", "first line\n" + key);
    put("dump.sql", "INSERT INTO t VALUES ('" + key + "');");
    put("pages.xml",
        "<mediawiki><page><title>A</title><text>" + key + "</text></page></mediawiki>");
    put("picture", std::string("\0", 1) + key);
    std::string utf16 = "\xff\xfe";
    for (const char c : key)
        utf16 += std::string{c, '\0'};
    put("utf16.txt", utf16);
    const auto made =
        test::shell(fmt::format("cd '{}' && gzip -k pages.xml dump.sql", folder().native()));
    ASSERT_EQ(made.status, 0) << made.output;
    const auto found = look();
    EXPECT_EQ(reasons(found.refused),
              (Reasons{"deploy: secret_content", "dump.sql: secret_content",
                       "dump.sql.gz: secret_content", "pages.xml: secret_content",
                       "pages.xml.gz: secret_content", "utf16.txt: secret_content"}));
    EXPECT_EQ(found.refused[0].message,
              (folder() / "deploy").native() + " holds a private key, at line 2");
    EXPECT_EQ(look({"*"}).allowed.size(), 6U);
}

TEST_F(LintFolder, RefusesSymlinksAndPipesWhateverIsAllowed) {
    put("a.txt", "x");
    fs::create_symlink("a.txt", folder() / "link");
    fs::create_directory_symlink("/", folder() / "root");
    ASSERT_EQ(::mkfifo((folder() / "pipe").c_str(), 0600), 0);
    EXPECT_EQ(reasons(look({"*"}).refused),
              (Reasons{"link: symlink", "root: symlink", "pipe: special_file"}));
}

TEST_F(LintFolder, RefusesWhatCannotBeRead) {
    if (::geteuid() == 0) GTEST_SKIP() << "root reads everything";
    put("locked.txt", "x");
    fs::permissions(folder() / "locked.txt", fs::perms::none);
    EXPECT_EQ(reasons(look({"*"}).refused), (Reasons{"locked.txt: unreadable"}));
}

TEST_F(LintFolder, ReadsDumpsToTheirEnd) {
    put("whole.xml", "<mediawiki><page><title>A</title></page></mediawiki>");
    put("cut.xml", "<mediawiki><page><title>A</title></pa");
    put("other.xml", "<feed>jane@example.org");
    const auto found = look();
    ASSERT_EQ(found.dumps.size(), 1U);
    EXPECT_EQ(found.dumps[0].path, "whole.xml");
    EXPECT_EQ(found.dumps[0].pages, 1U);
    EXPECT_EQ(reasons(found.refused), (Reasons{"cut.xml: dump_truncated"}));
    EXPECT_EQ(found.addresses, 1U) << "XML of another kind is text";
    EXPECT_TRUE(look({"cut.xml"}).refused.empty());
}

TEST_F(LintFolder, RefusesAnEmptyFolderAndOneThatIsNotThere) {
    EXPECT_EQ(lint(folder(), {}).error().reason, "nothing_to_publish");
    EXPECT_EQ(lint(folder() / "none", {}).error().code, Errc::not_found);
}

TEST_F(LintFolder, StopsWhenAsked) {
    put("a.txt", "x");
    std::stop_source stop;
    stop.request_stop();
    EXPECT_EQ(lint(folder(), {{}, {}, stop.get_token()}).error().code, Errc::cancelled);
}

TEST_F(LintFolder, SeesEveryChangeAfterwards) {
    put("a.txt", "x");
    put("b.txt", "y");
    const auto before = look();
    EXPECT_TRUE(check_unchanged(before));
    put("c.txt", "new");
    EXPECT_EQ(check_unchanged(before).error().reason, "file_changed");
    fs::remove(folder() / "c.txt");
    EXPECT_TRUE(check_unchanged(before));
    fs::last_write_time(folder() / "b.txt",
                        fs::file_time_type::clock::now() + std::chrono::seconds(1));
    EXPECT_EQ(check_unchanged(before).error().reason, "file_changed");
}

}  // namespace
}  // namespace croft::publish
