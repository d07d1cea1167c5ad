#pragma once

#include "catalog/follower.h"
#include "cli/publish/documents.h"
#include "cli/publish/journal.h"
#include "cli/publish/own_feed.h"
#include "cli/publish/stage.h"

#include <optional>
#include <span>
#include <string>

namespace croft::publish {

/// Who signs what. Empty lists in a dry run.
struct Signers {
    std::vector<const SecretKey*> release, beacon;
};

Result<Signers> signers_of(const OwnFeed& feed, std::span<const SecretKey> keys);

/// One signed state of a feed, ready to be put there.
struct SignedFeed {
    catalog::SignedBytes catalogue, beacon;
    std::uint64_t catalogue_version = 0;

    struct Release {
        catalog::ReleaseName name;
        catalog::SignedBytes document;
        const Bundle* bundle = nullptr;
    };
    std::optional<Release> release;  ///< none where only documents are renewed
};

/// Holds it to every rule of a follower that has the feed's present state: what passes here is
/// accepted everywhere.
Outcome check_as_follower(const OwnFeed& feed, const SignedFeed& next, Time now);

/// Puts it into the feed: bundle, torrent, release, then the catalogue that names them, then the
/// beacon that names the catalogue: at every instant, also after a kill, the feed is one that a
/// follower accepts. `staging` holds the bundle, if it is to be moved in. The journal learns when
/// the catalogue stands there.
Outcome put(const OwnFeed& feed, const SignedFeed& next, const Staging* staging, Journal& journal);

/// The numbers after all that were ever burnt or published; `release_name` empty: for documents
/// alone.
Burnt next_numbers(const OwnFeed& feed, const BurntNumbers& burnt, const std::string& release_name);

/// `conflict` (`feed_older_than_journal`) where a newer catalogue than the present one has stood in
/// this feed: it came back from a backup. To go on from here is for the publisher to say.
Outcome check_not_older(const OwnFeed& feed, const BurntNumbers& burnt);

/// Takes away what a killed publish left: its staging folder, and a release whose catalogue never
/// stood in the feed.
Outcome remove_unfinished(const OwnFeed& feed, Journal& journal);

}  // namespace croft::publish
