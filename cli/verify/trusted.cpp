#include "cli/verify/trusted.h"

#include "base/file.h"
#include "base/user_folders.h"
#include "cli/keys.h"
#include "trust/hash.h"

#include <algorithm>

namespace croft::cli::verify {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t public_key_cap = 1024;

Result<trust::PublicKey> read_key(const std::string& given) {
    if (auto key = trust::PublicKey::parse(given); key) return key;
    for (const fs::path& path : {fs::path(given), public_path(key_path(given))}) {
        if (const auto text = read_file(path, public_key_cap); text)
            return trust::PublicKey::parse(*text);
    }
    return fail(Errc::invalid_argument, "bad_key",
                "\"" + given +
                    "\" is neither a public key (RW…), nor a file with one, nor the "
                    "name of a key");
}

catalog::FeedBytes feed_of(const catalog::FollowerState& state) {
    catalog::FeedBytes feed;
    for (std::size_t i = 0; i < state.publisher_chain.size(); ++i)
        feed.publishers.push_back({state.publisher_chain[i], state.publisher_signatures.at(i)});
    feed.catalogue = {state.catalogue_bytes, state.catalogue_signatures};
    return feed;
}

void raise_floors(catalog::FollowerState& state, const catalog::FollowerState& other) {
    for (const auto& [name, floor] : other.floors) {
        auto& known = state.floors[name];
        if (floor.serial > known.serial) known = floor;
    }
    state.beacon_serial = std::max(state.beacon_serial, other.beacon_serial);
}

/// The publishers in these files whom the flags don't exclude, each once, as far as anybody here
/// has seen it.
void gather_publishers(Trusted& trusted, Time now, std::vector<std::string>& notes) {
    for (const fs::path& folder : {trusted_folder(), state_folder() / "followed",
                                   fs::path(system_state_folder) / "followed"}) {
        auto found = bundle::read_known_publishers(folder, now);
        for (const auto& problem : found.problems)
            notes.push_back(problem.message);
        for (auto& publisher : found.publishers) {
            if (trusted.names_publisher() && !trusted.names(publisher.state.id)) continue;
            const auto known = std::ranges::find_if(trusted.publishers, [&](const auto& each) {
                return each.state.id == publisher.state.id;
            });
            if (known == trusted.publishers.end()) {
                trusted.publishers.push_back(std::move(publisher));
            } else if (auto learnt = learn(*known, publisher.state, now); !learnt) {
                notes.push_back(folder.native() + ": " + learnt.error().message);
            }
        }
    }
}

}  // namespace

const bundle::KnownPublisher* Trusted::find(const catalog::PublisherId& publisher) const {
    const auto at = std::ranges::find_if(
        publishers, [&](const auto& known) { return known.state.id == publisher; });
    return at == publishers.end() ? nullptr : &*at;
}

bool Trusted::names(const catalog::PublisherId& publisher) const {
    return (id && *id == publisher) ||
           (fingerprint && *fingerprint == catalog::fingerprint(publisher));
}

Outcome learn(bundle::KnownPublisher& publisher, const catalog::FollowerState& other, Time now) {
    auto accepted = catalog::accept(publisher.state, feed_of(other), now);
    if (accepted) {
        publisher.state = std::move(accepted->state);
        raise_floors(publisher.state, other);
    } else if (accepted.error().code != Errc::rollback) {
        return tl::unexpected(accepted.error());
    }
    return {};
}

fs::path trusted_folder() { return state_folder() / "trusted"; }

Result<Trusted> gather_trust(const TrustFlags& flags, Time now, std::vector<std::string>& notes) {
    Trusted trusted;
    for (const auto& given : flags.keys) {
        auto key = read_key(given);
        if (!key) return tl::unexpected(key.error());
        trusted.keys.push_back(*key);
    }
    if (!flags.publisher_file.empty()) {
        const auto document = read_file(flags.publisher_file, catalog::Publisher::size_cap);
        if (!document) return tl::unexpected(document.error());
        trusted.id = catalog::PublisherId{trust::sha256(*document)};
    }
    if (!flags.fingerprint.empty()) {
        auto fingerprint = catalog::normalise_fingerprint(flags.fingerprint);
        if (!fingerprint) return tl::unexpected(fingerprint.error());
        trusted.fingerprint = *fingerprint;
    }
    gather_publishers(trusted, now, notes);
    return trusted;
}

}  // namespace croft::cli::verify
