#pragma once

#include "base/result.h"
#include "trust/hash.h"

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

/// Whose word do we take? Public keys and detached signatures in minisign's formats
/// (https://jedisct1.github.io/minisign/), and documents that enough keys have signed.
///
/// Pure functions on bytes: no files, no clock, no network, any thread.
namespace croft::trust {

/// The eight bytes by which minisign names a key: a hint for look-up, free to choose, not a proof.
struct KeyId {
    std::array<std::uint8_t, 8> bytes{};
    auto operator<=>(const KeyId&) const = default;

    /// As minisign prints it: little-endian u64 in upper-case hex, `E7AB74853166E261`.
    std::string text() const;
};

/// An Ed25519 public key with minisign's id beside it. Two keys are equal when their 32 bytes are.
struct PublicKey {
    KeyId id;
    std::array<std::uint8_t, 32> ed25519{};

    bool operator==(const PublicKey& other) const { return ed25519 == other.ed25519; }
    std::strong_ordering operator<=>(const PublicKey& other) const {
        return ed25519 <=> other.ed25519;
    }

    std::string hex() const { return to_hex(ed25519); }
    std::string minisign() const;  ///< the base64 line `RW…`

    /// Reads `RW…`, or the two lines of a `.pub` file. Refuses points of small order and
    /// non-canonical ones (libsodium's `crypto_core_ed25519_is_valid_point`).
    static Result<PublicKey> parse(std::string_view text);
};

/// A signature that was read, not yet checked.
struct Signature {
    KeyId key_id;
    std::array<std::uint8_t, 64> of_document{};
    std::array<std::uint8_t, 64> of_comment{};
    std::string trusted_comment;

    /// Reads the four lines of a `.minisig` file as stock minisign does (one `\r` per line, further
    /// lines ignored), base64 only as an encoder writes it. We refuse the legacy form `Ed`, which
    /// signs the document instead of its hash, with the reason `legacy_signature`.
    static Result<Signature> parse(std::string_view text);
};

/// Checks both signatures: the document's (by its BLAKE2b-512) and the trusted comment's.
/// `unknown_key` where the key id is another's, `bad_signature` where either does not verify.
Outcome check(const Signature& signature, const Blake2b::Digest& document, const PublicKey& key);
Outcome check(const Signature& signature, std::string_view document, const PublicKey& key);

/// A bare Ed25519 signature over bytes: what BEP 44 items carry.
bool is_signed_by(const std::array<std::uint8_t, 32>& ed25519, std::string_view message,
                  const std::array<std::uint8_t, 64>& signature);

}  // namespace croft::trust
