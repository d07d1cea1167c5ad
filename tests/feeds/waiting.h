#pragma once

#include "loop/asio.h"
#include "loop/loop.h"

#include <chrono>
#include <functional>
#include <optional>
#include <stdexcept>
#include <utility>

namespace croft::feeds::test {

/// Lets the loop work on this thread until `done` says so; throws after half a minute.
inline void run_until(Loop& loop, const std::function<bool()>& done) {
    using namespace std::chrono_literals;
    const auto give_up = std::chrono::steady_clock::now() + 30s;
    while (!done()) {
        context_of(loop).restart();
        context_of(loop).run_one_for(20ms);
        if (std::chrono::steady_clock::now() > give_up) throw std::runtime_error("nothing came");
    }
}

/// Lets the loop work for a while, whatever happens.
inline void run_for(Loop& loop, std::chrono::milliseconds time) {
    context_of(loop).restart();
    context_of(loop).run_for(time);
}

/// Starts something that answers on the loop, and waits for the answer.
template <class Answer>
Answer await(Loop& loop, const std::function<void(std::function<void(Answer)>)>& start) {
    std::optional<Answer> answer;
    start([&](Answer given) { answer.emplace(std::move(given)); });
    run_until(loop, [&] { return answer.has_value(); });
    return std::move(*answer);
}

}  // namespace croft::feeds::test
