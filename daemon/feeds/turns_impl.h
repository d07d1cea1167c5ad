#pragma once

#include "feeds/lifetime_impl.h"
#include "loop/loop.h"

#include <deque>
#include <functional>
#include <utility>

namespace croft::feeds {

/// Tasks that take longer than a call and must not overlap: the next begins when the one before
/// has said that it is at its end.
class Turns {
public:
    explicit Turns(Loop& loop) : loop_(loop) {}

    /// `task` begins now or when its turn comes, and calls `end` once.
    void take(std::function<void()> task) {
        waiting_.push_back(std::move(task));
        begin_next();
    }

    /// The next begins on the loop: a task that ends at once does not run others inside itself.
    void end() {
        is_taken_ = false;
        loop_.post(lifetime_.guard([this] { begin_next(); }));
    }

    /// What has not begun and never will.
    std::deque<std::function<void()>> give_up() { return std::exchange(waiting_, {}); }

private:
    void begin_next() {
        if (is_taken_ || waiting_.empty()) return;
        is_taken_ = true;
        const auto task = std::move(waiting_.front());
        waiting_.pop_front();
        task();
    }

    Loop& loop_;
    std::deque<std::function<void()>> waiting_;
    bool is_taken_ = false;
    Lifetime lifetime_;
};

}  // namespace croft::feeds
