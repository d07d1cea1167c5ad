#include "feeds/publisher_state_impl.h"

#include <algorithm>
#include <set>

namespace croft::feeds {
namespace {

using catalog::Accepted;
using catalog::FeedBytes;
using catalog::FollowerState;
using catalog::SignedBytes;

std::vector<SignedBytes> chain_of(const store::Follow& row) {
    std::vector<SignedBytes> chain;
    for (std::size_t i = 0; i < row.publisher_documents.size(); ++i) {
        const bool has_signatures = i < row.publisher_signatures.size();
        chain.push_back({row.publisher_documents[i], has_signatures ? row.publisher_signatures[i]
                                                                    : std::vector<std::string>()});
    }
    return chain;
}

/// Takes the catalogue at that place of the chain where it was accepted once: the signer of a held
/// catalogue may have been revoked by a later publisher document. From the end, where it mostly is.
Result<Accepted> replay(const PublisherId& id, std::span<const SignedBytes> chain,
                        const SignedBytes& catalogue, Time now) {
    std::optional<Error> first_error;
    for (std::size_t known = chain.size(); known > 0; --known) {
        auto state = catalog::begin(id, chain.first(known), now);
        if (!state) return tl::unexpected(state.error());
        auto accepted = catalog::accept(*state, FeedBytes{{}, catalogue, {}}, now);
        if (accepted && known < chain.size()) {
            const auto rest = chain.subspan(known);
            accepted = catalog::accept(accepted->state,
                                       FeedBytes{{rest.begin(), rest.end()}, catalogue, {}}, now);
        }
        if (accepted) return accepted;
        if (!first_error) first_error = accepted.error();
    }
    return tl::unexpected(first_error.value_or(
        Error{Errc::damaged, "no_documents", "the stored publisher has no documents"}));
}

/// What the documents alone do not tell: what else we have seen.
void raise_to(FollowerState& state, const store::Follow& row) {
    state.beacon_serial = std::max(state.beacon_serial, row.beacon_serial);
    state.newest_created = std::max(state.newest_created, row.newest_created);
    state.equivocated = row.equivocated;
    for (const auto& [name, floor] : row.floors) {
        const auto manifest = Sha256::from_hex(floor.second);
        auto& kept = state.floors[name];
        if (manifest && floor.first > kept.serial) kept = {floor.first, *manifest};
    }
}

std::string count_of(const std::vector<catalog::ReleaseName>& releases, const char* what) {
    if (releases.empty()) return "";
    std::string text = std::string("; ") + what + " " + releases.front().text();
    if (releases.size() > 1) text += " and " + std::to_string(releases.size() - 1) + " more";
    return text;
}

std::vector<std::string> lost_names(const Accepted& update) {
    std::set<std::string> lost;
    for (const auto& release : update.withdrawn)
        lost.insert(release.name);
    std::set<std::string> vanished;
    for (const auto& release : update.vanished)
        vanished.insert(release.name);
    if (update.state.catalogue) {
        for (const auto& entry : update.state.catalogue->releases)
            vanished.erase(entry.release.name);
    }
    lost.merge(vanished);
    return {lost.begin(), lost.end()};
}

std::string describe(const Accepted& update) {
    if (!update.state.catalogue) return "nothing is offered";
    return "catalogue " + std::to_string(update.state.catalogue->version) +
           count_of(update.appeared, "new:") + count_of(update.vanished, "no longer offered:") +
           count_of(update.withdrawn, "withdrawn:");
}

}  // namespace

store::Follow with_state(store::Follow row, const FollowerState& state) {
    row.publisher = state.id.hex();
    row.publisher_documents = state.publisher_chain;
    row.publisher_signatures = state.publisher_signatures;
    row.catalogue = state.catalogue_bytes;
    row.catalogue_signatures = state.catalogue_signatures;
    row.beacon_serial = state.beacon_serial;
    row.newest_created = state.newest_created;
    row.equivocated = state.equivocated;
    row.floors.clear();
    for (const auto& [name, floor] : state.floors)
        row.floors[name] = {floor.serial, floor.manifest.hex()};
    return row;
}

store::Follow without_state(store::Follow row) {
    row.publisher_documents.clear();
    row.publisher_signatures.clear();
    row.catalogue.clear();
    row.catalogue_signatures.clear();
    row.floors.clear();
    return row;
}

FollowerState empty_state(const store::Follow& row) {
    FollowerState state;
    if (const auto id = PublisherId::parse(row.publisher)) state.id = *id;
    raise_to(state, row);
    return state;
}

Result<Accepted> restore(const store::Follow& row, Time now) {
    const auto id = PublisherId::parse(row.publisher);
    if (!id) return tl::unexpected(id.error());
    const auto chain = chain_of(row);
    auto accepted = replay(*id, chain, {row.catalogue, row.catalogue_signatures}, now);
    if (!accepted)
        return fail(Errc::damaged, "stored_documents",
                    "the stored documents of " + row.petname +
                        " no longer verify: " + accepted.error().message);
    raise_to(accepted->state, row);
    return accepted;
}

Result<Accepted> judge_first(const std::optional<PublisherId>& anchor, const FeedBytes& feed,
                             Time now, const FollowerState* remembered) {
    if (feed.publishers.empty())
        return fail(Errc::not_found, "no_publisher", "there is no publisher.1.json");
    const PublisherId id =
        anchor ? *anchor : PublisherId{trust::sha256(feed.publishers.front().document)};
    auto state = catalog::begin(id, feed.publishers, now);
    if (!state) return tl::unexpected(state.error());
    if (remembered != nullptr) {
        state->floors = remembered->floors;
        state->beacon_serial = remembered->beacon_serial;
        state->newest_created = remembered->newest_created;
        state->equivocated = remembered->equivocated;
    }
    return catalog::accept(*state, FeedBytes{{}, feed.catalogue, feed.beacon}, now);
}

Update::Update(Accepted update)
    : accepted(std::move(update)),
      lost_names(feeds::lost_names(accepted)),
      description(describe(accepted)) {}

bool is_mass_change(std::size_t lost, std::size_t held) { return lost > 5 || lost * 5 > held; }

}  // namespace croft::feeds
