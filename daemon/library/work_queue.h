#pragma once

#include "loop/pool.h"

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <utility>

namespace croft::library {

/// Hands work to the pool, so many pieces at once; the rest waits here. So nothing is refused, the
/// pool's queue stays short for others, and with one at a time things happen in order.
///
/// From the loop's thread. `then` is not called once the queue is gone.
class WorkQueue {
public:
    WorkQueue(Pool& pool, Pool::Lane lane, std::size_t at_once)
        : pool_(pool), lane_(lane), at_once_(at_once) {}

    template <class Work, class Then>
    void run(Work work, Then then) {
        waiting_.push_back([this, work = std::move(work), then = std::move(then)] {
            return pool_.run(lane_, work,
                             [this, here = std::weak_ptr(here_), then](auto result) mutable {
                                 if (here.expired()) return;
                                 --running_;
                                 then(std::move(result));
                                 if (!here.expired()) start();
                             });
        });
        start();
    }

    /// Tries again where the pool was full. Call it now and then.
    void start() {
        while (running_ < at_once_ && !waiting_.empty()) {
            if (!waiting_.front()()) return;
            ++running_;
            waiting_.pop_front();
        }
    }

private:
    Pool& pool_;
    const Pool::Lane lane_;
    const std::size_t at_once_;
    std::size_t running_ = 0;
    std::deque<std::function<Outcome()>> waiting_;
    const std::shared_ptr<int> here_ = std::make_shared<int>();
};

}  // namespace croft::library
