#include "loop/loop.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <thread>
#include <vector>

namespace croft {
namespace {

using namespace std::chrono_literals;

TEST(Loop, RunsWhatIsPostedInOrderOnItsThread) {
    Loop loop;
    std::vector<int> order;
    std::jthread other([&] {
        for (int i = 0; i < 3; ++i)
            loop.post([&, i] { order.push_back(loop.is_this_thread() ? i : -1); });
        loop.post([&] { loop.stop(); });
    });
    loop.run();
    EXPECT_EQ(order, (std::vector{0, 1, 2}));
}

TEST(Loop, FiresTimerOnceAndPeriodicOnesUntilTheyAreDropped) {
    Loop loop;
    int once = 0, often = 0;
    auto one = loop.after(1ms, [&] { ++once; });
    auto many = loop.every(1ms, [&] {
        if (++often == 3) loop.stop();
    });
    loop.run();
    EXPECT_EQ(once, 1);
    EXPECT_EQ(often, 3);
}

TEST(Loop, ForgetsTimerThatIsDestroyedEvenWhenItIsDueAlready) {
    Loop loop;
    int fired = 0;
    auto victim = loop.after(0ms, [&] { ++fired; });
    loop.post([&] {
        std::this_thread::sleep_for(5ms);  // now it is due
        loop.post([&] { victim = Loop::Timer(); });
        victim = Loop::Timer();
    });
    auto end = loop.after(20ms, [&] { loop.stop(); });
    loop.run();
    EXPECT_EQ(fired, 0);
}

TEST(Loop, LetsTimerDestroyItself) {
    Loop loop;
    Loop::Timer timer;
    int fired = 0;
    timer = loop.every(1ms, [&] {
        ++fired;
        timer = Loop::Timer();
        loop.stop();
    });
    loop.run();
    EXPECT_EQ(fired, 1);
}

TEST(Loop, GoesOnWhereItStoppedWhenItIsRunAgain) {
    Loop loop;
    int reached = 0;
    loop.post([&] { loop.stop(); });
    loop.post([&] {
        ++reached;
        loop.stop();
    });
    loop.run();
    EXPECT_EQ(reached, 0);
    loop.run();
    EXPECT_EQ(reached, 1);
}

TEST(Loop, SurvivesHandlerThatThrows) {
    Loop loop;
    bool reached = false;
    loop.post([] { throw std::runtime_error("a test throws this"); });
    loop.post([&] {
        reached = true;
        loop.stop();
    });
    loop.run();
    EXPECT_TRUE(reached);
}

TEST(Loop, MeasuresHowLongItWasHeld) {
    Loop loop;
    loop.post([] { std::this_thread::sleep_for(450ms); });
    auto end = loop.after(700ms, [&] { loop.stop(); });
    loop.run();
    EXPECT_GE(loop.lag(), 100ms);
}

}  // namespace
}  // namespace croft
