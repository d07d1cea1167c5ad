#include "feeds/schedule_impl.h"

#include <algorithm>

namespace croft::feeds {

std::chrono::milliseconds next_look(unsigned failures, std::chrono::milliseconds check_every,
                                    double chance) {
    using namespace std::chrono_literals;
    constexpr std::chrono::milliseconds longest = 24h;
    std::chrono::milliseconds wait = check_every;
    if (failures > 0) {
        constexpr unsigned enough = 12;  // doublings of a minute, to more than a day
        wait = std::min<std::chrono::milliseconds>(1min, check_every) *
               (1 << std::min(failures - 1, enough));
    }
    wait = std::min(wait, longest);
    return std::chrono::milliseconds(
        static_cast<std::int64_t>(static_cast<double>(wait.count()) * (0.9 + 0.2 * chance)));
}

}  // namespace croft::feeds
