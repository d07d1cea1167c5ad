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
/// follower accepts. `staging` holds the bundle, if it is to be moved in.
Outcome put(const OwnFeed& feed, const SignedFeed& next, const Staging* staging);

/// The numbers after all that were ever burnt or published; `release_name` empty: for documents
/// alone.
Burnt next_numbers(const OwnFeed& feed, const Journal* journal, const std::string& release_name);

/// Takes away what a killed publish left: its staging folder, and a release that no catalogue
/// names.
void remove_unfinished(const OwnFeed& feed, const Journal& journal);

}  // namespace croft::publish
