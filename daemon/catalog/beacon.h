#pragma once

#include "base/time.h"
#include "catalog/ids.h"
#include "trust/keyring.h"

#include <string>

namespace croft::catalog {

/// `beacon.json`, the timestamp: "this is my newest catalogue, as of now". Signed by the beacon
/// role.
struct Beacon {
    static constexpr std::size_t size_cap = 4UL * 1024;

    PublisherId publisher;
    std::uint64_t serial = 0;
    Time created{};
    Time expires{};
    DocumentRef publisher_document;
    DocumentRef catalogue;
};

Result<Beacon> parse_beacon(const trust::Verified& document);
std::string write(const Beacon& beacon);

}  // namespace croft::catalog
