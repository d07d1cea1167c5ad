#include "fakes/fake_store.h"
#include "store/samples.h"
#include "store/store.h"
#include "testing/temporary_folder.h"

#include <gtest/gtest.h>

#include <memory>

namespace croft::test {
namespace {

using namespace store;

/// A store, and what it would read at the next start.
struct RealStore {
    explicit RealStore(Loop& event_loop) : loop(event_loop) { reopen(); }
    Snapshot reopen() {
        store.reset();
        auto opened = open(loop, folder.path());
        store = std::move(opened.value().store);
        return std::move(opened->snapshot);
    }
    Loop& loop;
    TemporaryFolder folder;
    std::unique_ptr<Store> store;
};
struct Fake {
    explicit Fake(Loop& loop) : store(std::make_unique<FakeStore>(loop)) {}
    Snapshot reopen() { return store->snapshot; }
    std::unique_ptr<FakeStore> store;
};

/// What everybody may expect of a store: the fake one and the real one.
template <class Kind>
class StoreContract : public testing::Test {
protected:
    Outcome commit(const std::vector<Change>& changes) {
        return test::commit(loop_, *kind_.store, changes);
    }
    Loop loop_;
    Kind kind_{loop_};
};
using Kinds = testing::Types<RealStore, Fake>;
TYPED_TEST_SUITE(StoreContract, Kinds);

TYPED_TEST(StoreContract, GivesBackEverythingItWasGiven) {
    ASSERT_TRUE(this->commit({PutFollow{sample_follow("a")}, PutFollow{bare_follow("b")},
                              PutHolding{sample_holding("x")}, PutHolding{bare_holding("y")},
                              PutResumeData{"x", std::string("d\0e", 3)}, PutSetting{"k", "v"},
                              AppendJournal{sample_entry("first")}}));
    const Snapshot read = this->kind_.reopen();
    ASSERT_EQ(read.follows.size(), 2U);
    EXPECT_EQ(members(read.follows[0]), members(sample_follow("a")));
    EXPECT_EQ(members(read.follows[1]), members(bare_follow("b")));
    ASSERT_EQ(read.holdings.size(), 2U);
    EXPECT_EQ(members(read.holdings[0]), members(sample_holding("x")));
    EXPECT_EQ(members(read.holdings[1]), members(bare_holding("y")));
    EXPECT_EQ(read.resume_data.at("x"), std::string("d\0e", 3));
    EXPECT_EQ(read.settings, (std::map<std::string, std::string>{{"k", "v"}}));
    ASSERT_EQ(read.journal.size(), 1U);
    JournalEntry expected = sample_entry("first");
    expected.id = read.journal[0].id;
    EXPECT_EQ(members(read.journal[0]), members(expected));
}

TYPED_TEST(StoreContract, ReplacesAFollowWholeListsIncluded) {
    ASSERT_TRUE(this->commit({PutFollow{sample_follow("a")}}));
    Follow smaller = bare_follow("a");
    smaller.peers = {"h:1"};
    ASSERT_TRUE(this->commit({PutFollow{smaller}}));
    EXPECT_EQ(members(this->kind_.reopen().follows.at(0)), members(smaller));
}

TYPED_TEST(StoreContract, KeepsResumeDataWhenItsHoldingChangesAndForgetsItWithIt) {
    ASSERT_TRUE(this->commit({PutHolding{sample_holding("x")}, PutResumeData{"x", "r"}}));
    Holding changed = sample_holding("x");
    changed.state = "dropping";
    changed.peers.clear();
    ASSERT_TRUE(this->commit({PutHolding{changed}}));
    EXPECT_EQ(members(this->kind_.reopen().holdings.at(0)), members(changed));
    EXPECT_EQ(this->kind_.reopen().resume_data.at("x"), "r");
    ASSERT_TRUE(this->commit({DeleteHolding{"x"}}));
    EXPECT_TRUE(this->kind_.reopen().resume_data.empty());
    EXPECT_TRUE(this->kind_.reopen().holdings.empty());
}

TYPED_TEST(StoreContract, AppliesAllChangesOrNone) {
    ASSERT_TRUE(this->commit({PutSetting{"k", "old"}}));
    const Outcome outcome = this->commit(
        {PutSetting{"k", "new"}, AppendJournal{sample_entry("no")}, PutResumeData{"nobody", "r"}});
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, Errc::io);
    EXPECT_EQ(this->kind_.reopen().settings.at("k"), "old");
    EXPECT_TRUE(this->kind_.reopen().journal.empty());
}

TYPED_TEST(StoreContract, AnswersInTheOrderOfTheCallsAndOnTheLoop) {
    std::vector<int> order;
    this->loop_.post([&] {
        for (int i = 0; i < 5; ++i) {
            this->kind_.store->commit({PutSetting{"k", std::to_string(i)}}, [&, i](const Outcome&) {
                order.push_back(this->loop_.is_this_thread() ? i : -1);
                if (i == 4) this->loop_.stop();
            });
        }
        EXPECT_TRUE(order.empty());  // never from inside the call
    });
    this->loop_.run();
    EXPECT_EQ(order, (std::vector{0, 1, 2, 3, 4}));
    EXPECT_EQ(this->kind_.reopen().settings.at("k"), "4");
}

TYPED_TEST(StoreContract, TellsJournalEntriesWithRisingIdsBeforeTheAnswer) {
    std::vector<std::uint64_t> ids;
    this->kind_.store->on_appended = [&](const JournalEntry& entry) { ids.push_back(entry.id); };
    ASSERT_TRUE(this->commit({AppendJournal{sample_entry("a")}, AppendJournal{sample_entry("b")}}));
    ASSERT_TRUE(this->commit({AppendJournal{sample_entry("c")}}));
    EXPECT_EQ(ids, (std::vector<std::uint64_t>{1, 2, 3}));
    ASSERT_FALSE(this->commit({AppendJournal{sample_entry("d")}, PutResumeData{"nobody", ""}}));
    EXPECT_EQ(ids.size(), 3U);
}

TYPED_TEST(StoreContract, ForgetsAFollowWithAllThatBelongsToIt) {
    ASSERT_TRUE(this->commit({PutFollow{sample_follow("a")}, PutFollow{sample_follow("b")}}));
    ASSERT_TRUE(this->commit({DeleteFollow{"a"}}));
    const Snapshot read = this->kind_.reopen();
    ASSERT_EQ(read.follows.size(), 1U);
    EXPECT_EQ(members(read.follows[0]), members(sample_follow("b")));
    ASSERT_TRUE(this->commit({PutFollow{bare_follow("a")}}));
    EXPECT_TRUE(this->kind_.reopen().follows.at(0).sources.empty());
}

}  // namespace
}  // namespace croft::test
