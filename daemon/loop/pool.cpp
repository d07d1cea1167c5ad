#include "loop/pool.h"

#include "base/log.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

namespace croft {
namespace {

/// One queue and its threads.
class LaneThreads {
public:
    using Work = std::function<std::function<void()>(std::stop_token)>;

    LaneThreads(Loop& loop, std::size_t threads, std::size_t limit) : loop_(loop), limit_(limit) {
        for (std::size_t i = 0; i < threads; ++i) {
            threads_.emplace_back([this](const std::stop_token& stop) { serve(stop); });
        }
    }

    LaneThreads(const LaneThreads&) = delete;
    LaneThreads& operator=(const LaneThreads&) = delete;

    ~LaneThreads() {
        for (auto& thread : threads_)
            thread.request_stop();
        wake_.notify_all();
    }

    bool push(Work work) {
        const std::lock_guard lock(mutex_);
        if (queue_.size() + busy_ >= limit_) return false;
        queue_.push_back(std::move(work));
        wake_.notify_one();
        return true;
    }

private:
    void serve(const std::stop_token& stop) {
        std::unique_lock lock(mutex_);
        while (wake_.wait(lock, stop, [this] { return !queue_.empty(); })) {
            if (stop.stop_requested()) return;
            Work work = std::move(queue_.front());
            queue_.pop_front();
            ++busy_;
            lock.unlock();
            perform(work, stop);
            lock.lock();
            --busy_;
        }
    }

    void perform(const Work& work, const std::stop_token& stop) {
        try {
            auto then = work(stop);
            if (!stop.stop_requested()) loop_.post(std::move(then));
        } catch (const std::exception& error) {
            log::error("pool: work threw", {{"what", error.what()}});
        }
    }

    Loop& loop_;
    const std::size_t limit_;
    std::mutex mutex_;
    std::condition_variable_any wake_;
    std::deque<Work> queue_;
    std::size_t busy_ = 0;
    std::vector<std::jthread> threads_;  // last: they use everything above
};

std::size_t cores() { return std::max(1U, std::thread::hardware_concurrency()); }

}  // namespace

struct Pool::Impl {
    LaneThreads quick;
    LaneThreads bulk;

    Impl(Loop& loop, const Options& options)
        : quick(loop, 2, options.queue_limit),
          bulk(loop, options.bulk_threads ? options.bulk_threads : cores(), options.queue_limit) {}
};

Pool::Pool(Loop& loop, Options options) : impl_(std::make_unique<Impl>(loop, options)) {}
Pool::~Pool() = default;

Outcome Pool::submit(Lane lane, Work work) {
    LaneThreads& threads = lane == Lane::quick ? impl_->quick : impl_->bulk;
    if (threads.push(std::move(work))) return {};
    return fail(Errc::unavailable, "busy",
                "too much work is waiting already; try again in a moment");
}

}  // namespace croft
