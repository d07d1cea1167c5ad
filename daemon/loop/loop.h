#pragma once

#include <chrono>
#include <functional>
#include <memory>

/// The one thread that owns all state, and what runs beside it.
namespace croft {

/// Runs functions one after another on the thread that calls `run`. Domain code needs no mutex,
/// because it is only ever called from here.
class Loop {
public:
    /// A function that waits for its time. Destroying the timer cancels it.
    class Timer {
    public:
        Timer();
        Timer(Timer&&) noexcept;
        Timer& operator=(Timer&&) noexcept;
        ~Timer();

    private:
        friend class Loop;
        struct State;
        std::shared_ptr<State> state_;
    };

    Loop();
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;
    ~Loop();

    /// Runs until `stop`; what is queued then waits for the next run. An exception out of a posted
    /// function is logged and does not end the loop.
    void run();

    /// Ends `run` after the function that is running now. From any thread, also a signal's.
    void stop();

    /// Queues `work` for the loop's thread. From any thread; never runs it at once.
    void post(std::function<void()> work);

    /// Runs `work` once after `delay`, or every `period` from now on. From the loop's thread.
    [[nodiscard]] Timer after(std::chrono::milliseconds delay, std::function<void()> work);
    [[nodiscard]] Timer every(std::chrono::milliseconds period, std::function<void()> work);

    /// Calls `handler` on the loop for SIGINT, SIGTERM and SIGHUP. At most one handler.
    void on_signal(std::function<void(int)> handler);

    bool is_this_thread() const;

    /// How long the longest wait in the queue was during the last minute, measured five times a
    /// second.
    std::chrono::microseconds lag() const;

    struct Impl;
    Impl& impl() { return *impl_; }

private:
    std::unique_ptr<Impl> impl_;
};

}  // namespace croft
