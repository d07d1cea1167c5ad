#include "cli/byte_meter.h"

#include <chrono>

namespace croft::cli {

ByteMeter::ByteMeter(const Output& output, std::string what, std::uint64_t total_bytes)
    : progress_(output, std::move(what)) {
    if (!output.can_draw()) return;
    drawing_ = std::jthread([this, total_bytes](const std::stop_token& end) {
        while (!end.stop_requested()) {
            progress_.show(done_, total_bytes);
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
        }
    });
}

}  // namespace croft::cli
