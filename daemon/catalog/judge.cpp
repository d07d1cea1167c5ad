#include "base/text.h"
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

Outcome check_not_withdrawn(const Catalogue& catalogue, const Release& release) {
    const auto refuse = [](std::string reason, const std::string& what, WithdrawalReason why) {
        return fail(Errc::withdrawn, std::move(reason),
                    what + " was withdrawn by its publisher: " + std::string(name_of(why)));
    };
    if (const auto* withdrawn = catalogue.withdrawal_of(release.release)) {
        return refuse("withdrawn", release.release.text(), withdrawn->reason);
    }
    for (const Release::File& file : release.files) {
        if (const auto* withdrawn = catalogue.withdrawal_of(file.sha256)) {
            return refuse("file_withdrawn", "the file " + file.path + " of it", withdrawn->reason);
        }
    }
    return {};
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
    const Catalogue& newest = *state.catalogue;
    if (auto offered = check_not_withdrawn(newest, *release); !offered) return offered;
    // Offered by this name, but not these bytes. An older edition that is no longer offered is
    // as good as it ever was.
    if (newest.find(release->release) && !entry_of(state, bytes.document)) {
        return fail(Errc::equivocation, "edition_changed",
                    release->release.text() + " was published with other content too");
    }
    return {};
}

/// A release that the newest catalogue names by its hash.
Outcome judge_vouched(const FollowerState& state, const Catalogue::Entry& entry,
                      const std::string& document) {
    const auto release = accept_release(state, entry.release, document);
    if (!release) return tl::unexpected(release.error());
    return check_not_withdrawn(*state.catalogue, *release);
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

Error unknown_type(const std::string& type) {
    return {Errc::malformed, "unknown_type",
            "a document of the type \"" + escape_control(type) + "\" is not known to this version"};
}

/// Whose keys stand for it, but not for this: nobody who may say it has signed it.
Error wrong_role(const std::string& type) {
    const auto rules = rules_of({});
    if (std::ranges::find(rules, type, &Rule::type) == rules.end()) return unknown_type(type);
    return {Errc::unknown_key, "wrong_role",
            "its signers may not sign a document of the type " + type};
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
        misused = wrong_role(*type);
    }
    if (misused) return tl::unexpected(*misused);
    const auto* entry = entry_of(state, bytes.document);
    if (entry && gravest->code != Errc::bad_signature) {  // vouched for, whoever signed it
        return judge_vouched(state, *entry, bytes.document);
    }
    return tl::unexpected(*gravest);
}

Outcome judge_document(const trust::Verified& verified, const SignedBytes& bytes, Time now) {
    const auto type = json::type_of(verified.document());
    if (!type) return tl::unexpected(type.error());
    if (*type == "croft.publisher/1") {
        const auto publisher = parse_publisher(verified);
        if (!publisher) return tl::unexpected(publisher.error());
        const auto own = verify(publisher->root_ring(), bytes, Publisher::size_cap, *publisher);
        return own ? check_time(publisher->expires, now) : tl::unexpected(own.error());
    }
    if (*type == "croft.catalogue/1") {
        const auto catalogue = parse_catalogue(verified);
        if (!catalogue) return tl::unexpected(catalogue.error());
        return catalogue->expires ? check_time(*catalogue->expires, now) : Outcome();
    }
    if (*type == "croft.release/1") return outcome_of(parse_release(verified));
    if (*type == "croft.beacon/1") {
        const auto beacon = parse_beacon(verified);
        return beacon ? check_time(beacon->expires, now) : tl::unexpected(beacon.error());
    }
    return tl::unexpected(unknown_type(*type));
}

bool means_to_be_document(std::string_view bytes) {
    constexpr std::string_view bom = "\xEF\xBB\xBF";
    if (bytes.starts_with(bom)) bytes.remove_prefix(bom.size());
    const auto start = bytes.find_first_not_of(" \t\r\n");
    return start != bytes.npos && bytes[start] == '{' && bytes.find("\"croft.") != bytes.npos;
}

Outcome judge_file(const FollowerState& state, const SignedFile& file, Time now) {
    if (file.document) return judge_document(state, {*file.document, file.signatures}, now);
    const auto signatures = read_signatures(file.signatures);
    if (!signatures) return tl::unexpected(signatures.error());
    const auto signers = state.publisher.release_ring().check(file.digest, *signatures);
    if (signers) return {};
    if (signers.error().code == Errc::bad_signature) return tl::unexpected(signers.error());
    auto valid_key = check_not_revoked(state.publisher, file.digest, *signatures);
    return valid_key ? tl::unexpected(signers.error()) : valid_key;
}

bool outweighs(const Outcome& other, const Outcome& one) {
    const auto weight = [](const Outcome& outcome) {
        if (outcome) return 3;
        if (outcome.error().code == Errc::bad_signature) return 1;
        return outcome.error().reason == "unknown_signer" ? 0 : 2;
    };
    return weight(other) > weight(one);
}

}  // namespace croft::catalog
