#include "fuzz/fuzz.h"
#include "trust/signature.h"

namespace croft::fuzz {

void try_input(const std::string& input) {
    const auto key = trust::PublicKey::parse(input);
    if (!key) return;
    const auto again = trust::PublicKey::parse(key->minisign());
    require(again && *again == *key && again->id == key->id);
}

}  // namespace croft::fuzz
