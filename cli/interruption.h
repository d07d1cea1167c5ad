#pragma once

#include <csignal>
#include <stop_token>
#include <thread>

namespace croft::cli {

/// Ctrl-C and SIGTERM as a stop token, for as long as it lives: long work ends in order and says
/// what it kept. Asked a second time, the process ends at once. Make it before other threads, which
/// inherit the blocked signals.
class Interruption {
public:
    Interruption();
    Interruption(const Interruption&) = delete;
    Interruption& operator=(const Interruption&) = delete;
    ~Interruption();

    std::stop_token token() const { return stop_.get_token(); }

private:
    void wait(std::stop_token end);
    void end_by(int signal);

    sigset_t signals_{}, before_{};
    std::stop_source stop_;
    std::jthread waiting_;
};

}  // namespace croft::cli
