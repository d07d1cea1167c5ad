#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>

namespace croft::swarm {

/// How long a download may wait in vain before something else is tried. Each time in vain we are
/// twice as patient, so that trackers are not asked without end; new bytes make us as impatient
/// as at first. Pure.
class Patience {
public:
    using Clock = std::chrono::steady_clock;

    explicit Patience(std::chrono::seconds first) : first_(first), wait_(first) {}

    /// To be asked again and again. True once nothing came for as long as we were to wait.
    bool is_over(Clock::time_point now, std::uint64_t done_bytes, bool has_source) {
        if (!since_) since_ = now;
        if (done_bytes > done_bytes_) wait_ = first_;
        if (done_bytes > done_bytes_ || has_source) since_ = now;
        done_bytes_ = std::max(done_bytes_, done_bytes);
        if (now - *since_ < wait_) return false;
        since_ = now;
        wait_ = std::min<std::chrono::seconds>(2 * wait_, longest);
        return true;
    }

private:
    static constexpr std::chrono::minutes longest{15};

    std::chrono::seconds first_, wait_;
    std::optional<Clock::time_point> since_;
    std::uint64_t done_bytes_ = 0;
};

}  // namespace croft::swarm
