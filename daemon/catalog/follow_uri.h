#pragma once

#include "catalog/ids.h"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace croft::catalog {

/// What a publisher prints on its home page: a BEP 46 magnet that carries the trust anchor.
/// `magnet:?xs=urn:btpk:<beacon pk>&s=<salt>&dn=<name>&x.pub=<id>&xs=<feed>…&x.pe=<host:port>…`
struct FollowUri {
    std::array<std::uint8_t, 32> beacon_key{};
    std::string salt;                      ///< raw bytes
    std::string name;                      ///< as claimed
    std::optional<PublisherId> publisher;  ///< `x.pub`; without it, trust is provisional
    std::vector<std::string> feeds;        ///< http(s) base URLs
    std::vector<std::string> peers;        ///< `host:port`, also DHT nodes

    /// Strict: ASCII, <= 4 KiB, exact hex lengths, one of each but `xs` and `x.pe`.
    static Result<FollowUri> parse(std::string_view uri);
    std::string text() const;
};

}  // namespace croft::catalog
