#pragma once

#include "base/result.h"
#include "cli/publish/secret_bytes.h"
#include "trust/signature.h"

#include <array>
#include <filesystem>
#include <functional>
#include <span>
#include <string>

/// Publishing: lint, hash, torrent, documents, signatures. Offline, and the only code that touches
/// secret keys; croftd does not link it.
namespace croft::publish {

/// An Ed25519 secret key in memory, with its public half and minisign's key id.
class SecretKey {
public:
    using Seed = std::array<std::uint8_t, 32>;

    /// A new key with a random id, as minisign makes them.
    static SecretKey generate();

    const trust::PublicKey& public_key() const { return public_; }

    /// A bare Ed25519 signature (RFC 8032, deterministic). Documents are signed by `sign.h`.
    std::array<std::uint8_t, 64> sign(std::span<const std::uint8_t> message) const;

private:
    friend class SecretKeyFile;
    SecretKey() : secret_(64) {}

    SecretBytes secret_;  // seed || public key, as libsodium and minisign keep it
    trust::PublicKey public_;
};

/// How hard a password is to guess: scrypt's cost (`crypto_pwhash_scryptsalsa208sha256`). Stock
/// minisign reads any.
enum class Cost {
    moderate,   ///< 128 MiB and about half a second: for small machines
    sensitive,  ///< 1 GiB and some seconds: what stock minisign writes
};

/// Asked only for keys that have a password.
using AskPassword = std::function<Result<SecretBytes>()>;

/// The two lines of a minisign secret key file. An empty password writes the key in the clear, as
/// `minisign -W` does.
Result<SecretBytes> write_secret_key(const SecretKey& key, const SecretBytes& password, Cost cost);

/// Reads what minisign and we write. Refuses: another format (`malformed`), a cost that no honest
/// file has
/// (`kdf_too_expensive`), a wrong password (`not_allowed`, `wrong_password`), and a public half
/// that is not the seed's: signing with such a pair gives the seed away.
Result<SecretKey> parse_secret_key(std::string_view text, const AskPassword& password);

/// Writes a new file, 0600; `conflict` where there is one.
Outcome save_secret_key(const std::filesystem::path& path, const SecretKey& key,
                        const SecretBytes& password, Cost cost);

/// The same in place of an older file of ours: another password, the same key.
Outcome replace_secret_key(const std::filesystem::path& path, const SecretKey& key,
                           const SecretBytes& password, Cost cost);

/// Refuses (`not_allowed`, each with its reason) a file that is a symlink, belongs to somebody
/// else, or that others may read.
Result<SecretKey> load_secret_key(const std::filesystem::path& path, const AskPassword& password);

/// The two lines of a `.pub` file.
std::string public_key_file(const trust::PublicKey& key);

}  // namespace croft::publish
