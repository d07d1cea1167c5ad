#pragma once

#include "trust/signature.h"

#include <sodium.h>

#include <array>
#include <string>
#include <string_view>

namespace croft::test {

/// A key pair made from a number, and signatures as `minisign -SH` writes them. The tests of
/// tests/trust let stock minisign confirm that they are.
class Signer {
public:
    explicit Signer(std::uint8_t number) {
        std::array<std::uint8_t, crypto_sign_SEEDBYTES> seed{};
        seed.fill(number);
        crypto_sign_seed_keypair(key_.ed25519.data(), secret_.data(), seed.data());
        key_.id.bytes.fill(number);
    }

    const trust::PublicKey& key() const { return key_; }

    /// The four lines of a `.minisig` file.
    std::string sign(std::string_view document, std::string_view comment = "for tests") const {
        const auto of_document = raw(as_text(trust::Blake2b::of(document)));
        std::string head = "ED";
        head += as_text(key_.id.bytes);
        const std::string signed_comment = of_document + std::string(comment);
        return "untrusted comment: made by a test\n" + base64(head + of_document) +
               "\ntrusted comment: " + std::string(comment) + "\n" + base64(raw(signed_comment)) +
               "\n";
    }

    /// A bare Ed25519 signature.
    std::string raw(std::string_view message) const {
        std::array<std::uint8_t, crypto_sign_BYTES> signature{};
        crypto_sign_detached(signature.data(), nullptr, as_bytes(message).data(), message.size(),
                             secret_.data());
        return std::string(as_text(signature));
    }

private:
    static std::string base64(std::string_view bytes) {
        std::string text(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_ORIGINAL),
                         '\0');
        sodium_bin2base64(text.data(), text.size(), as_bytes(bytes).data(), bytes.size(),
                          sodium_base64_VARIANT_ORIGINAL);
        text.pop_back();
        return text;
    }

    trust::PublicKey key_;
    std::array<std::uint8_t, crypto_sign_SECRETKEYBYTES> secret_{};
};

}  // namespace croft::test
