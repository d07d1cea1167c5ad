#include "swarm/save_queue_impl.h"

#include <gtest/gtest.h>

#include <vector>

namespace croft::swarm {
namespace {

catalog::BundleId id(std::uint8_t number) {
    catalog::BundleId id;
    id.info_hash_v2.bytes.fill(number);
    return id;
}

struct Saver {
    std::vector<catalog::BundleId> started;
    bool has_something = true;
    SaveQueue queue{[this](const catalog::BundleId& id) {
        started.push_back(id);
        return has_something;
    }};
};

TEST(SaveQueue, IsIdleOnlyWhenEverythingIsDone) {
    Saver saver;
    EXPECT_TRUE(saver.queue.is_idle());
    saver.queue.add(id(1));
    saver.queue.add(id(2));
    saver.queue.done(id(1));
    EXPECT_FALSE(saver.queue.is_idle());
    saver.queue.done(id(2));
    EXPECT_TRUE(saver.queue.is_idle());
}

TEST(SaveQueue, StartsSomeAtATimeAndAllInTheEnd) {
    Saver saver;
    for (std::uint8_t i = 0; i < 200; ++i)
        saver.queue.add(id(i));
    EXPECT_EQ(saver.started.size(), 64U);
    for (std::uint8_t i = 0; i < 200; ++i)
        saver.queue.done(id(i));
    EXPECT_EQ(saver.started.size(), 200U);
    EXPECT_TRUE(saver.queue.is_idle());
}

TEST(SaveQueue, DoesNotStartTwiceWhatIsUnderWay) {
    Saver saver;
    saver.queue.add(id(1));
    saver.queue.add(id(1));
    EXPECT_EQ(saver.started.size(), 1U);
}

TEST(SaveQueue, GoesOnPastWhatHasNothingToSave) {
    Saver saver;
    saver.has_something = false;
    for (std::uint8_t i = 0; i < 200; ++i)
        saver.queue.add(id(i));
    EXPECT_EQ(saver.started.size(), 200U);
    EXPECT_TRUE(saver.queue.is_idle());
}

TEST(SaveQueue, AnAnswerForNobodyChangesNothing) {
    Saver saver;
    saver.queue.done(id(9));
    saver.queue.add(id(1));
    saver.queue.done(id(9));
    EXPECT_FALSE(saver.queue.is_idle());
}

}  // namespace
}  // namespace croft::swarm
