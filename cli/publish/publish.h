#pragma once

#include "cli/publish/edition.h"
#include "cli/publish/lint.h"
#include "cli/publish/make_bundle.h"
#include "cli/publish/own_feed.h"

#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace croft::publish {

struct PublishRequest {
    Edition edition;
    SigningDate date;
    std::optional<std::size_t> keep;  ///< editions of this name that stay in the catalogue; all
    bool in_place = false;            ///< hard links instead of copies
    bool dry_run = false;             ///< needs no keys, signs nothing, leaves the feed as it is
    bool accept_older = false;        ///< go on from a feed that is older than its journal
    HashWatch watch;
};

/// What was published, or in a dry run what would be.
struct Published {
    /// The edition that has these very files and says the same of them: then nothing else was done.
    std::optional<catalog::ReleaseName> unchanged_since;

    catalog::ReleaseName release;
    catalog::Release document;
    std::uint64_t catalogue_version = 0;
    Time catalogue_expires{};
    std::uint64_t files = 0, total_size = 0;  ///< of the bundle
    std::uint64_t source_files = 0;           ///< the others are Croft's own
    std::vector<catalog::MappedName> mapped_names;
    Transfer transfer = Transfer::copy;

    std::optional<catalog::ReleaseName> previous;  ///< the newest edition before
    /// What crosses the wire to a follower, documents and torrent included: to one that holds
    /// `previous`, and to a new one. A hybrid torrent is sent in whole blocks of 16 KiB, so that a
    /// file of one byte costs as much.
    std::uint64_t update_bytes = 0, first_fetch_bytes = 0;
    std::uint64_t wire_size = 0;  ///< `total_size` in such blocks
};

/// What the newest edition of this name says: what the next one says too, unless its publisher says
/// otherwise. None for a name's first; without the name of that edition ("November 2026").
Result<std::optional<Edition>> last_edition(const OwnFeed& feed, const std::string& name);

/// Hashes, signs and stages one release, in this order: names and crate; the files; then the
/// numbers are burnt; then `SHA256SUMS`, the release, the beacon, the catalogue are signed, held to
/// the follower's own rules, and put into the feed, the catalogue last. Interrupted before the
/// first number is burnt it leaves nothing; killed later it leaves numbers that nobody will see
/// again.
///
/// Refuses: a lint that found something, a feed older than its journal (`check_not_older`), a key
/// that may not sign, a date (`check_date`), a `final` catalogue, files that change while they are
/// read.
Result<Published> publish(const Lint& lint, const std::filesystem::path& feed,
                          const PublishRequest& request, std::span<const SecretKey> keys);

}  // namespace croft::publish
