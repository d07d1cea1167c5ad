#include "loop/loop.h"

#include "base/log.h"
#include "loop/asio.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/signal_set.hpp>

#include <algorithm>
#include <array>
#include <csignal>
#include <optional>
#include <thread>

namespace croft {
namespace {

constexpr std::chrono::milliseconds lag_period{200};

}  // namespace

struct Loop::Impl {
    asio::io_context context{1};
    asio::executor_work_guard<asio::io_context::executor_type> guard{context.get_executor()};
    std::optional<asio::signal_set> signals;
    std::function<void(int)> on_signal;
    std::thread::id thread;
    std::array<std::chrono::microseconds, 300> lags{};  ///< one minute, a ring
    std::size_t next_lag = 0;

    void wait_for_signal() {
        signals->async_wait([this](const boost::system::error_code& error, int number) {
            if (error) return;
            on_signal(number);
            wait_for_signal();
        });
    }
};

struct Loop::Timer::State : std::enable_shared_from_this<Loop::Timer::State> {
    asio::steady_timer timer;
    std::chrono::milliseconds period{0};  ///< zero: once
    std::function<void()> work;

    explicit State(asio::io_context& context) : timer(context) {}

    void arm(std::chrono::milliseconds delay) {
        timer.expires_after(delay);
        // A wait that has ended may be queued already when its timer is destroyed: then it finds
        // nobody.
        timer.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
            const auto self = weak.lock();
            if (error || !self) return;
            if (self->period.count() > 0) self->arm(self->period);
            self->work();
        });
    }
};

Loop::Timer::Timer() = default;
Loop::Timer::Timer(Timer&&) noexcept = default;
Loop::Timer& Loop::Timer::operator=(Timer&&) noexcept = default;
Loop::Timer::~Timer() = default;

Loop::Loop() : impl_(std::make_unique<Impl>()) {}
Loop::~Loop() = default;

void Loop::run() {
    impl_->thread = std::this_thread::get_id();
    auto due = std::chrono::steady_clock::now() + lag_period;
    const Timer probe = every(lag_period, [this, &due] {
        const auto now = std::chrono::steady_clock::now();
        const auto late = std::max(now - due, std::chrono::steady_clock::duration::zero());
        impl_->lags[impl_->next_lag++ % impl_->lags.size()] =
            std::chrono::duration_cast<std::chrono::microseconds>(late);
        due = now + lag_period;
    });
    while (!impl_->context.stopped()) {
        try {
            impl_->context.run();
        } catch (const std::exception& error) {
            log::error("loop: a handler threw", {{"what", error.what()}});
        }
    }
    impl_->context.restart();
}

void Loop::stop() { impl_->context.stop(); }

void Loop::post(std::function<void()> work) { asio::post(impl_->context, std::move(work)); }

Loop::Timer Loop::after(std::chrono::milliseconds delay, std::function<void()> work) {
    Timer timer;
    timer.state_ = std::make_shared<Timer::State>(impl_->context);
    timer.state_->work = std::move(work);
    timer.state_->arm(delay);
    return timer;
}

Loop::Timer Loop::every(std::chrono::milliseconds period, std::function<void()> work) {
    Timer timer;
    timer.state_ = std::make_shared<Timer::State>(impl_->context);
    timer.state_->work = std::move(work);
    timer.state_->period = period;
    timer.state_->arm(period);
    return timer;
}

void Loop::on_signal(std::function<void(int)> handler) {
    impl_->on_signal = std::move(handler);
    impl_->signals.emplace(impl_->context, SIGINT, SIGTERM, SIGHUP);
    impl_->wait_for_signal();
}

bool Loop::is_this_thread() const { return impl_->thread == std::this_thread::get_id(); }

std::chrono::microseconds Loop::lag() const { return *std::ranges::max_element(impl_->lags); }

asio::io_context& context_of(Loop& loop) { return loop.impl().context; }

}  // namespace croft
