#pragma once

#include "base/result.h"
#include "loop/loop.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <stop_token>
#include <type_traits>
#include <utility>

namespace croft {

/// Threads for slow work on values: hashing, checking, reading a range. The work may not touch a
/// module, nor wait for network or peers; what it returns is handed to `then` on the loop.
///
/// Two lanes, so that a scrub of a terabyte does not delay the page: `quick` (two threads) for what
/// somebody waits for, `bulk` (one thread a core) for the rest.
class Pool {
public:
    enum class Lane {
        quick,
        bulk
    };

    struct Options {
        std::size_t bulk_threads = 0;   ///< 0: one a core
        std::size_t queue_limit = 512;  ///< waiting and running, per lane
    };

    Pool(Loop& loop, Options options);
    Pool(const Pool&) = delete;
    Pool& operator=(const Pool&) = delete;

    /// Asks running work to stop by its token, drops what waits, and waits for the threads.
    /// Nothing is posted to the loop afterwards.
    ~Pool();

    /// Runs `work(stop_token)` on the lane, then `then(result)` on the loop. `unavailable` where
    /// the queue is full: say so to whoever asked. From the loop's thread. The work returns no
    /// `void`.
    template <class Work, class Then>
    Outcome run(Lane lane, Work work, Then then) {
        return submit(
            lane, [work = std::move(work), then = std::move(then)](std::stop_token stop) mutable {
                auto result = std::make_shared<std::decay_t<decltype(work(stop))>>(work(stop));
                return std::function<void()>(
                    [result, then = std::move(then)]() mutable { then(std::move(*result)); });
            });
    }

private:
    using Work = std::function<std::function<void()>(std::stop_token)>;
    Outcome submit(Lane lane, Work work);

    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace croft
