#pragma once

#include "base/result.h"
#include "trust/signature.h"

#include <cstddef>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace croft::trust {

/// A document whose bytes somebody we believe stands for: enough keys signed it, or a trusted
/// parent named its hash. Only `Keyring::verify` and `pinned` make one, so a function that takes
/// `Verified` can't be handed anything else.
class Verified {
public:
    const std::string& document() const { return document_; }

    /// The distinct keys that signed; empty for a pinned document.
    const std::vector<PublicKey>& signers() const { return signers_; }

    /// The trusted comment of the first good signature; empty for a pinned document, and where it
    /// is not printable UTF-8.
    const std::string& trusted_comment() const { return trusted_comment_; }

private:
    friend class Keyring;
    friend Result<Verified> pinned(std::string, const Sha256&);
    Verified(std::string document, std::vector<PublicKey> signers, std::string trusted_comment)
        : document_(std::move(document)),
          signers_(std::move(signers)),
          trusted_comment_(std::move(trusted_comment)) {}

    std::string document_;
    std::vector<PublicKey> signers_;
    std::string trusted_comment_;
};

/// Who stands for some content.
struct Signers {
    std::vector<PublicKey> keys;  ///< distinct, one at least
    std::string trusted_comment;  ///< as `Verified::trusted_comment`
};

/// The keys that may sign one role, and how many of them must.
class Keyring {
public:
    Keyring() = default;
    Keyring(std::vector<PublicKey> keys, std::size_t threshold)
        : keys_(std::move(keys)), threshold_(threshold) {}

    const std::vector<PublicKey>& keys() const { return keys_; }
    std::size_t threshold() const { return threshold_; }

    /// Counts *distinct public keys* of this ring with a good signature over exactly these bytes.
    /// Enough, and one at least: the document. Else, gravest first: `bad_signature` where a key of
    /// ours is named and its signature fails, `no_signature` with reason `below_threshold` where
    /// some but too few are good or none was given at all, `unknown_key` where no signer is ours.
    Result<Verified> verify(std::string document, std::span<const Signature> signatures) const;

    /// The same for content that nobody reads as a document, known by its hash: files of any size.
    Result<Signers> check(const Blake2b::Digest& content,
                          std::span<const Signature> signatures) const;

private:
    std::vector<PublicKey> keys_;
    std::size_t threshold_ = 1;
};

/// A document whose hash a trusted parent, or the user, named. `bad_signature` with reason
/// `hash_mismatch` where it has another.
Result<Verified> pinned(std::string document, const Sha256& hash);

}  // namespace croft::trust
