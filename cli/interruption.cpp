#include "cli/interruption.h"

#include <unistd.h>

#include <ctime>

namespace croft::cli {

Interruption::Interruption() {
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGINT);
    sigaddset(&signals_, SIGTERM);
    ::pthread_sigmask(SIG_BLOCK, &signals_, &before_);
    waiting_ = std::jthread([this](std::stop_token end) { wait(std::move(end)); });
}

Interruption::~Interruption() {
    waiting_.request_stop();
    waiting_.join();
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

void Interruption::wait(std::stop_token end) {
    constexpr timespec a_tenth{0, 100'000'000};
    while (!end.stop_requested()) {
        const int signal = ::sigtimedwait(&signals_, nullptr, &a_tenth);
        if (signal < 0) continue;
        if (stop_.stop_requested()) end_by(signal);
        stop_.request_stop();
    }
}

void Interruption::end_by(int signal) {
    // The other threads block it, whatever they wait for; to this one it is delivered, and does
    // what it does to a program that knows nothing of signals.
    ::signal(signal, SIG_DFL);
    ::kill(::getpid(), signal);
    ::pthread_sigmask(SIG_UNBLOCK, &signals_, nullptr);
}

}  // namespace croft::cli
