#include "trust/keyring.h"

#include "base/text.h"

#include <algorithm>
#include <optional>

namespace croft::trust {
namespace {

/// What a ring's keys say to the signatures that came with a document.
struct Tally {
    std::vector<PublicKey> good;  ///< distinct keys
    std::string comment;          ///< of the first good signature
    std::optional<Error> bad;     ///< the first that a key of ours contradicts
    std::size_t good_signatures = 0;
    bool none_is_ours = true;
};

/// A trusted comment is for people: one that could deceive them is not shown at all.
std::string presentable(const std::string& comment) {
    if (!is_utf8(comment)) return "";
    for (const char32_t code_point : code_points(comment)) {
        if (code_point != U'\t' && is_invisible(code_point)) return "";
    }
    return comment;
}

Tally tally(const Blake2b::Digest& digest, std::span<const Signature> signatures,
            const std::vector<PublicKey>& keys) {
    Tally tally;
    for (const PublicKey& key : keys) {
        if (std::ranges::find(tally.good, key) != tally.good.end()) continue;
        for (const Signature& signature : signatures) {
            if (signature.key_id != key.id) continue;
            tally.none_is_ours = false;
            const Outcome checked = check(signature, digest, key);
            if (checked) {
                if (tally.good.empty()) tally.comment = presentable(signature.trusted_comment);
                if (tally.good_signatures++ == 0 || tally.good.back() != key) {
                    tally.good.push_back(key);
                }
            } else if (!tally.bad) {
                tally.bad = checked.error();
            }
        }
    }
    return tally;
}

}  // namespace

Result<Signers> Keyring::check(const Blake2b::Digest& content,
                               std::span<const Signature> signatures) const {
    if (signatures.empty()) {
        return fail(Errc::no_signature, "no_signature", "there is no signature beside it");
    }
    Tally found = tally(content, signatures, keys_);
    if (!found.good.empty() && found.good.size() >= threshold_) {
        return Signers{std::move(found.good), std::move(found.comment)};
    }
    if (found.bad) return tl::unexpected(*found.bad);
    if (found.none_is_ours) {
        return fail(Errc::unknown_key, "unknown_signer",
                    "signed by key " + signatures.front().key_id.text() +
                        ", which is none of those that may sign this");
    }
    const bool repeats = found.good_signatures >= threshold_;
    return fail(Errc::no_signature, repeats ? "repeated_signer" : "below_threshold",
                std::to_string(found.good.size()) + " of the " + std::to_string(threshold_) +
                    " different keys that have to sign it");
}

Result<Verified> Keyring::verify(std::string document,
                                 std::span<const Signature> signatures) const {
    auto signers = check(Blake2b::of(document), signatures);
    if (!signers) return tl::unexpected(signers.error());
    return Verified(std::move(document), std::move(signers->keys),
                    std::move(signers->trusted_comment));
}

Result<Verified> pinned(std::string document, const Sha256& hash) {
    if (const Sha256 found = sha256(document); found != hash) {
        return fail(Errc::bad_signature, "hash_mismatch",
                    "its SHA-256 is " + found.hex() + ", not " + hash.hex());
    }
    return Verified(std::move(document), {}, "");
}

}  // namespace croft::trust
