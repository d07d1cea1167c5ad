#include "store/store.h"

#include "base/file.h"
#include "store/backups_impl.h"
#include "store/samples.h"
#include "testing/temporary_folder.h"

#include <SQLiteCpp/Database.h>
#include <gtest/gtest.h>

#include <random>

namespace croft::store {
namespace {

namespace fs = std::filesystem;
using test::commit;
using test::members;

class StoreTest : public testing::Test {
protected:
    /// A closed database with rows in every table, and a backup.
    void fill() {
        auto opened = open(loop_, folder_.path());
        ASSERT_TRUE(opened) << opened.error().message;
        ASSERT_TRUE(commit(loop_, *opened->store,
                           {PutFollow{test::sample_follow()}, PutHolding{test::sample_holding()},
                            PutResumeData{"b0", std::string(100, 'r')}, PutSetting{"k", "v"},
                            AppendJournal{test::sample_entry("filled")}}));
    }
    void remove_backups() {
        for (const auto& backup : backups_of(file_))
            fs::remove(backup);
    }
    bool is_as_filled(const Snapshot& snapshot) {
        return snapshot.follows.size() == 1 && snapshot.holdings.size() == 1 &&
               members(snapshot.follows[0]) == members(test::sample_follow()) &&
               members(snapshot.holdings[0]) == members(test::sample_holding()) &&
               snapshot.resume_data.at("b0") == std::string(100, 'r') &&
               snapshot.settings.at("k") == "v" && !snapshot.journal.empty();
    }
    /// The daily backup, as if it had been made when everything was there.
    void make_backup_of_all() {
        fs::remove(backup_);
        SQLite::Database database(file_.native(), SQLite::OPEN_READWRITE);
        back_up_daily(database, file_);
    }

    const test::TemporaryFolder folder_;
    const fs::path file_ = folder_.path() / "croft.db";
    const fs::path backup_ = folder_.path() / "croft.db.backup";
    Loop loop_;
};

TEST_F(StoreTest, SaysThatItIsNewOnlyTheFirstTime) {
    EXPECT_TRUE(open(loop_, folder_.path())->snapshot.is_new);
    EXPECT_FALSE(open(loop_, folder_.path())->snapshot.is_new);
}

TEST_F(StoreTest, KeepsADatabaseOfTheFutureAsItIs) {
    fill();
    {
        SQLite::Database database(file_.native(), SQLite::OPEN_READWRITE);
        database.exec("PRAGMA user_version = 1000000");
    }
    const auto before = read_file(file_, 1 << 24);
    const auto opened = open(loop_, folder_.path());
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, Errc::conflict);
    EXPECT_EQ(opened.error().reason, "newer_schema");
    EXPECT_EQ(read_file(file_, 1 << 24).value(), before.value());
}

TEST_F(StoreTest, TakesTheNewestGoodBackupInPlaceOfADamagedDatabase) {
    fill();
    make_backup_of_all();
    const fs::path older = folder_.path() / "croft.db.backup.1";
    fs::copy_file(backup_, older);
    fs::last_write_time(older, fs::last_write_time(older) - std::chrono::hours(1));
    ASSERT_TRUE(write_file(backup_, "newer, and rubbish"));
    ASSERT_TRUE(write_file(file_, "rubbish"));
    const auto opened = open(loop_, folder_.path());
    ASSERT_TRUE(opened) << opened.error().message;
    EXPECT_TRUE(is_as_filled(opened->snapshot));
    EXPECT_FALSE(opened->snapshot.is_new);
    EXPECT_EQ(opened->snapshot.journal.back().kind, "restored");
    EXPECT_GT(opened->snapshot.journal.back().id, 1U);
    int set_aside = 0;
    for (const auto& entry : fs::directory_iterator(folder_.path()))
        set_aside += entry.path().filename().native().starts_with("croft.db.damaged-") ? 1 : 0;
    EXPECT_EQ(set_aside, 2);  // the database, and the copy of the rubbish backup
}

TEST_F(StoreTest, NeverStartsEmptySilently) {
    fill();
    remove_backups();
    ASSERT_TRUE(write_file(file_, "rubbish"));
    for (int attempt = 0; attempt < 2; ++attempt) {
        const auto opened = open(loop_, folder_.path());
        ASSERT_FALSE(opened);
        EXPECT_EQ(opened.error().code, Errc::damaged);
    }
}

TEST_F(StoreTest, TakesAVanishedOrEmptiedDatabaseForALoss) {
    fill();
    make_backup_of_all();
    fs::remove(file_);
    EXPECT_TRUE(is_as_filled(open(loop_, folder_.path())->snapshot));
    fs::resize_file(file_, 0);
    EXPECT_TRUE(is_as_filled(open(loop_, folder_.path())->snapshot));
    remove_backups();
    fs::remove(file_);
    EXPECT_EQ(open(loop_, folder_.path()).error().code, Errc::damaged);
}

/// Every single flipped byte is noticed, or lies where no value of ours does.
TEST_F(StoreTest, NoticesFlippedBytes) {
    fill();
    remove_backups();
    const std::string good = read_file(file_, 1 << 24).value();
    const auto seed = std::random_device{}();
    RecordProperty("seed", static_cast<int>(seed));
    std::mt19937 random(seed);
    int noticed = 0;
    constexpr int rounds = 50;
    for (int round = 0; round < rounds; ++round) {
        std::string bad = good;
        char& byte = bad[random() % bad.size()];
        byte = static_cast<char>(byte ^ (1 + random() % 255));
        for (const auto& entry : fs::directory_iterator(folder_.path()))
            fs::remove(entry.path());
        ASSERT_TRUE(write_file(file_, bad));
        const auto opened = open(loop_, folder_.path());
        if (opened) {
            EXPECT_TRUE(is_as_filled(opened->snapshot)) << "round " << round << " seed " << seed;
        } else {
            ++noticed;
        }
    }
    EXPECT_GT(noticed, 0);
}

TEST_F(StoreTest, NoticesAFlippedBitInsideAValueThatSqliteBelieves) {
    fill();
    remove_backups();
    std::string bytes = read_file(file_, 1 << 24).value();
    const auto petname = bytes.find("p2pf");
    ASSERT_NE(petname, std::string::npos);
    bytes[petname] = 'q';
    ASSERT_TRUE(write_file(file_, bytes));
    EXPECT_EQ(SQLite::Database(file_.native()).execAndGet("PRAGMA integrity_check").getString(),
              "ok");
    EXPECT_EQ(open(loop_, folder_.path()).error().code, Errc::damaged);
}

TEST_F(StoreTest, RefusesASymlinkInPlaceOfTheDatabase) {
    const test::TemporaryFolder elsewhere;
    fs::create_symlink(elsewhere.path() / "croft.db", file_);
    EXPECT_FALSE(open(loop_, folder_.path()));
    EXPECT_TRUE(fs::is_empty(elsewhere.path()));
}

TEST_F(StoreTest, ReadsTheNewestThousandOfTheJournal) {
    {
        auto opened = open(loop_, folder_.path());
        std::vector<Change> changes;
        for (int i = 1; i <= 1001; ++i)
            changes.emplace_back(AppendJournal{test::sample_entry(std::to_string(i))});
        ASSERT_TRUE(commit(loop_, *opened->store, std::move(changes)));
    }
    const auto journal = open(loop_, folder_.path())->snapshot.journal;
    ASSERT_EQ(journal.size(), 1000U);
    EXPECT_EQ(journal.front().message, "2");
    EXPECT_EQ(journal.back().id, 1001U);
}

}  // namespace
}  // namespace croft::store
