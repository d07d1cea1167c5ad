#include "fuzz/fuzz.h"
#include "trust/keyring.h"

namespace croft::fuzz {

void try_input(const std::string& input) {
    static const auto key =
        trust::PublicKey::parse("RWSaRBYDPZ+/alwvRjlPtiXLXoMNVr72H62VbkiByLan5dSN8Mnor7tf").value();
    const auto signature = trust::Signature::parse(input);
    if (!signature) return;
    // Nobody has signed this text: whatever parses, no signature may hold.
    const auto verified =
        trust::Keyring({key}, 1).verify("never signed", std::span(&*signature, 1));
    require(!verified);
}

}  // namespace croft::fuzz
