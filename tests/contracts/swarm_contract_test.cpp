#include "contracts/swarm_contract.h"

#include "fakes/fake_swarm.h"
#include "loopback/node.h"

namespace croft::test {
namespace {

class FakeUnderTest final : public SwarmUnderTest {
public:
    FakeUnderTest(LoopThread& thread, std::function<void(swarm::Event)> on_event)
        : thread_(thread), fake_(std::make_unique<FakeSwarm>(thread.loop(), std::move(on_event))) {}
    FakeUnderTest(const FakeUnderTest&) = delete;
    FakeUnderTest& operator=(const FakeUnderTest&) = delete;
    ~FakeUnderTest() override {
        thread_.call([&] {
            fake_.reset();
            return true;
        });
    }

    swarm::Swarm& swarm() override { return *fake_; }

    std::vector<std::string> seed(const TestBundle& bundle) override {
        thread_.call([&] {
            fake_->seed(bundle.id(), bundle.folder());
            return true;
        });
        return {};
    }

private:
    LoopThread& thread_;
    std::unique_ptr<FakeSwarm> fake_;
};

class RealUnderTest final : public SwarmUnderTest {
public:
    RealUnderTest(LoopThread& thread, std::function<void(swarm::Event)> on_event)
        : thread_(thread) {
        thread_.call([&] {
            auto made =
                swarm::make_libtorrent_swarm(thread_.loop(), Node::options(1), std::move(on_event));
            if (!made) throw std::runtime_error(made.error().message);
            swarm_ = std::move(*made);
            return true;
        });
    }
    RealUnderTest(const RealUnderTest&) = delete;
    RealUnderTest& operator=(const RealUnderTest&) = delete;
    ~RealUnderTest() override {
        thread_.call([&] {
            swarm_.reset();
            return true;
        });
    }

    swarm::Swarm& swarm() override { return *swarm_; }

    std::vector<std::string> seed(const TestBundle& bundle) override {
        peers_.push_back(std::make_unique<Node>(thread_, 2 + static_cast<int>(peers_.size())));
        return {peers_.back()->seed(bundle)};
    }

private:
    LoopThread& thread_;
    std::unique_ptr<swarm::Swarm> swarm_;
    std::vector<std::unique_ptr<Node>> peers_;
};

template <class UnderTest>
MakeSwarm maker() {
    return [](LoopThread& thread, std::function<void(swarm::Event)> on_event) {
        return std::make_unique<UnderTest>(thread, std::move(on_event));
    };
}

INSTANTIATE_TEST_SUITE_P(, SwarmContract,
                         testing::Values(SwarmKind{"Fake", maker<FakeUnderTest>()},
                                         SwarmKind{"Libtorrent", maker<RealUnderTest>()}),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace croft::test
