#include "cli/publish/journal.h"

#include "files.h"
#include "testing/temporary_folder.h"

#include <gtest/gtest.h>

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
        EXPECT_EQ(journal->last().catalogue, 0U);
        ASSERT_TRUE(journal->burn({1, 1, catalog::ReleaseName{"wiki", 7}}));
        ASSERT_TRUE(journal->burn({2, 2, catalog::ReleaseName{"papers", 1}}));
        ASSERT_TRUE(journal->burn({0, 3, {}}));
    }
    const auto journal = Journal::open(feed() / "");
    ASSERT_TRUE(journal) << journal.error().message;
    EXPECT_EQ(journal->last().catalogue, 2U);
    EXPECT_EQ(journal->last().beacon, 3U);
    EXPECT_FALSE(journal->last().release);
    EXPECT_EQ(journal->last_serial("wiki"), 7U);
    EXPECT_EQ(journal->last_serial("papers"), 1U);
    EXPECT_EQ(journal->last_serial("media"), 0U);
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
    EXPECT_EQ(journal->last().catalogue, 1U);
    ASSERT_TRUE(journal->burn({2, 2, {}}));
    EXPECT_EQ(test::read(file()), "catalogue 1 beacon 1 release wiki-1\ncatalogue 2 beacon 2\n");
}

TEST_F(JournalFile, RefusesWhatItDidNotWrite) {
    for (const char* line :
         {"hello\n", "catalogue x beacon 1\n", "catalogue 1 beacon 1 release Wiki-1\n",
          "catalogue 1 beacon 1 release wiki\n", "catalogue -1 beacon 1\n", "\n"}) {
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
