#include "store/samples.h"
#include "store/store.h"
#include "testing/temporary_folder.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <filesystem>

namespace croft::store {
namespace {

/// Runs `work` in a process of its own, which can be killed or robbed of its rights, and gives what
/// it returns.
template <class Work>
int in_child(Work work) {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(work());
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/// Commits numbers for ever and tells each to `acknowledged` as soon as it is committed.
[[noreturn]] void commit_for_ever(const std::filesystem::path& folder, int acknowledged) {
    Loop loop;
    auto opened = open(loop, folder);
    std::function<void(std::uint32_t)> commit_number = [&](std::uint32_t number) {
        const std::string text = std::to_string(number);
        opened->store->commit({PutSetting{"newest", text}, AppendJournal{test::sample_entry(text)}},
                              [&, number](const Outcome& outcome) {
                                  if (!outcome || ::write(acknowledged, &number, sizeof number) < 0)
                                      ::_exit(1);
                                  commit_number(number + 1);
                              });
    };
    loop.post([&] { commit_number(1); });
    loop.run();
    ::_exit(2);
}

TEST(StoreDurability, LosesNothingThatWasAcknowledgedBeforeKillNine) {
    const test::TemporaryFolder folder;
    for (std::uint32_t round = 1; round <= 10; ++round) {
        std::array<int, 2> pipe{};
        ASSERT_EQ(::pipe(pipe.data()), 0);
        const pid_t child = ::fork();
        if (child == 0) {
            ::close(pipe[0]);
            commit_for_ever(folder.path(), pipe[1]);
        }
        ::close(pipe[1]);
        std::uint32_t acknowledged = 0, newest = 0;
        while (newest < 3 * round && ::read(pipe[0], &newest, sizeof newest) == sizeof newest)
            acknowledged = newest;
        ::kill(child, SIGKILL);
        ::waitpid(child, nullptr, 0);
        while (::read(pipe[0], &newest, sizeof newest) == sizeof newest)
            acknowledged = newest;
        ::close(pipe[0]);

        Loop loop;
        const auto opened = open(loop, folder.path());
        ASSERT_TRUE(opened) << opened.error().message;
        ASSERT_GE(acknowledged, 3 * round);
        const auto found = std::stoul(opened->snapshot.settings.at("newest"));
        EXPECT_GE(found, acknowledged);
        // Both changes of a commit are there, or neither.
        EXPECT_EQ(opened->snapshot.journal.back().message, std::to_string(found));
    }
}

TEST(StoreDurability, SaysThatItMayNotWrite) {
    const test::TemporaryFolder folder;
    std::filesystem::permissions(folder.path(), std::filesystem::perms(0555));
    const int code = in_child([&] {
        if (::getuid() == 0 && ::setuid(65534) != 0) return 100;
        Loop loop;
        const auto opened = open(loop, folder.path());
        return opened ? 101 : static_cast<int>(opened.error().code);
    });
    EXPECT_EQ(code, static_cast<int>(Errc::not_allowed));
}

TEST(StoreDurability, AnswersFailureWhenTheDiskTakesNoMoreAndKeepsWhatWasThere) {
    const test::TemporaryFolder folder;
    const int code = in_child([&] {
        Loop loop;
        auto opened = open(loop, folder.path());
        if (!test::commit(loop, *opened->store, {PutSetting{"k", "old"}})) return 100;
        std::signal(SIGXFSZ, SIG_IGN);  // a write beyond the limit then fails instead
        const rlimit limit{64 << 10, 64 << 10};
        if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) return 101;
        const auto outcome =
            test::commit(loop, *opened->store,
                         {PutSetting{"k", "new"}, PutSetting{"big", std::string(1 << 20, 'x')}});
        return outcome ? 102 : 0;
    });
    ASSERT_EQ(code, 0);
    Loop loop;
    const auto opened = open(loop, folder.path());
    ASSERT_TRUE(opened) << opened.error().message;
    EXPECT_EQ(opened->snapshot.settings, (std::map<std::string, std::string>{{"k", "old"}}));
}

}  // namespace
}  // namespace croft::store
