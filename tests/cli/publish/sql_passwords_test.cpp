#include "cli/publish/sql_passwords.h"

#include "base/bytes.h"

#include <gtest/gtest.h>

namespace croft::publish {
namespace {

std::string column(std::string_view sql, std::size_t piece = 5) {
    PasswordColumnFinder finder;
    for (std::size_t at = 0; at < sql.size(); at += piece)
        finder.take(as_bytes(sql.substr(at, piece)));
    finder.finish();
    return finder.column();
}

TEST(PasswordColumnFinder, FindsColumnsOfNewTables) {
    for (const char* sql :
         {"CREATE TABLE `user` (\n  `user_id` int,\n  `user_password` tinyblob NOT NULL\n);\n",
          "create table users (\n id int, user_password text\n);",
          "  CREATE TABLE users (\n id int,\n user_password text\n);",
          "CREATE  TABLE users\n(\n id int\n, user_password text);",
          "CREATE TEMPORARY TABLE IF NOT EXISTS a.b.c (user_password text);",
          "CREATE UNLOGGED TABLE u (user_password text);",
          "CREATE OR REPLACE TABLE u (USER_PASSWORD text);",
          "/*!40101 SET x=1 */; /*!50000 CREATE TABLE u ( id int, user_password text) */;",
          "/* a comment; */ CREATE TABLE u (/* ( */ id decimal(3,2), user_password text);",
          "-- it's\nCREATE TABLE u (\n id int, -- one, two\n user_password text\n);",
          "\xef\xbb\xbf"
          "CREATE TABLE u (\n user_password text\n);",
          "CREATE TABLE u (\r user_password text\r)",
          "CREATE TABLE u (id int comment \"a;b), (c\", user_password text);",
          "CREATE TABLE u (id int default 'it\\'s', t varchar(9) default ');', user_password "
          "text);",
          "CREATE TABLE [dbo].[u] ([id] int, [user_password] text)",
          "INSERT INTO t VALUES ('C:\\');\nCREATE TABLE u (user_password text);",
          "ustar 0000644 root CREATE TABLE u (user_password text);"}) {
        EXPECT_EQ(column(sql), "user_password") << sql;
    }
}

TEST(PasswordColumnFinder, FindsColumnsOfRows) {
    for (const char* sql :
         {"INSERT INTO a (id, user_password) VALUES (1,'x');",
          "insert ignore into `a` (`user_password`) values (1);",
          "REPLACE INTO a.b (id,user_password) SELECT 1;",
          "INSERT INTO a VALUES (1); INSERT INTO a (user_password) VALUES (1)",
          "COPY public.a (id, user_password) FROM stdin;\n1\tx\n\\.\n",
          "COPY a (id) FROM stdin;\nit's (\n\\.\nCOPY b (user_password) FROM stdin;\n"}) {
        EXPECT_EQ(column(sql), "user_password") << sql;
    }
}

TEST(PasswordColumnFinder, FindsColumnsOfAlteredTables) {
    for (const char* sql :
         {"ALTER TABLE u ADD COLUMN user_password text;",
          "ALTER TABLE ONLY u ADD user_password text;",
          "alter table u add column if not exists user_password text",
          "ALTER TABLE u ADD (user_password text);", "ALTER TABLE u CHANGE pw user_password text;",
          "ALTER TABLE u RENAME COLUMN a TO user_password;"}) {
        EXPECT_EQ(column(sql), "user_password") << sql;
    }
}

TEST(PasswordColumnFinder, KnowsManyNames) {
    for (const char* name : {"password", "passwd", "user_pass", "pass", "pwd", "pass_hash",
                             "login_pwd", "user_token", "passphrase"})
        EXPECT_EQ(column("CREATE TABLE u (id int, " + std::string(name) + " text);"), name);
    for (const char* name : {"compass", "pass_rate", "bypass", "passage"})
        EXPECT_EQ(column("CREATE TABLE u (id int, " + std::string(name) + " text);"), "");
}

TEST(PasswordColumnFinder, ReadsWhereverTheTextIsCutAndHoweverLongItIs) {
    std::string sql = "CREATE TABLE u (";
    for (int i = 0; i < 2000; ++i)
        sql += "c" + std::to_string(i) + " int, ";
    sql += "password text);";
    for (const std::size_t piece : {std::size_t{1}, std::size_t{4096}, sql.size()})
        EXPECT_EQ(column(sql, piece), "password") << piece;
    std::string utf16 = "\xff\xfe";
    for (const char c : sql)
        utf16 += std::string{c, '\0'};
    EXPECT_EQ(column(utf16), "password");
}

TEST(PasswordColumnFinder, LeavesDataAndNamesOfTablesAlone) {
    for (const char* sql :
         {"CREATE TABLE `page` (\n  `page_title` varbinary(255)\n);\n"
          "INSERT INTO `page` VALUES (1,'Password'),(2,'How to choose a password');\n",
          "CREATE TABLE password_policy (id int);", "-- the password column was removed\nSELECT 1;",
          "# password\nSELECT 1;", "/* CREATE TABLE u (password text); */",
          "SELECT password FROM u;",
          "INSERT INTO a VALUES (1, 'INTO x (password'), (2, \"(password\");",
          "COPY a (id, b) FROM stdin;\n1\tCREATE TABLE u (password text);\n\\.\n",
          "CREATE TABLE a (id int REFERENCES passwords (password), note text DEFAULT 'password');",
          "ALTER TABLE password_policy ADD COLUMN id int;",
          "CREATE FUNCTION f(password text) RETURNS int;",
          "copy all of the old file (password protected)", "DROP TABLE password;", ""}) {
        EXPECT_EQ(column(sql), "") << sql;
    }
}

TEST(PasswordColumnFinder, SaysTheLine) {
    PasswordColumnFinder finder;
    finder.take(as_bytes("\n\nCREATE TABLE u (\n id int,\n password text\n);\n"));
    finder.finish();
    EXPECT_EQ(finder.line(), 5U);
}

}  // namespace
}  // namespace croft::publish
