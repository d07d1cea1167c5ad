#include "feeds/fair_queue_impl.h"

#include <gtest/gtest.h>

namespace croft::feeds {
namespace {

std::string take(FairQueue<int>& queue) {
    const auto next = queue.take();
    return next ? next->first + std::to_string(next->second) : "none";
}

TEST(FairQueue, TakesPartiesInTurnsAndEachInOrder) {
    FairQueue<int> queue(10);
    for (const int number : {1, 2, 3})
        queue.add("a", number);
    queue.add("b", 1);
    queue.add("c", 1);
    queue.add("b", 2);
    std::string order;
    for (int i = 0; i < 6; ++i)
        order += take(queue) + " ";
    EXPECT_EQ(order, "a1 b1 c1 a2 b2 a3 ");
    EXPECT_EQ(take(queue), "none");
}

TEST(FairQueue, LetsNobodyHaveMoreThanItsShareAtOnce) {
    FairQueue<int> queue(2);
    for (const int number : {1, 2, 3, 4})
        queue.add("a", number);
    EXPECT_EQ(take(queue), "a1");
    EXPECT_EQ(take(queue), "a2");
    EXPECT_EQ(take(queue), "none");
    queue.add("b", 1);
    EXPECT_EQ(take(queue), "b1");
    queue.done("a");
    EXPECT_EQ(take(queue), "a3");
    queue.done("b");
    EXPECT_EQ(take(queue), "none");
    queue.done("a");
    queue.done("a");
    EXPECT_EQ(take(queue), "a4");
}

}  // namespace
}  // namespace croft::feeds
