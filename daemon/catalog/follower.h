#pragma once

#include "catalog/beacon.h"
#include "catalog/catalogue.h"
#include "catalog/publisher.h"
#include "catalog/release.h"

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace croft::catalog {

/// A document with the signatures that came with it, from any source, believed by nobody yet.
struct SignedBytes {
    std::string document;
    std::vector<std::string> signatures;  ///< whole `.minisig` files
};

/// What a feed shows: found in a folder, fetched over HTTP, out of a feed torrent.
struct FeedBytes {
    std::vector<SignedBytes>
        publishers;  ///< publisher.1.json, 2, …: as far as the follower needs them
    SignedBytes catalogue;
    std::optional<SignedBytes> beacon;
};

/// What a follower remembers of one publisher. Committed before it is used.
struct FollowerState {
    PublisherId id;
    Publisher publisher;  ///< the newest accepted root document
    Sha256 publisher_hash;
    std::vector<std::string> publisher_chain;  ///< its bytes from 1 on, for showing and sharing
    std::vector<std::vector<std::string>> publisher_signatures;  ///< beside each of the chain
    std::optional<Catalogue> catalogue;
    Sha256 catalogue_hash;
    std::string catalogue_bytes;
    std::vector<std::string> catalogue_signatures;
    std::uint64_t beacon_serial = 0;
    Time newest_created{};  ///< the highest `created` seen; never the clock's
    struct Floor {
        std::uint64_t serial = 0;
        Sha256 manifest;
    };
    std::map<std::string, Floor> floors;  ///< per release name, the highest serial seen
    bool equivocated =
        false;  ///< two catalogues of one version: no updates until the user or a reset says so
};

/// What an accepted update means, for the user and for those who act on it.
struct Accepted {
    FollowerState state;
    bool changed = false;        ///< false: the same as we had
    bool stale = false;          ///< its time is over; genuine, newer may exist
    bool clock_warning = false;  ///< `created` lies over 24 h ahead of our clock
    std::vector<ReleaseName> appeared, vanished, withdrawn;
};

/// The first state of a publisher: walks `publishers` from version 1, whose hash must be `id`.
Result<FollowerState> begin(const PublisherId& id, std::span<const SignedBytes> publishers,
                            Time now);

/// Whether what we hold is past its time: a label, which blocks nothing. A final catalogue never
/// is.
bool is_stale(const FollowerState& state, Time now);

/// The follower's whole table of rules (FORMATS "A follower's state and rules"): verifies, then
/// parses, then compares with what we remember. Refusals carry the code of the exit-code table and
/// a reason each: rollback, equivocation, another publisher's document, revoked signer, version
/// jump, … `unavailable` where the feed seems to be caught while it changes. After an
/// `equivocation` the caller keeps both documents and sets `equivocated`.
Result<Accepted> accept(const FollowerState& state, const FeedBytes& feed, Time now);

/// A release document that the newest catalogue names by hash is good whoever signed it.
Result<Release> accept_release(const FollowerState& state, const ReleaseName& release,
                               std::string document);

/// The same documents judged one at a time, as `croft verify FILE` needs it: whether this one may
/// follow what we hold, or is part of it. Unlike `accept` it refuses what has expired or was
/// withdrawn, as the whole edition or a file of it. What its signers may not sign is `unknown_key`,
/// reason `wrong_role`.
Outcome judge_document(const FollowerState& state, const SignedBytes& document, Time now);

/// A document that somebody's key stands for, where nothing is known of its publisher: read
/// strictly, held to its time and, a root document, to its own keys and threshold. It is compared
/// with no other.
Outcome judge_document(const trust::Verified& verified, const SignedBytes& document, Time now);

/// Whether bytes mean to be one of our documents, however badly: an object that speaks of a
/// `croft.…` type. Anything else is content, such as a bundle's `SHA256SUMS`.
bool means_to_be_document(std::string_view bytes);

/// A file of any kind and size, with the signatures that came with it, believed by nobody yet.
struct SignedFile {
    trust::Blake2b::Digest digest{};      ///< of its bytes
    std::optional<std::string> document;  ///< them, where they mean to be a document of ours
    std::vector<std::string> signatures;  ///< whole `.minisig` files
};

/// A document by `judge_document`; content by the release role and its threshold.
Outcome judge_file(const FollowerState& state, const SignedFile& file, Time now);

/// Several publishers judge one file, and key ids are free to choose: the verdict that counts is
/// the one of whose keys really signed. True where that is `other` rather than `one`.
bool outweighs(const Outcome& other, const Outcome& one);

}  // namespace croft::catalog
