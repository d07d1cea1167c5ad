#include "base/file.h"
#include "store/database_impl.h"
#include "store/samples.h"
#include "store/tables_impl.h"
#include "testing/temporary_folder.h"

#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Statement.h>
#include <gtest/gtest.h>

namespace croft::store {
namespace {

using test::members;

class DatabaseTest : public testing::Test {
protected:
    std::string pragma(const std::string& name) {
        return database_.execAndGet("PRAGMA " + name).getString();
    }
    const test::TemporaryFolder folder_;
    const std::filesystem::path file_ = folder_.path() / "croft.db";
    SQLite::Database database_ = connect(file_);
};

TEST_F(DatabaseTest, IsDurableStrictAndDefensive) {
    EXPECT_EQ(pragma("journal_mode"), "wal");
    EXPECT_EQ(pragma("synchronous"), "2");  // FULL
    EXPECT_EQ(pragma("foreign_keys"), "1");
    EXPECT_EQ(pragma("trusted_schema"), "0");
    database_.exec("CREATE TABLE t (a)");
    EXPECT_THROW(database_.exec("PRAGMA writable_schema = ON; DELETE FROM sqlite_master"),
                 SQLite::Exception);
}

TEST_F(DatabaseTest, BringsEveryEarlierSchemaUpToDate) {
    for (const Migration& earlier : migrations()) {
        const auto file = folder_.path() / std::to_string(earlier.number);
        {
            SQLite::Database database = connect(file);
            const auto steps = migrations().first(static_cast<std::size_t>(earlier.number));
            ASSERT_TRUE(migrate(database, steps, [](int) {}));
            ASSERT_EQ(schema_version(database), earlier.number);
        }
        SQLite::Database database = connect(file);
        ASSERT_TRUE(migrate(database, migrations(), [](int) {}));
        EXPECT_EQ(schema_version(database), migrations().back().number);
        apply(database, PutFollow{test::sample_follow()});
        check_structure(database);
        EXPECT_EQ(members(read_all(database).follows.at(0)), members(test::sample_follow()));
    }
}

TEST_F(DatabaseTest, AsksForABackupBeforeEachStep) {
    const Migration steps[] = {{1, "CREATE TABLE a (x)"}, {2, "CREATE TABLE b (x)"}};
    std::vector<int> backups;
    ASSERT_TRUE(migrate(database_, std::span(steps).first(1), [](int) {}));
    ASSERT_TRUE(migrate(database_, steps, [&](int from) {
        backups.push_back(from);
        EXPECT_FALSE(database_.tableExists("b"));
    }));
    EXPECT_EQ(backups, std::vector{1});
    EXPECT_EQ(schema_version(database_), 2);
}

TEST_F(DatabaseTest, UndoesAStepThatFailsHalfway) {
    const Migration steps[] = {{1, "CREATE TABLE a (x)"},
                               {2, "CREATE TABLE b (x); INSERT INTO nowhere VALUES (1)"}};
    EXPECT_THROW((void)migrate(database_, steps, [](int) {}), SQLite::Exception);
    EXPECT_EQ(schema_version(database_), 1);
    EXPECT_TRUE(database_.tableExists("a"));
    EXPECT_FALSE(database_.tableExists("b"));
}

TEST_F(DatabaseTest, RefusesASchemaOfTheFuture) {
    database_.exec("PRAGMA user_version = 3");
    const Migration steps[] = {{1, ""}, {2, ""}};
    const Outcome outcome = migrate(database_, steps, [](int) { FAIL(); });
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, Errc::conflict);
    EXPECT_EQ(schema_version(database_), 3);
}

TEST_F(DatabaseTest, NumbersItsMigrationsFromOneWithoutAGap) {
    int expected = 0;
    for (const Migration& step : migrations())
        EXPECT_EQ(step.number, ++expected);
    EXPECT_GE(expected, 1);
}

}  // namespace
}  // namespace croft::store
