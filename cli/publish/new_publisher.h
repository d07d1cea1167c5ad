#pragma once

#include "base/time.h"
#include "catalog/publisher.h"
#include "cli/publish/secret_key.h"

#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace croft::publish {

/// Who a publisher will be, for ever: the hash of the first document is its name for machines.
struct NewPublisher {
    std::string name;
    std::string homepage;
    std::vector<std::string> feeds;           ///< http(s) base URLs where the feed will be found
    std::vector<trust::PublicKey> root_keys;  ///< kept off the machine; they name the other keys
    std::size_t root_threshold = 1;           ///< how many of them must sign a change
    trust::PublicKey daily_key;               ///< signs releases and beacons
};

/// Makes the feed's folder with `publisher.1.json` in it, good for five years, signed by those of
/// `signers` that are root keys. `conflict` (`publisher_exists`) where the folder has one;
/// `not_allowed` where too few root keys sign; `invalid_argument` for a threshold that the keys
/// can't meet.
Result<catalog::PublisherId> make_publisher(const std::filesystem::path& feed,
                                            const NewPublisher& wanted, Time date,
                                            std::span<const SecretKey> signers);

}  // namespace croft::publish
