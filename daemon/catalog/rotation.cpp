#include "base/text.h"
#include "catalog/follower_impl.h"

#include <algorithm>
#include <cassert>

namespace croft::catalog {
namespace {

constexpr std::size_t signature_cap = 64;
constexpr std::size_t rotation_cap = 1024;
constexpr std::chrono::hours tolerated_ahead{24};

bool is_signed_by(const trust::Blake2b::Digest& content,
                  std::span<const trust::Signature> signatures, const trust::PublicKey& key) {
    return std::ranges::any_of(signatures, [&](const trust::Signature& signature) {
        return trust::is_signed_by(key.ed25519, as_text(content), signature.of_document);
    });
}

Outcome check_place(const FollowerState& state, const Publisher& next) {
    const std::uint64_t held = state.publisher.version;
    const std::string what = "publisher document " + std::to_string(next.version);
    if (next.version <= held) {
        return fail(Errc::equivocation, "publisher_equivocation",
                    what + " exists with other content, which we accepted before");
    }
    if (next.version != held + 1) {
        return fail(Errc::conflict, "version_gap",
                    what + " does not follow the " + std::to_string(held) + " that we hold");
    }
    if (next.previous->version != held || next.previous->sha256 != state.publisher_hash) {
        return fail(Errc::conflict, "forked_history",
                    what + " follows another document than the one we hold");
    }
    return {};
}

void adopt(FollowerState& state, Publisher next, const SignedBytes& bytes, Time now) {
    state.publisher_hash = trust::sha256(bytes.document);
    state.publisher_chain.push_back(bytes.document);
    state.publisher_signatures.push_back(bytes.signatures);
    if (next.reset && next.reset->beacon) state.beacon_serial = *next.reset->beacon;
    raise_newest(state, next.created, now);
    state.publisher = std::move(next);
}

}  // namespace

Result<std::vector<trust::Signature>> read_signatures(std::span<const std::string> texts) {
    std::vector<trust::Signature> signatures;
    std::optional<Error> fault;
    for (const std::string& text : texts.first(std::min(texts.size(), signature_cap))) {
        auto signature = trust::Signature::parse(text);
        if (signature) {
            signatures.push_back(*std::move(signature));
        } else if (!fault) {
            fault = signature.error();
        }
    }
    if (signatures.empty() && fault) return tl::unexpected(*fault);
    return signatures;
}

bool is_signed_by(const SignedBytes& bytes, const trust::PublicKey& key) {
    const auto signatures = read_signatures(bytes.signatures);
    return signatures && is_signed_by(trust::Blake2b::of(bytes.document), *signatures, key);
}

Outcome check_not_revoked(const Publisher& publisher, const trust::Blake2b::Digest& content,
                          std::span<const trust::Signature> signatures) {
    for (const Publisher::Revoked& revoked : publisher.revoked) {
        if (!is_signed_by(content, signatures, revoked.key)) continue;
        return fail(Errc::revoked_key, "revoked_signer",
                    "it is signed by a key that its publisher revoked" +
                        (revoked.reason.empty() ? "" : ": " + escape_control(revoked.reason)));
    }
    return {};
}

Result<trust::Verified> verify(const trust::Keyring& ring, const SignedBytes& bytes,
                               std::size_t size_cap, const Publisher& publisher) {
    if (bytes.document.size() > size_cap) {
        return fail(Errc::malformed, "too_large",
                    "it has " + format_size(bytes.document.size()) + "; it may have " +
                        format_size(size_cap));
    }
    const auto signatures = read_signatures(bytes.signatures);
    if (!signatures) return tl::unexpected(signatures.error());
    auto verified = ring.verify(bytes.document, *signatures);
    if (verified || verified.error().code == Errc::bad_signature) return verified;
    const auto valid_key =
        check_not_revoked(publisher, trust::Blake2b::of(bytes.document), *signatures);
    if (!valid_key) return tl::unexpected(valid_key.error());
    return verified;
}

Publisher reread(const std::string& accepted) {
    auto document = trust::pinned(accepted, trust::sha256(accepted));
    auto publisher = document ? parse_publisher(*document) : tl::unexpected(document.error());
    assert(publisher);  // it could be read when it was accepted
    return *std::move(publisher);
}

Result<Publisher> check_successor(const FollowerState& state, const SignedBytes& bytes) {
    const Publisher& held = state.publisher;
    const auto by_old = verify(held.root_ring(), bytes, Publisher::size_cap, held);
    if (!by_old) return tl::unexpected(by_old.error());
    auto next = parse_publisher(*by_old);
    if (!next) return next;
    if (auto placed = check_place(state, *next); !placed) return tl::unexpected(placed.error());
    const auto by_new = verify(next->root_ring(), bytes, Publisher::size_cap, *next);
    if (!by_new) return tl::unexpected(by_new.error());
    return next;
}

Outcome follow_rotations(FollowerState& state, std::span<const SignedBytes> publishers, Time now) {
    std::size_t steps = 0;
    for (const SignedBytes& bytes : publishers) {
        const bool is_known =
            std::ranges::find(state.publisher_chain, bytes.document) != state.publisher_chain.end();
        if (is_known) continue;
        if (++steps > rotation_cap) {
            return fail(Errc::conflict, "too_many_rotations",
                        "more than 1,024 new publisher documents at once");
        }
        auto next = check_successor(state, bytes);
        if (!next) return tl::unexpected(next.error());
        adopt(state, *std::move(next), bytes, now);
    }
    return {};
}

Result<FollowerState> begin(const PublisherId& id, std::span<const SignedBytes> publishers,
                            Time now) {
    if (publishers.empty()) {
        return fail(Errc::not_found, "publisher_missing", "there is no publisher.1.json");
    }
    const SignedBytes& first = publishers.front();
    const auto anchored = trust::pinned(first.document, id.hash);
    if (!anchored) return tl::unexpected(anchored.error());
    auto publisher = parse_publisher(*anchored);
    if (!publisher) return tl::unexpected(publisher.error());
    if (publisher->version != 1) {
        return fail(Errc::malformed, "not_the_first",
                    "a publisher is named by its first document, not by a later one");
    }
    const auto signed_by_itself =
        verify(publisher->root_ring(), first, Publisher::size_cap, *publisher);
    if (!signed_by_itself) return tl::unexpected(signed_by_itself.error());

    FollowerState state;
    state.id = id;
    adopt(state, *std::move(publisher), first, now);
    if (auto walked = follow_rotations(state, publishers.subspan(1), now); !walked) {
        return tl::unexpected(walked.error());
    }
    return state;
}

bool is_ahead(Time created, Time now) { return created > now + tolerated_ahead; }

void raise_newest(FollowerState& state, Time created, Time now) {
    if (!is_ahead(created, now)) state.newest_created = std::max(state.newest_created, created);
}

Outcome check_publisher_id(const FollowerState& state, const PublisherId& named) {
    if (named == state.id) return {};
    return fail(Errc::conflict, "other_publisher",
                "it speaks for publisher " + named.hex().substr(0, 16) + "…, not for " +
                    state.id.hex().substr(0, 16) + "…");
}

Outcome check_publisher_reference(const FollowerState& state, const DocumentRef& named) {
    if (named.version > state.publisher_chain.size()) {
        return fail(Errc::unavailable, "publisher_missing",
                    "it needs publisher." + std::to_string(named.version) +
                        ".json, which is not there: try again later");
    }
    const std::string& held = state.publisher_chain[named.version - 1];
    if (held.size() != named.size || trust::sha256(held) != named.sha256) {
        return fail(Errc::conflict, "publisher_mismatch",
                    "it names another publisher." + std::to_string(named.version) +
                        ".json than the one we hold");
    }
    return {};
}

}  // namespace croft::catalog
