#pragma once

#include "cli/publish/own_feed.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>

namespace croft::publish {

struct RefreshRequest {
    SigningDate date;
    std::optional<Time> until;  ///< how long the beacon is good; else as `next_beacon` says
    bool farewell =
        false;  ///< a last catalogue that never expires: the archive outlives its publisher
    bool accept_older = false;  ///< go on from a feed that is older than its journal
};

struct Refreshed {
    std::uint64_t catalogue_version = 0;
    bool is_catalogue_new = false;
    std::optional<Time> catalogue_expires;
    std::uint64_t beacon_serial = 0;
    Time beacon_expires{};
};

/// Says again that the newest catalogue is the newest: a new beacon. The catalogue is renewed too,
/// with the same releases, where more than half of its time is over and a release key is given, or
/// for a farewell. Refuses: a feed without releases (`nothing_to_refresh`), keys and dates as
/// `publish` does.
Result<Refreshed> refresh(const std::filesystem::path& feed, const RefreshRequest& request,
                          std::span<const SecretKey> keys);

}  // namespace croft::publish
