#pragma once

#include <chrono>

namespace croft::feeds {

/// When to look at a source again: after `check_every`, or after `failures` in a row, after a
/// minute, two, four… up to a day (never sooner than a quick `check_every` would). Only faults slow
/// us down, never what a feed claims. `chance` in [0, 1) spreads it by a fifth, so that followers
/// do not come all at once.
std::chrono::milliseconds next_look(unsigned failures, std::chrono::milliseconds check_every,
                                    double chance);

}  // namespace croft::feeds
