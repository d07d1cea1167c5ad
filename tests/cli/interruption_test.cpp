#include "cli/interruption.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>

namespace croft::cli {
namespace {

/// How a process ends that goes on whatever it is asked, and is asked twice.
int end_of_a_deaf_process(int signal) {
    const pid_t child = ::fork();
    if (child == 0) {
        const Interruption interruption;
        ::kill(::getpid(), signal);
        while (!interruption.token().stop_requested())
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        ::kill(::getpid(), signal);
        std::this_thread::sleep_for(std::chrono::seconds(20));
        ::_exit(99);  // it was never ended
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return status;
}

TEST(Interruption, AskedTwiceEndsTheProcessWhateverItWaitsFor) {
    for (const int signal : {SIGINT, SIGTERM}) {
        const int status = end_of_a_deaf_process(signal);
        EXPECT_TRUE(WIFSIGNALED(status)) << status;
        EXPECT_EQ(WTERMSIG(status), signal);
    }
}

TEST(Interruption, AskedOnceOnlyAsksTheWorkToStop) {
    const Interruption interruption;
    EXPECT_FALSE(interruption.token().stop_requested());
    ::kill(::getpid(), SIGINT);
    for (int i = 0; i < 2000 && !interruption.token().stop_requested(); ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    EXPECT_TRUE(interruption.token().stop_requested());
}

}  // namespace
}  // namespace croft::cli
