#pragma once

#include "base/time.h"

#include <cstdint>
#include <string>
#include <vector>

namespace croft::test {

/// When these tests take place.
inline const Time world_now = *parse_utc("2026-11-22T10:15:30Z");

/// Fills the stand-ins with what tests/api/golden shows: the vectors' publisher, whose demo-2 is
/// held, and three releases in other states.
void fill_world();

/// So many more releases, held and offered by turns.
void add_releases(std::size_t count);

inline const std::string demo_2 =
    "2ac1302bfacb3e51b06ed75720ea6203a1c0ece5d4d5372353b84141d1e1a915";
inline const std::string publisher_id =
    "df053e80dcc4862157d7c99e60da69229c58ef0052b3b904d74a223a976a8303";

}  // namespace croft::test
