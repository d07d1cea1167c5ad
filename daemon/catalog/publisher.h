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
    static constexpr std::size_t size_cap = 64UL * 1024;

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
    std::optional<trust::PublicKey> beacon_key;  ///< `beacon.key`: the DHT slot's; of that role
    std::string beacon_salt;         ///< raw bytes of `beacon.salt`; the DHT slot's salt
    std::vector<std::string> feeds;  ///< `beacon.http`: base URLs
    std::vector<Revoked> revoked;
    std::optional<Reset> reset;
    std::optional<Previous> previous;  ///< absent in version 1 only

    /// Who may sign for a role: its keys without the revoked ones.
    trust::Keyring root_ring() const { return ring_of(root); }
    trust::Keyring release_ring() const { return ring_of(release); }
    trust::Keyring beacon_ring() const { return ring_of(beacon); }
    const Revoked* revocation_of(const trust::PublicKey& key) const;

    /// The key under which the DHT holds this publisher's pointer: where none is named, the first
    /// of the beacon role.
    const trust::PublicKey& pointer_key() const {
        return beacon_key ? *beacon_key : beacon.keys.front();
    }

private:
    trust::Keyring ring_of(const Role& role) const;
};

/// Reads the document strictly; every refusal has a reason of its own. Accepts any `Verified`: call
/// it through `follower.h`, which holds a publisher document to its own thresholds.
Result<Publisher> parse_publisher(const trust::Verified& document);

/// The bytes to sign: JSON, indented by one blank, newline at the end. The same value gives the
/// same bytes.
std::string write(const Publisher& publisher);

}  // namespace croft::catalog
