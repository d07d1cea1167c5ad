#include "catalog/pointer.h"

#include "fuzz/fuzz.h"

namespace croft::fuzz {

void try_input(const std::string& input) {
    const auto pointer = catalog::parse_pointer(input);
    if (!pointer) return;
    const std::string bytes = write(*pointer);
    const auto again = catalog::parse_pointer(bytes);
    require(again && write(*again) == bytes);
}

}  // namespace croft::fuzz
