#pragma once

#include "base/bytes.h"
#include "base/result.h"

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

/// What a publisher says: its signed documents (see FORMATS in daemon/ARCHITECTURE.md), and whether
/// a newer one may replace the older.
///
/// Pure: no files, no clock, no threads, no network. `now` is an argument.
namespace croft::catalog {

/// SHA-256 of `publisher.1.json`: who a publisher is, for ever.
struct PublisherId {
    Sha256 hash;
    auto operator<=>(const PublisherId&) const = default;
    std::string hex() const { return hash.hex(); }
    static Result<PublisherId> parse(std::string_view hex);
};

/// The BitTorrent v2 info-hash of a bundle (BEP 52): its name everywhere in our code.
struct BundleId {
    Sha256 info_hash_v2;
    auto operator<=>(const BundleId&) const = default;
    std::string hex() const { return info_hash_v2.hex(); }
};

/// One edition of a work, as people write it: `wiki-57`.
struct ReleaseName {
    std::string name;  ///< `[a-z0-9][a-z0-9._-]{0,63}`, not ending in `-` + digits
    std::uint64_t serial = 0;
    auto operator<=>(const ReleaseName&) const = default;
    std::string text() const { return name + "-" + std::to_string(serial); }
    static Result<ReleaseName> parse(std::string_view text);
};

bool is_release_name(std::string_view name);

/// For people to compare: first 100 bits of SHA-256("croft.fp/1" || id) in Crockford's base32,
/// `49XH-7594-88BA-66D7-KJHK`.
std::string fingerprint(const PublisherId& id);

/// The same five groups however they were typed (case, spaces, O for 0, I and L for 1).
Result<std::string> normalise_fingerprint(std::string_view text);

/// A document named by what a trusted parent says of it.
struct DocumentRef {
    std::uint64_t version = 0;
    Sha256 sha256;
    std::uint64_t size = 0;
    bool operator==(const DocumentRef&) const = default;
};

}  // namespace croft::catalog
