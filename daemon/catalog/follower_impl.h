#pragma once

#include "catalog/follower.h"

/// Private to this module: how the rules of follower.h read signatures and follow key rotation.
namespace croft::catalog {

/// Verifies, before anything is parsed: size cap, then enough signatures of the ring. Files that
/// are no signatures are passed over where others are; a good signature by a key that `publisher`
/// revoked is told from an unknown one.
Result<trust::Verified> verify(const trust::Keyring& ring, const SignedBytes& bytes,
                               std::size_t size_cap, const Publisher& publisher);

/// The signatures among these files; those that are none are passed over where others are.
Result<std::vector<trust::Signature>> read_signatures(std::span<const std::string> texts);

/// The refusal where a key that `publisher` revoked made one of the signatures over this content.
Outcome check_not_revoked(const Publisher& publisher, const trust::Blake2b::Digest& content,
                          std::span<const trust::Signature> signatures);

/// Whether one of the signatures is `key`'s, over exactly this document.
bool is_signed_by(const SignedBytes& bytes, const trust::PublicKey& key);

/// Reads bytes that were accepted before.
Publisher reread(const std::string& accepted);

/// The root document N+1, held to the thresholds of N and of itself, to N's hash, to its number.
Result<Publisher> check_successor(const FollowerState& state, const SignedBytes& bytes);

/// Walks from the document that we hold to the newest of `publishers`.
Outcome follow_rotations(FollowerState& state, std::span<const SignedBytes> publishers, Time now);

/// Remembers a `created`; one over 24 h ahead of our clock raises nothing.
void raise_newest(FollowerState& state, Time created, Time now);
bool is_ahead(Time created, Time now);

Outcome check_publisher_id(const FollowerState& state, const PublisherId& named);

/// Whether a document names a root document that we know, by its hash.
Outcome check_publisher_reference(const FollowerState& state, const DocumentRef& named);

/// The follower's rules for a catalogue and a beacon that are verified and read.
Outcome check_catalogue(const FollowerState& state, const Catalogue& catalogue);
Outcome check_beacon(const FollowerState& state, const Beacon& beacon);

}  // namespace croft::catalog
