#pragma once

#include "loop/loop.h"

#include <chrono>
#include <exception>
#include <functional>
#include <future>
#include <thread>

namespace croft::test {

/// A loop on a thread of its own, so that a test can wait from outside.
class LoopThread {
public:
    LoopThread() = default;
    LoopThread(const LoopThread&) = delete;
    LoopThread& operator=(const LoopThread&) = delete;
    ~LoopThread() {
        loop_.stop();
        thread_.join();
    }

    Loop& loop() { return loop_; }

    /// Runs `function` on the loop and waits for what it returns.
    template <class Function>
    auto call(Function function) {
        using Value = decltype(function());
        std::packaged_task<Value()> task(std::move(function));
        auto value = task.get_future();
        loop_.post([&task] { task(); });
        return value.get();
    }

    /// Asks on the loop, again and again; false where it never became true.
    bool wait_until(const std::function<bool()>& condition,
                    std::chrono::milliseconds patience = std::chrono::seconds(20)) {
        const auto end = std::chrono::steady_clock::now() + patience;
        while (!call(condition)) {
            if (std::chrono::steady_clock::now() > end) return false;
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
        return true;
    }

private:
    Loop loop_;
    std::thread thread_{[this] { loop_.run(); }};  // last: it uses the loop
};

}  // namespace croft::test
