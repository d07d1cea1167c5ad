#include "base/file.h"
#include "store/backups_impl.h"
#include "store/database_impl.h"
#include "store/row_impl.h"
#include "store/samples.h"
#include "store/tables_impl.h"
#include "testing/temporary_folder.h"

#include <gtest/gtest.h>

namespace croft::store {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

class BackupsTest : public testing::Test {
protected:
    BackupsTest() {
        EXPECT_TRUE(migrate(database_, migrations(), [](int) {}));
    }

    void make_older(const fs::path& file, std::chrono::hours age) {
        fs::last_write_time(file, fs::last_write_time(file) - age);
    }
    std::string setting_in(const fs::path& file) {
        SQLite::Database copy(file.native());
        return read_all(copy).settings["k"];
    }

    const test::TemporaryFolder folder_;
    const fs::path file_ = folder_.path() / "croft.db";
    const fs::path newest_ = folder_.path() / "croft.db.backup";
    const fs::path before_ = folder_.path() / "croft.db.backup.1";
    SQLite::Database database_ = connect(file_);
};

TEST_F(BackupsTest, MakesOneADayAndKeepsTheOneBefore) {
    apply(database_, PutSetting{"k", "1"});
    back_up_daily(database_, file_);
    apply(database_, PutSetting{"k", "2"});
    back_up_daily(database_, file_);
    EXPECT_EQ(setting_in(newest_), "1");
    EXPECT_FALSE(fs::exists(before_));

    make_older(newest_, 25h);
    back_up_daily(database_, file_);
    EXPECT_EQ(setting_in(newest_), "2");
    EXPECT_EQ(setting_in(before_), "1");
    EXPECT_EQ(backups_of(file_), (std::vector{newest_, before_}));
}

TEST_F(BackupsTest, MakesOneWhereTheNewestComesFromTheFuture) {
    apply(database_, PutSetting{"k", "1"});
    back_up_daily(database_, file_);
    make_older(newest_, -2000h);
    apply(database_, PutSetting{"k", "2"});
    back_up_daily(database_, file_);
    EXPECT_EQ(setting_in(newest_), "2");
}

TEST_F(BackupsTest, DoesNotLetADamagedDatabasePushAGoodBackupOut) {
    apply(database_, PutSetting{"k", "1"});
    back_up_daily(database_, file_);
    make_older(newest_, 25h);
    database_.exec("UPDATE setting SET value = 'x'");  // as a flipped bit would: no checksum
    EXPECT_THROW(back_up_daily(database_, file_), Damage);
    EXPECT_EQ(setting_in(newest_), "1");
}

TEST_F(BackupsTest, NeverOverwritesWhatWasSetAsideBefore) {
    for (const char* content : {"a", "b", "c"}) {
        ASSERT_TRUE(write_file(file_, content));
        ASSERT_TRUE(set_aside(file_));
    }
    std::string all;
    for (const auto& entry : fs::directory_iterator(folder_.path())) {
        const std::string name = entry.path().filename().native();
        if (name.starts_with("croft.db.damaged-") && !name.ends_with("-wal")) {
            all += read_file(entry.path(), 100).value();
        }
    }
    std::sort(all.begin(), all.end());
    EXPECT_EQ(all, "abc");
}

}  // namespace
}  // namespace croft::store
