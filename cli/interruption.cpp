#include "cli/interruption.h"

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
        if (::sigtimedwait(&signals_, nullptr, &a_tenth) < 0) continue;
        stop_.request_stop();
        ::pthread_sigmask(SIG_UNBLOCK, &signals_, nullptr);  // the next one ends the process
        return;
    }
}

}  // namespace croft::cli
