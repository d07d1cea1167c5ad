#include "loop/pool.h"

#include "loop/jobs.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace croft {
namespace {

using namespace std::chrono_literals;

TEST(Pool, WorksElsewhereAndAnswersOnTheLoop) {
    Loop loop;
    Pool pool(loop, {});
    int answer = 0;
    bool on_loop_while_working = true, on_loop_when_answering = false;
    loop.post([&] {
        const auto queued = pool.run(
            Pool::Lane::quick,
            [&](const std::stop_token&) {
                on_loop_while_working = loop.is_this_thread();
                return 42;
            },
            [&](int result) {
                answer = result;
                on_loop_when_answering = loop.is_this_thread();
                loop.stop();
            });
        EXPECT_TRUE(queued);
    });
    loop.run();
    EXPECT_EQ(answer, 42);
    EXPECT_FALSE(on_loop_while_working);
    EXPECT_TRUE(on_loop_when_answering);
}

TEST(Pool, RefusesMoreThanItsQueueHolds) {
    Loop loop;
    std::atomic<bool> release = false;
    Pool pool(loop, {.bulk_threads = 1, .queue_limit = 2});
    const auto wait = [&](const std::stop_token&) {
        release.wait(false);
        return 0;
    };
    EXPECT_TRUE(pool.run(Pool::Lane::bulk, wait, [](int) {}));
    EXPECT_TRUE(pool.run(Pool::Lane::bulk, wait, [](int) {}));
    const auto third = pool.run(Pool::Lane::bulk, wait, [](int) {});
    ASSERT_FALSE(third);
    EXPECT_EQ(third.error().code, Errc::unavailable);
    release = true;
    release.notify_all();
}

TEST(Pool, StopsRunningWorkAndNeverAnswersAfterItsEnd) {
    Loop loop;
    bool answered = false;
    {
        Pool pool(loop, {.bulk_threads = 1, .queue_limit = 8});
        std::atomic<bool> started = false;
        ASSERT_TRUE(pool.run(
            Pool::Lane::bulk,
            [&](const std::stop_token& stop) {
                started = true;
                started.notify_all();
                while (!stop.stop_requested())
                    std::this_thread::sleep_for(1ms);
                return 0;
            },
            [&](int) { answered = true; }));
        started.wait(false);
    }
    auto end = loop.after(10ms, [&] { loop.stop(); });
    loop.run();
    EXPECT_FALSE(answered);
}

TEST(Jobs, TellsEveryChangeAndForgetsOldOnes) {
    Jobs jobs;
    int changes = 0;
    jobs.on_change([&](const Jobs::Job&) { ++changes; });
    const auto first = jobs.start("get", "wiki-57");
    jobs.progress(first, 5, 10);
    jobs.finish(first, fail(Errc::no_space, "disk_full", "no room"));
    EXPECT_EQ(changes, 3);
    ASSERT_NE(jobs.find(first), nullptr);
    EXPECT_EQ(jobs.find(first)->error->reason, "disk_full");
    for (int i = 0; i < 150; ++i)
        jobs.finish(jobs.start("verify", "x"), {});
    EXPECT_EQ(jobs.find(first), nullptr);
}

}  // namespace
}  // namespace croft
