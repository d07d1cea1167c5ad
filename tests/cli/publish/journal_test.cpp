#include "cli/publish/journal.h"

#include "files.h"
#include "testing/temporary_folder.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>

namespace croft::publish {
namespace {

class JournalFile : public testing::Test {
protected:
    std::filesystem::path feed() const { return folder_.path() / "feed"; }
    std::filesystem::path file() const { return folder_.path() / "feed.journal"; }

private:
    test::TemporaryFolder folder_;
};

TEST_F(JournalFile, RemembersTheHighestNumbers) {
    {
        auto journal = Journal::open(feed());
        ASSERT_TRUE(journal) << journal.error().message;
        EXPECT_EQ(journal->numbers().last().catalogue, 0U);
        ASSERT_TRUE(journal->burn({1, 1, catalog::ReleaseName{"wiki", 7}}));
        ASSERT_TRUE(journal->burn({2, 2, catalog::ReleaseName{"papers", 1}}));
        ASSERT_TRUE(journal->burn({0, 3, {}}));
    }
    const auto numbers = BurntNumbers::read(feed() / "");
    ASSERT_TRUE(numbers) << numbers.error().message;
    EXPECT_EQ(numbers->last().catalogue, 2U);
    EXPECT_EQ(numbers->last().beacon, 3U);
    EXPECT_FALSE(numbers->last().release);
    EXPECT_EQ(numbers->last_serial("wiki"), 7U);
    EXPECT_EQ(numbers->last_serial("papers"), 1U);
    EXPECT_EQ(numbers->last_serial("media"), 0U);
}

TEST_F(JournalFile, RemembersWhichCatalogueStoodInTheFeed) {
    {
        auto journal = Journal::open(feed());
        ASSERT_TRUE(journal->burn({1, 1, catalog::ReleaseName{"wiki", 1}}));
        EXPECT_EQ(journal->numbers().done(), 0U);
        ASSERT_TRUE(journal->finish(1));
        ASSERT_TRUE(journal->finish(1));
        ASSERT_TRUE(journal->burn({2, 2, catalog::ReleaseName{"wiki", 2}}));
    }
    EXPECT_EQ(test::read(file()),
              "catalogue 1 beacon 1 release wiki-1\ndone 1\ncatalogue 2 beacon 2 release wiki-2\n");
    EXPECT_EQ(BurntNumbers::read(feed())->done(), 1U);
}

TEST_F(JournalFile, IsOneForAllNamesOfAFeed) {
    std::filesystem::create_directory(feed());
    const auto other = feed().parent_path() / "other";
    std::filesystem::create_directory_symlink("feed", other);
    auto journal = Journal::open(feed());
    ASSERT_TRUE(journal->burn({5, 5, {}}));
    EXPECT_EQ(BurntNumbers::read(other)->last().catalogue, 5U);
    EXPECT_EQ(Journal::open(other).error().reason, "locked");
    EXPECT_EQ(Journal::path_for(other / ""), file());
}

TEST_F(JournalFile, IsHeldByOneAtATimeWhereverTheFeedIsMounted) {
    // A second mount of the feed elsewhere has a second journal, but the folder is the same.
    std::filesystem::create_directory(feed());
    const Descriptor folder(::open(feed().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    ASSERT_EQ(::flock(folder.number(), LOCK_EX | LOCK_NB), 0);
    EXPECT_EQ(Journal::open(feed()).error().reason, "locked");
}

TEST_F(JournalFile, IsReadWithoutBeingMade) {
    EXPECT_EQ(BurntNumbers::read(feed())->last().catalogue, 0U);
    EXPECT_FALSE(std::filesystem::exists(file()));
    test::write(file(), "catalogue 3 beacon 1\ncatalogue 4");
    EXPECT_EQ(BurntNumbers::read(feed())->last().catalogue, 3U);
    EXPECT_EQ(test::read(file()), "catalogue 3 beacon 1\ncatalogue 4");
}

TEST_F(JournalFile, IsWrittenBeforeBurnReturns) {
    auto journal = Journal::open(feed());
    ASSERT_TRUE(journal->burn({58, 12, catalog::ReleaseName{"wiki", 57}}));
    EXPECT_EQ(test::read(file()), "catalogue 58 beacon 12 release wiki-57\n");
}

TEST_F(JournalFile, CutsOffALineThatACrashLeftHalf) {
    test::write(file(), "catalogue 1 beacon 1 release wiki-1\ncatalogue 2 bea");
    auto journal = Journal::open(feed());
    ASSERT_TRUE(journal) << journal.error().message;
    EXPECT_EQ(journal->numbers().last().catalogue, 1U);
    ASSERT_TRUE(journal->burn({2, 2, {}}));
    EXPECT_EQ(test::read(file()), "catalogue 1 beacon 1 release wiki-1\ncatalogue 2 beacon 2\n");
}

TEST_F(JournalFile, RefusesWhatItDidNotWrite) {
    for (const char* line :
         {"hello\n", "catalogue x beacon 1\n", "catalogue 1 beacon 1 release Wiki-1\n",
          "catalogue 1 beacon 1 release wiki\n", "catalogue -1 beacon 1\n", "done\n", "done x\n",
          "done 1 2\n", "\n"}) {
        test::write(file(), line);
        const auto journal = Journal::open(feed());
        ASSERT_FALSE(journal) << line;
        EXPECT_EQ(journal.error().reason, "journal_damaged");
    }
}

TEST_F(JournalFile, IsHeldByOneAtATime) {
    const auto first = Journal::open(feed());
    ASSERT_TRUE(first);
    EXPECT_EQ(Journal::open(feed()).error().reason, "locked");
}

}  // namespace
}  // namespace croft::publish
