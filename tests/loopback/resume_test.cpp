#include "loopback/node.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

namespace croft::test {
namespace {

/// Bytes that this process has read so far, from disks and caches alike.
std::uint64_t bytes_read() {
    std::ifstream io("/proc/self/io");
    std::string key;
    std::uint64_t value = 0;
    while (io >> key >> value) {
        if (key == "rchar:") return value;
    }
    throw std::runtime_error("/proc/self/io has no rchar");
}

class Resume : public testing::Test {
protected:
    static constexpr std::size_t size = 8'000'000;

    swarm::Add bundle_here(std::string resume_data = {}) const {
        swarm::Add add;
        add.torrent = bundle_.torrent();
        add.folder = root_.path() / bundle_.torrent().name;
        add.resume_data = std::move(resume_data);
        return add;
    }

    /// Downloads it all, ends as a daemon ends, and gives the last resume data.
    std::string resume_data_of_a_whole_one() {
        Node seed(thread_, 2);
        Node follower(thread_, 1);
        auto add = bundle_here();
        add.peers = {seed.seed(bundle_)};
        follower.add(add);
        EXPECT_TRUE(follower.wait_for<swarm::Completed>(bundle_.id()));
        EXPECT_TRUE(follower.stop());
        return follower.all<swarm::ResumeDataSaved>(bundle_.id()).back().bytes;
    }

    TemporaryFolder root_;
    TestBundle bundle_{"wiki-57", size};
    LoopThread thread_;
};

TEST_F(Resume, SeedsAgainWithoutReadingItsBytes) {
    const auto resume_data = resume_data_of_a_whole_one();
    Node node(thread_, 1);
    const auto before = bytes_read();
    node.add(bundle_here(resume_data));
    ASSERT_TRUE(node.wait_for<swarm::Completed>(bundle_.id()));
    EXPECT_LT(bytes_read() - before, size / 4);
    Node follower(thread_, 2);
    TemporaryFolder other;
    auto add = bundle_here();
    add.folder = other.path() / "wiki-57";
    add.peers = {node.address()};
    follower.add(add);
    ASSERT_TRUE(follower.wait_for<swarm::Completed>(bundle_.id()));
    EXPECT_TRUE(bundle_.is_whole_in(other.path()));
}

TEST_F(Resume, SeedsAtOnceWithoutReadingWhatWasProvedWhole) {
    bundle_.copy_to(root_.path());
    Node node(thread_, 1);
    auto add = bundle_here();
    add.have_all = true;
    const auto before = bytes_read();
    node.add(add);
    ASSERT_TRUE(node.wait_for<swarm::Completed>(bundle_.id()));
    EXPECT_LT(bytes_read() - before, size / 4);
}

TEST_F(Resume, ResumeDataIsSmallAndHoldsNoHashTrees) {
    EXPECT_LT(resume_data_of_a_whole_one().size(), bundle_.torrent().piece_count() + 1000);
}

TEST_F(Resume, FetchesAgainWhatIsMissingWhateverResumeDataSays) {
    const auto resume_data = resume_data_of_a_whole_one();
    std::filesystem::remove(root_.path() / "wiki-57/articles/two.txt");
    Node seed(thread_, 2);
    Node node(thread_, 1);
    auto add = bundle_here(resume_data);
    add.peers = {seed.seed(bundle_)};
    node.add(add);
    ASSERT_TRUE(node.wait_for<swarm::Completed>(bundle_.id()));
    EXPECT_TRUE(bundle_.is_whole_in(root_.path()));
}

TEST_F(Resume, ChecksTheFilesWhereResumeDataIsAnothersOrBroken) {
    const TestBundle other("papers-3", 100'000);
    std::string of_another;
    {
        Node seed(thread_, 2);
        seed.seed(other);
        ASSERT_TRUE(seed.stop());
        of_another = seed.all<swarm::ResumeDataSaved>(other.id()).back().bytes;
    }
    bundle_.copy_to(root_.path());
    write_bytes(root_.path() / "wiki-57/big.bin", noise(size, 99));
    for (const auto& resume_data : {of_another, std::string("d8:announce"), std::string("\0", 1)}) {
        Node node(thread_, 1);
        node.add(bundle_here(resume_data));
        ASSERT_TRUE(node.wait_for_progress(bundle_.id(), [](const auto& progressed) {
            return progressed.state == swarm::State::downloading && progressed.done_bytes > 0;
        }));
        EXPECT_TRUE(node.all<swarm::Completed>(bundle_.id()).empty());
    }
}

TEST_F(Resume, ADownloadThatWasStoppedGoesOnWhereItWas) {
    Node seed(thread_, 2);
    const auto address = seed.seed(bundle_);
    auto add = bundle_here();
    add.peers = {address};
    std::uint64_t done = 0;
    {
        Node node(thread_, 1);
        node.call([](auto& swarm) { swarm.set_limits(3'000'000, 0); });
        node.add(add);
        ASSERT_TRUE(node.wait_for_progress(bundle_.id(), [&](const auto& progressed) {
            done = progressed.done_bytes;
            return done > size / 4;
        }));
        ASSERT_TRUE(node.stop());
        add.resume_data = node.all<swarm::ResumeDataSaved>(bundle_.id()).back().bytes;
    }
    Node node(thread_, 3);
    const auto before = bytes_read();
    node.add(add);
    ASSERT_TRUE(node.wait_for_progress(
        bundle_.id(), [&](const auto& progressed) { return progressed.done_bytes >= done; }));
    EXPECT_FALSE(node.was_ever(bundle_.id(), swarm::State::checking));
    ASSERT_TRUE(node.wait_for<swarm::Completed>(bundle_.id()));
    EXPECT_TRUE(bundle_.is_whole_in(root_.path()));
    EXPECT_LT(node.totals().received_bytes, size - done + 500'000);
    EXPECT_GT(bytes_read(), before);
}

/// In a process of its own: downloads from the address that it is told, and tells how far it is.
[[noreturn]] void download_until_killed(const swarm::Add& without_peers, int from_parent,
                                        int to_parent) {
    char address[64] = {};
    if (::read(from_parent, address, sizeof address - 1) <= 0) ::_exit(1);
    LoopThread thread;
    Node node(thread, 1);
    node.call([](auto& swarm) { swarm.set_limits(3'000'000, 0); });
    auto add = without_peers;
    add.peers = {address};
    node.add(add);
    const bool far_enough = node.wait_for_progress(
        add.torrent.id, [](const auto& progressed) { return progressed.done_bytes > 2'000'000; });
    if (!far_enough || ::write(to_parent, "x", 1) != 1) ::_exit(1);
    for (;;)
        ::pause();
}

// A test without the fixture's loop: the process forks before it has threads.
TEST(ResumeAfterKill, ADownloadThatWasKilledGoesOn) {
    const TemporaryFolder root;
    const TestBundle bundle("wiki-57", 8'000'000);
    swarm::Add add;
    add.torrent = bundle.torrent();
    add.folder = root.path() / "wiki-57";
    int to_child[2];
    int to_parent[2];
    ASSERT_EQ(::pipe(to_child), 0);
    ASSERT_EQ(::pipe(to_parent), 0);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) download_until_killed(add, to_child[0], to_parent[1]);

    LoopThread thread;
    Node seed(thread, 2);
    add.peers = {seed.seed(bundle)};
    ASSERT_GT(::write(to_child[1], add.peers[0].data(), add.peers[0].size()), 0);
    char told = 0;
    EXPECT_EQ(::read(to_parent[0], &told, 1), 1);
    ::kill(child, SIGKILL);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status));
    EXPECT_FALSE(bundle.is_whole_in(root.path()));

    Node node(thread, 3);
    node.add(add);
    ASSERT_TRUE(node.wait_for<swarm::Completed>(bundle.id()));
    EXPECT_TRUE(bundle.is_whole_in(root.path()));
    EXPECT_LT(node.totals().received_bytes, 8'000'000 - 1'900'000);
    for (const int end : {to_child[0], to_child[1], to_parent[0], to_parent[1]})
        ::close(end);
}

}  // namespace
}  // namespace croft::test
