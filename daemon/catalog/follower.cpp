#include "catalog/follower.h"

#include "catalog/follower_impl.h"

#include <algorithm>
#include <set>

namespace croft::catalog {
namespace {

constexpr std::uint64_t longest_jump = 1'000'000;

/// Numbers of catalogues rise within an epoch; a publisher document that resets them begins a new
/// one. So an accident or a thief can't put the numbers beyond the publisher's reach.
struct Epoch {
    std::uint64_t publisher_version = 0;  ///< of the document that began it; 0: the first
    std::uint64_t floor = 0;              ///< its first catalogue has at least this version
};

Epoch epoch_at(const FollowerState& state, std::uint64_t publisher_version) {
    for (std::uint64_t version = publisher_version; version > 0; --version) {
        const auto reset = reread(state.publisher_chain.at(version - 1)).reset;
        if (reset && reset->catalogue) return {version, *reset->catalogue};
    }
    return {};
}

tl::unexpected<Error> rolled_back(const Catalogue& catalogue, std::uint64_t floor) {
    return fail(Errc::rollback, "rollback",
                "catalogue " + std::to_string(catalogue.version) + " is older than the " +
                    std::to_string(floor) + " that we know of");
}

Outcome check_jump(const Catalogue& catalogue, std::uint64_t from) {
    if (catalogue.version <= from || catalogue.version - from <= longest_jump) return {};
    return fail(Errc::conflict, "version_jump",
                "catalogue " + std::to_string(catalogue.version) +
                    " lies more than a million "
                    "versions above the " +
                    std::to_string(from) +
                    " that we know of: unfollow and follow again if the publisher confirms it");
}

Outcome check_new_epoch(const FollowerState& state, const Catalogue& catalogue, Epoch epoch) {
    if (catalogue.version < epoch.floor) return rolled_back(catalogue, epoch.floor);
    if (state.equivocated && epoch.floor <= state.catalogue->version) {
        return fail(Errc::equivocation, "equivocation_unresolved",
                    "the publisher's reset does not lie above the catalogue that it signed twice");
    }
    return check_jump(catalogue, epoch.floor);
}

Outcome check_same_epoch(const FollowerState& state, const Catalogue& catalogue) {
    const std::uint64_t held = state.catalogue->version;
    if (catalogue.version < held) return rolled_back(catalogue, held);
    if (catalogue.version == held) {
        return fail(Errc::equivocation, "equivocation",
                    "catalogue " + std::to_string(held) +
                        " was signed twice, with different content: ask the publisher which holds");
    }
    if (state.equivocated) {
        return fail(Errc::equivocation, "equivocation_unresolved",
                    "the publisher signed one version twice, and has not resolved it since");
    }
    return check_jump(catalogue, held);
}

/// The rules for editions: a name's serials rise, and an edition never changes.
Outcome check_editions(const FollowerState& state, const Catalogue& catalogue) {
    for (const Catalogue::Entry& entry : catalogue.releases) {
        const auto* held = state.catalogue->find(entry.release);
        const auto floor = state.floors.find(entry.release.name);
        const bool is_newest_held =
            floor != state.floors.end() && floor->second.serial == entry.release.serial;
        if ((held && held->manifest.sha256 != entry.manifest.sha256) ||
            (is_newest_held && floor->second.manifest != entry.manifest.sha256)) {
            return fail(Errc::equivocation, "edition_changed",
                        entry.release.text() + " was published before with other content");
        }
        if (!held && floor != state.floors.end() && entry.release.serial < floor->second.serial) {
            return fail(Errc::rollback, "edition_rollback",
                        entry.release.text() + " appears after " + entry.release.name + "-" +
                            std::to_string(floor->second.serial));
        }
    }
    return {};
}

/// A catalogue that we hold stays good when its keys are rotated out, and when one is revoked from
/// a later catalogue on.
Outcome check_held(const FollowerState& state) {
    const SignedBytes held{state.catalogue_bytes, state.catalogue_signatures};
    const Publisher& publisher = state.publisher;
    if (verify(publisher.release_ring(), held, Catalogue::size_cap, publisher)) return {};
    for (const Publisher::Revoked& revoked : publisher.revoked) {
        if (state.catalogue->version < revoked.from_catalogue) continue;
        if (!is_signed_by(held, revoked.key)) continue;
        return fail(Errc::revoked_key, "revoked_signer",
                    "catalogue " + std::to_string(state.catalogue->version) +
                        " is signed by a key that was revoked from catalogue " +
                        std::to_string(revoked.from_catalogue) + " on");
    }
    return {};
}

void raise_floors(FollowerState& state, const Catalogue& catalogue) {
    for (const Catalogue::Entry& entry : catalogue.releases) {
        auto& floor = state.floors[entry.release.name];
        if (entry.release.serial < floor.serial) continue;
        floor = {entry.release.serial, entry.manifest.sha256};
    }
}

std::set<ReleaseName> offered(const std::optional<Catalogue>& catalogue) {
    std::set<ReleaseName> names;
    if (catalogue) {
        for (const auto& entry : catalogue->releases)
            names.insert(entry.release);
    }
    return names;
}

std::set<ReleaseName> withdrawn(const std::optional<Catalogue>& catalogue) {
    std::set<ReleaseName> names;
    if (catalogue) {
        for (const auto& entry : catalogue->withdrawn) {
            if (entry.release) names.insert(*entry.release);
        }
    }
    return names;
}

std::vector<ReleaseName> without(const std::set<ReleaseName>& names,
                                 const std::set<ReleaseName>& others) {
    std::vector<ReleaseName> rest;
    std::ranges::set_difference(names, others, std::back_inserter(rest));
    return rest;
}

void compare(const std::optional<Catalogue>& before, Accepted& accepted) {
    const auto& after = accepted.state.catalogue;
    const auto gone = withdrawn(after);
    accepted.appeared = without(offered(after), offered(before));
    accepted.withdrawn = without(gone, withdrawn(before));
    const auto missing = without(offered(before), offered(after));
    accepted.vanished = without({missing.begin(), missing.end()}, gone);
}

Result<Catalogue> read_catalogue(const FollowerState& state, const SignedBytes& bytes) {
    const Publisher& publisher = state.publisher;
    const auto verified = verify(publisher.release_ring(), bytes, Catalogue::size_cap, publisher);
    if (!verified) return tl::unexpected(verified.error());
    auto catalogue = parse_catalogue(*verified);
    if (!catalogue) return catalogue;
    if (auto fits = check_catalogue(state, *catalogue); !fits) return tl::unexpected(fits.error());
    return catalogue;
}

/// Takes over a catalogue that has passed every rule.
void adopt(FollowerState& state, Catalogue catalogue, const SignedBytes& bytes, Time now) {
    const bool is_new_epoch =
        state.catalogue &&
        epoch_at(state, catalogue.publisher_document.version).publisher_version >
            epoch_at(state, state.catalogue->publisher_document.version).publisher_version;
    if (is_new_epoch) {
        state.floors.clear();
        state.equivocated = false;
    }
    raise_floors(state, catalogue);
    raise_newest(state, catalogue.created, now);
    state.catalogue_hash = trust::sha256(bytes.document);
    state.catalogue_bytes = bytes.document;
    state.catalogue_signatures = bytes.signatures;
    state.catalogue = std::move(catalogue);
}

Result<Beacon> read_beacon(const FollowerState& state, const SignedBytes& bytes) {
    const Publisher& publisher = state.publisher;
    const auto verified = verify(publisher.beacon_ring(), bytes, Beacon::size_cap, publisher);
    if (!verified) return tl::unexpected(verified.error());
    auto beacon = parse_beacon(*verified);
    if (!beacon) return beacon;
    if (auto fits = check_beacon(state, *beacon); !fits) return tl::unexpected(fits.error());
    return beacon;
}

/// A beacon that names a newer catalogue than lies beside it: the feed is being changed, or
/// somebody holds news back.
Outcome check_not_behind(const FollowerState& state, const Beacon& beacon) {
    if (beacon.catalogue.version <= state.catalogue->version) return {};
    return fail(Errc::unavailable, "catalogue_behind",
                "the feed holds catalogue " + std::to_string(state.catalogue->version) +
                    ", and its beacon says that there is " +
                    std::to_string(beacon.catalogue.version) + ": try again later");
}

}  // namespace

Outcome check_catalogue(const FollowerState& state, const Catalogue& catalogue) {
    if (auto ours = check_publisher_id(state, catalogue.publisher); !ours) return ours;
    auto known = check_publisher_reference(state, catalogue.publisher_document);
    if (!known || !state.catalogue) return known;
    const Epoch epoch = epoch_at(state, catalogue.publisher_document.version),
                held = epoch_at(state, state.catalogue->publisher_document.version);
    if (epoch.publisher_version < held.publisher_version) {
        return rolled_back(catalogue, state.catalogue->version);
    }
    if (epoch.publisher_version > held.publisher_version) {
        return check_new_epoch(state, catalogue, epoch);
    }
    if (auto rises = check_same_epoch(state, catalogue); !rises) return rises;
    return check_editions(state, catalogue);
}

Outcome check_beacon(const FollowerState& state, const Beacon& beacon) {
    if (auto ours = check_publisher_id(state, beacon.publisher); !ours) return ours;
    if (auto known = check_publisher_reference(state, beacon.publisher_document); !known) {
        return known;
    }
    if (beacon.serial < state.beacon_serial) {
        return fail(Errc::rollback, "beacon_rollback",
                    "beacon " + std::to_string(beacon.serial) + " is older than the " +
                        std::to_string(state.beacon_serial) + " that we know of");
    }
    const bool names_held = state.catalogue && beacon.catalogue.version == state.catalogue->version;
    if (names_held && (beacon.catalogue.sha256 != state.catalogue_hash ||
                       beacon.catalogue.size != state.catalogue_bytes.size())) {
        return fail(Errc::conflict, "beacon_mismatch",
                    "the beacon names another catalogue " +
                        std::to_string(beacon.catalogue.version) + " than the one that is there");
    }
    return {};
}

bool is_stale(const FollowerState& state, Time now) {
    if (!state.catalogue || state.catalogue->final) return false;
    return state.catalogue->is_stale(now) || state.publisher.expires < now;
}

Result<Accepted> accept(const FollowerState& state, const FeedBytes& feed, Time now) {
    Accepted accepted;
    accepted.state = state;
    FollowerState& next = accepted.state;
    if (auto walked = follow_rotations(next, feed.publishers, now); !walked) {
        return tl::unexpected(walked.error());
    }
    if (state.catalogue && feed.catalogue.document == state.catalogue_bytes) {
        if (auto good = check_held(next); !good) return tl::unexpected(good.error());
    } else {
        auto catalogue = read_catalogue(next, feed.catalogue);
        if (!catalogue) return tl::unexpected(catalogue.error());
        accepted.clock_warning = is_ahead(catalogue->created, now);
        adopt(next, *std::move(catalogue), feed.catalogue, now);
    }
    if (feed.beacon) {
        const auto beacon = read_beacon(next, *feed.beacon);
        if (!beacon) return tl::unexpected(beacon.error());
        if (auto newest = check_not_behind(next, *beacon); !newest) {
            return tl::unexpected(newest.error());
        }
        accepted.clock_warning = accepted.clock_warning || is_ahead(beacon->created, now);
        next.beacon_serial = beacon->serial;
        raise_newest(next, beacon->created, now);
    }
    accepted.changed = next.catalogue_bytes != state.catalogue_bytes ||
                       next.publisher_hash != state.publisher_hash ||
                       next.beacon_serial != state.beacon_serial;
    accepted.stale = is_stale(next, now);
    compare(state.catalogue, accepted);
    return accepted;
}

Result<Release> accept_release(const FollowerState& state, const ReleaseName& release,
                               std::string document) {
    const auto* entry = state.catalogue ? state.catalogue->find(release) : nullptr;
    if (!entry) {
        return fail(Errc::not_found, "no_such_release",
                    "the newest catalogue does not offer " + release.text());
    }
    if (document.size() != entry->manifest.size) {
        return fail(Errc::bad_signature, "size_mismatch",
                    release.text() + ".json has " + std::to_string(document.size()) +
                        " bytes; the catalogue says " + std::to_string(entry->manifest.size));
    }
    const auto verified = trust::pinned(std::move(document), entry->manifest.sha256);
    if (!verified) return tl::unexpected(verified.error());
    auto parsed = parse_release(*verified);
    if (!parsed) return parsed;
    if (auto ours = check_publisher_id(state, parsed->publisher); !ours) {
        return tl::unexpected(ours.error());
    }
    if (auto fits = matches(*parsed, *entry); !fits) return tl::unexpected(fits.error());
    return parsed;
}

}  // namespace croft::catalog
