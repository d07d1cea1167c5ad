#pragma once

#include "base/time.h"
#include "catalog/ids.h"
#include "trust/keyring.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace croft::catalog {

/// `publisher.N.json`, the root of trust: which keys may sign what. Signed by its own root keys
/// and, from 2 on, by those of N-1.
struct Publisher {
    static constexpr std::size_t size_cap = 64 * 1024;

    struct Role {
        std::size_t threshold = 1;
        std::vector<trust::PublicKey> keys;
        bool operator==(const Role&) const = default;
    };
    struct Revoked {
        trust::PublicKey key;
        std::uint64_t from_catalogue = 0;  ///< catalogues below it stay valid where already held
        std::string reason;
    };
    struct Previous {
        std::uint64_t version = 0;
        Sha256 sha256;
    };
    struct Reset {  ///< lowers a follower's floors after an accident
        std::optional<std::uint64_t> catalogue;
        std::optional<std::uint64_t> beacon;
    };

    std::uint64_t version = 0;
    Time created{};
    Time expires{};
    std::string name;
    std::string homepage;
    Role root, release, beacon;
    std::string beacon_salt;         ///< raw bytes of `beacon.salt`; the DHT slot's salt
    std::vector<std::string> feeds;  ///< `beacon.http`: base URLs
    std::vector<Revoked> revoked;
    std::optional<Reset> reset;
    std::optional<Previous> previous;  ///< absent in version 1 only

    trust::Keyring root_ring() const { return {root.keys, root.threshold}; }
    trust::Keyring release_ring() const;  ///< without revoked keys
    trust::Keyring beacon_ring() const;
    const Revoked* revocation_of(const trust::PublicKey& key) const;
};

/// Reads the document strictly; every refusal has a reason of its own. Accepts any `Verified`: call
/// it through `follower.h`, which holds a publisher document to its own thresholds.
Result<Publisher> parse_publisher(const trust::Verified& document);

/// The bytes to sign: JSON, indented by one blank, newline at the end. The same value gives the
/// same bytes.
std::string write(const Publisher& publisher);

}  // namespace croft::catalog
