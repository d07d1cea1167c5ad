#pragma once

#include "base/time.h"
#include "catalog/follower.h"
#include "cli/publish/secret_key.h"
#include "cli/publish/signing_date.h"

#include <filesystem>
#include <optional>
#include <span>
#include <vector>

namespace croft::publish {

/// The publisher's own feed as it lies there, judged by the rules that every follower applies:
/// nothing new is built on what a follower would refuse.
struct OwnFeed {
    std::filesystem::path folder;
    catalog::FollowerState state;  ///< without a catalogue before the first release
    std::optional<Time> newest;    ///< the newest `created` of its documents

    const catalog::Publisher& publisher() const { return state.publisher; }

    /// One and the same key may release and say what is newest: a person's feed, signed when there
    /// is something to say, where an institution has a beacon key online.
    bool is_personal() const { return publisher().release.keys == publisher().beacon.keys; }
};

/// `not_found` (`no_publisher`) where the folder is no feed: asked before anything is locked or
/// made there.
Outcome check_is_feed(const std::filesystem::path& folder);

/// `invalid_argument` (`feed_in_source`) where one of the two lies in the other: a bundle of
/// bundles.
Outcome check_apart(const std::filesystem::path& source, const std::filesystem::path& feed);

/// `not_found` (`no_publisher`) where the folder holds no publisher document.
Result<OwnFeed> open_own_feed(const std::filesystem::path& folder, Time now);

/// `conflict` for a date before the newest document (`date_before_previous`) or more than 100 days
/// after it (`date_far_ahead`), which a wrong clock would give, unless the user chose it.
Outcome check_date(const SigningDate& date, const OwnFeed& feed);

/// Those of `keys` that are in the ring, in the ring's order, if they are enough for it.
/// `not_allowed`: `key_not_in_role`, `below_threshold`.
Result<std::vector<const SecretKey*>> signers_for(std::string_view role, const trust::Keyring& ring,
                                                  std::span<const SecretKey> keys);

}  // namespace croft::publish
