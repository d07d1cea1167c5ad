#include "catalog/follower_impl.h"
#include "catalog/json_reader_impl.h"

#include <algorithm>
#include <array>

namespace croft::catalog {
namespace {

Outcome check_time(Time expires, Time now) {
    if (now <= expires) return {};
    return fail(Errc::expired, "expired",
                "it was good until " + format_utc(expires) + "; a newer one may exist");
}

template <class T>
Outcome outcome_of(const Result<T>& result) {
    return result ? Outcome() : tl::unexpected(result.error());
}

const Catalogue::Entry* entry_of(const FollowerState& state, const std::string& document) {
    if (!state.catalogue) return nullptr;
    const Sha256 hash = trust::sha256(document);
    const auto at = std::ranges::find_if(state.catalogue->releases, [&](const auto& entry) {
        return entry.manifest.sha256 == hash;
    });
    return at == state.catalogue->releases.end() ? nullptr : &*at;
}

/// A root document that we accepted before: only its own signatures are left to check.
Outcome judge_known_publisher(const FollowerState& state, const SignedBytes& bytes, Time now) {
    const Publisher publisher = reread(bytes.document);
    const auto verified = verify(publisher.root_ring(), bytes, Publisher::size_cap, publisher);
    if (!verified) return tl::unexpected(verified.error());
    const bool is_newest = publisher.version == state.publisher.version;
    return is_newest ? check_time(publisher.expires, now) : Outcome();
}

Outcome judge_publisher(const FollowerState& state, const SignedBytes& bytes,
                        const trust::Verified&, Time now) {
    const auto next = check_successor(state, bytes);
    return next ? check_time(next->expires, now) : tl::unexpected(next.error());
}

Outcome judge_catalogue(const FollowerState& state, const SignedBytes& bytes,
                        const trust::Verified& verified, Time now) {
    const auto catalogue = parse_catalogue(verified);
    if (!catalogue) return tl::unexpected(catalogue.error());
    if (bytes.document != state.catalogue_bytes) {
        if (auto fits = check_catalogue(state, *catalogue); !fits) return fits;
    }
    return catalogue->expires ? check_time(*catalogue->expires, now) : Outcome();
}

Outcome judge_beacon(const FollowerState& state, const SignedBytes&,
                     const trust::Verified& verified, Time now) {
    const auto beacon = parse_beacon(verified);
    if (!beacon) return tl::unexpected(beacon.error());
    if (auto fits = check_beacon(state, *beacon); !fits) return fits;
    if (state.catalogue && beacon->catalogue.version < state.catalogue->version) {
        return fail(Errc::rollback, "beacon_rollback",
                    "it names a catalogue older than the one that we know of");
    }
    return check_time(beacon->expires, now);
}

Outcome judge_release(const FollowerState& state, const SignedBytes& bytes,
                      const trust::Verified& verified, Time) {
    const auto release = parse_release(verified);
    if (!release) return tl::unexpected(release.error());
    if (auto ours = check_publisher_id(state, release->publisher); !ours) return ours;
    if (!state.catalogue) return {};
    const auto is_withdrawn = [&](const auto& entry) { return entry.release == release->release; };
    if (std::ranges::any_of(state.catalogue->withdrawn, is_withdrawn)) {
        return fail(Errc::withdrawn, "withdrawn",
                    release->release.text() + " was withdrawn by its publisher");
    }
    // Offered by this name, but not these bytes. An older edition that is no longer offered is
    // as good as it ever was.
    if (state.catalogue->find(release->release) && !entry_of(state, bytes.document)) {
        return fail(Errc::equivocation, "edition_changed",
                    release->release.text() + " was published with other content too");
    }
    return {};
}

using Judge = Outcome (*)(const FollowerState&, const SignedBytes&, const trust::Verified&, Time);

/// Who may sign a type of document, and how it is judged once enough of them did.
struct Rule {
    std::string_view type;
    trust::Keyring ring;
    Judge judge;
};

std::array<Rule, 4> rules_of(const Publisher& publisher) {
    return {{{"croft.publisher/1", publisher.root_ring(), judge_publisher},
             {"croft.catalogue/1", publisher.release_ring(), judge_catalogue},
             {"croft.release/1", publisher.release_ring(), judge_release},
             {"croft.beacon/1", publisher.beacon_ring(), judge_beacon}}};
}

int gravity(Errc code) {
    switch (code) {
        case Errc::bad_signature: return 4;
        case Errc::revoked_key: return 3;
        case Errc::no_signature: return 2;
        case Errc::unknown_key: return 1;
        default: return 5;  // it could not even be read
    }
}

}  // namespace

Outcome judge_document(const FollowerState& state, const SignedBytes& bytes, Time now) {
    if (std::ranges::find(state.publisher_chain, bytes.document) != state.publisher_chain.end()) {
        return judge_known_publisher(state, bytes, now);
    }
    // What a document is stands inside, and nothing inside is read before somebody of ours has
    // signed it. So every role is asked; then the type must be one that this role may sign.
    std::optional<Error> gravest, misused;
    for (const Rule& rule : rules_of(state.publisher)) {
        const auto verified = verify(rule.ring, bytes, Release::size_cap, state.publisher);
        if (!verified) {
            if (!gravest || gravity(verified.error().code) > gravity(gravest->code)) {
                gravest = verified.error();
            }
            continue;
        }
        const auto type = json::type_of(verified->document());
        if (!type) return tl::unexpected(type.error());
        if (*type == rule.type) return rule.judge(state, bytes, *verified, now);
        misused = Error{Errc::malformed, "wrong_role", "its signers may not sign such a document"};
    }
    if (misused) return tl::unexpected(*misused);
    const auto* entry = entry_of(state, bytes.document);
    if (entry && gravest->code != Errc::bad_signature) {  // vouched for, whoever signed it
        return outcome_of(accept_release(state, entry->release, bytes.document));
    }
    return tl::unexpected(*gravest);
}

}  // namespace croft::catalog
