#pragma once

#include "feeds/feeds.h"

#include <random>

namespace croft::feeds {

using StatePointer = std::shared_ptr<const catalog::FollowerState>;

template <class Value>
using Then = std::function<void(Result<Value>)>;

/// What every room of this module works with. All of it outlives `Feeds`; work in flight shares it.
struct Context {
    Loop& loop;
    Pool& pool;
    store::Store& store;
    Fetcher& fetcher;
    Clock clock;
    Options options;
    std::minstd_rand random{std::random_device{}()};

    /// In [0, 1).
    double chance() { return std::uniform_real_distribution(0.0, 1.0)(random); }

    /// `work()` on the pool, where somebody waits for it, then `then(result)` on the loop; also
    /// where the pool takes no more. `work` gives a `Result`.
    template <class Work, class Callback>
    void on_pool(Work work, Callback then) {
        auto taken = pool.run(
            Pool::Lane::quick, [work = std::move(work)](const std::stop_token&) { return work(); },
            then);
        if (taken) return;
        using Answer = decltype(work());
        loop.post([then, error = taken.error()]() mutable {
            then(Answer(tl::unexpected(std::move(error))));
        });
    }
};

}  // namespace croft::feeds
