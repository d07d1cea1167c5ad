#pragma once

#include "swarm/swarm.h"
#include "testing/loop_thread.h"
#include "testing/test_bundle.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

namespace croft::test {

/// A real session with a loopback address of its own, as a test drives it from outside the loop.
class Node {
public:
    /// TCP on 127.0.0.`number`, no discovery: uTP crawls on loopback, and a multicast leaves it.
    static swarm::Options options(int number) {
        swarm::Options options;
        options.listen = {"127.0.0." + std::to_string(number) + ":0"};
        options.dht_bootstrap.clear();
        options.dht = options.lsd = options.utp = false;
        return options;
    }

    Node(LoopThread& thread, const swarm::Options& options) : thread_(thread) {
        thread_.call([&] {
            auto made = swarm::make_libtorrent_swarm(
                thread_.loop(), options, [this](swarm::Event event) { keep(std::move(event)); });
            if (!made) throw std::runtime_error(made.error().message);
            swarm_ = std::move(*made);
            return true;
        });
    }
    Node(LoopThread& thread, int number) : Node(thread, options(number)) {}
    Node(const Node&) = delete;
    Node& operator=(const Node&) = delete;
    ~Node() { kill(); }

    /// Ends without a word, like a process that dies: nothing is saved.
    void kill() {
        thread_.call([&] {
            swarm_.reset();
            return true;
        });
    }

    /// Ends as the daemon ends.
    bool stop() {
        bool stopped = false;
        call([&](auto& swarm) { swarm.stop(std::chrono::seconds(10), [&] { stopped = true; }); });
        return thread_.wait_until([&] { return stopped; }, std::chrono::seconds(15));
    }

    void call(const std::function<void(swarm::Swarm&)>& command) {
        thread_.call([&] {
            command(*swarm_);
            return true;
        });
    }

    void add(swarm::Add bundle) {
        call([&](auto& swarm) { swarm.add(std::move(bundle)); });
    }

    /// What its publisher has, whole, from its own folder. Answers once it is seeded.
    std::string seed(const TestBundle& bundle) {
        swarm::Add add;
        add.torrent = bundle.torrent();
        add.folder = bundle.folder();
        add.have_all = true;
        this->add(add);
        if (!wait_for<swarm::Completed>(bundle.id())) throw std::runtime_error("it does not seed");
        return address();
    }

    /// Where others reach it.
    std::string address() {
        if (!thread_.wait_until([&] { return !totals().listening.empty(); })) {
            throw std::runtime_error("it does not listen");
        }
        return totals().listening.front();
    }

    /// Sees every event at the moment it comes, on the loop.
    void watch(std::function<void(const swarm::Event&)> watcher) {
        thread_.call([&] {
            watcher_ = std::move(watcher);
            return true;
        });
    }

    template <class Event>
    std::vector<Event> all(const catalog::BundleId& id) {
        return thread_.call([&] { return all_here<Event>(id); });
    }

    /// The session as last told. From any thread.
    swarm::Totals totals() {
        const std::lock_guard lock(mutex_);
        return totals_;
    }

    template <class Event>
    bool wait_for(const catalog::BundleId& id, std::size_t times = 1) {
        return thread_.wait_until([&] { return all_here<Event>(id).size() >= times; });
    }

    /// Waits for progress that satisfies `condition`.
    bool wait_for_progress(const catalog::BundleId& id,
                           const std::function<bool(const swarm::Progressed&)>& condition) {
        return thread_.wait_until([&] {
            const auto progress = all_here<swarm::Progressed>(id);
            return !progress.empty() && condition(progress.back());
        });
    }

    bool was_ever(const catalog::BundleId& id, swarm::State state) {
        return std::ranges::any_of(all<swarm::Progressed>(id), [&](const auto& progressed) {
            return progressed.state == state;
        });
    }

private:
    template <class Event>
    std::vector<Event> all_here(const catalog::BundleId& id) const {
        std::vector<Event> found;
        for (const auto& event : events_) {
            const auto* typed = std::get_if<Event>(&event);
            if (typed && typed->id == id) found.push_back(*typed);
        }
        return found;
    }

    void keep(swarm::Event event) {
        if (const auto* totals = std::get_if<swarm::Totals>(&event)) {
            const std::lock_guard lock(mutex_);
            totals_ = *totals;
        }
        if (watcher_) watcher_(event);
        events_.push_back(std::move(event));
    }

    LoopThread& thread_;
    std::mutex mutex_;
    swarm::Totals totals_;
    std::vector<swarm::Event> events_;  ///< touched on the loop only
    std::function<void(const swarm::Event&)> watcher_;
    std::unique_ptr<swarm::Swarm> swarm_;
};

}  // namespace croft::test
