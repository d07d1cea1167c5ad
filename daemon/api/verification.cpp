#include "api/verification.h"

#include <algorithm>
#include <array>

namespace croft::api {
namespace {

constexpr std::size_t signature_cap = 4096;

void append_role(std::vector<KnownKey>& known, const feeds::Publisher& publisher,
                 const catalog::Publisher::Role& role, const char* name) {
    for (const trust::PublicKey& key : role.keys)
        known.push_back({key, name, publisher});
}

/// A publisher's keys. A revoked one is named without its id, so it takes the signature's.
std::vector<KnownKey> keys_of(const feeds::Publisher& publisher, const trust::KeyId& signer) {
    std::vector<KnownKey> known;
    const catalog::Publisher& document = publisher.state->publisher;
    append_role(known, publisher, document.release, "release");
    append_role(known, publisher, document.root, "root");
    append_role(known, publisher, document.beacon, "beacon");
    for (const auto& revoked : document.revoked) {
        trust::PublicKey key = revoked.key;
        key.id = signer;
        known.push_back({key, "release", publisher});
    }
    return known;
}

/// Whose key it is: the one that signed, else one that the signature names by its id.
std::optional<KnownKey> signer_of(const trust::Signature& signature,
                                  const trust::Blake2b::Digest& content,
                                  const feeds::Publisher& publisher) {
    std::optional<KnownKey> named;
    for (KnownKey& known : keys_of(publisher, signature.key_id)) {
        if (trust::check(signature, content, known.key)) return std::move(known);
        const bool is_revoked = publisher.state->publisher.revocation_of(known.key) != nullptr;
        if (!named && !is_revoked && known.key.id == signature.key_id) named = std::move(known);
    }
    return named;
}

std::optional<std::string> decode_base64(std::string_view text) {
    static constexpr std::string_view alphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    if (text.size() % 4 != 0) return std::nullopt;
    while (text.ends_with('='))
        text.remove_suffix(1);
    std::string decoded;
    unsigned bits = 0, count = 0;
    for (const char c : text) {
        const auto value = alphabet.find(c);
        if (value == std::string_view::npos) return std::nullopt;
        bits = (bits << 6U) | static_cast<unsigned>(value);
        count += 6;
        if (count < 8) continue;
        count -= 8;
        decoded += static_cast<char>((bits >> count) & 0xFFU);
    }
    return decoded;
}

}  // namespace

Verdict judge(const catalog::SignedFile& file, const trust::Signature& signature,
              const std::vector<feeds::Publisher>& publishers, Time now) {
    const Outcome unknown = fail(Errc::unknown_key, "unknown_signer",
                                 "no publisher you follow has the key " + signature.key_id.text());
    Outcome counts = unknown;
    const feeds::Publisher* by = nullptr;
    for (const feeds::Publisher& publisher : publishers) {
        auto judged = catalog::judge_file(*publisher.state, file, now);
        if (!catalog::outweighs(judged, counts)) continue;
        counts = std::move(judged);
        by = &publisher;
    }
    Verdict verdict;
    if (by) verdict.signer = signer_of(signature, file.digest, *by);
    // The catalogue may name a document by its hash; asked is whose this signature is.
    if (counts && !verdict.signer) counts = unknown;
    // Content by a key that may not sign it is unknown to all, and somebody's all the same.
    for (std::size_t i = 0; !verdict.signer && i < publishers.size(); ++i)
        verdict.signer = signer_of(signature, file.digest, publishers[i]);
    if (!counts) verdict.error = counts.error();
    return verdict;
}

Result<SignatureFile> read_signature_header(std::string_view base64) {
    const auto text = base64.size() <= signature_cap ? decode_base64(base64) : std::nullopt;
    if (!text || text->empty()) {
        return fail(Errc::malformed, "bad_signature_header",
                    "give the whole .minisig file in base64 in the header Croft-Signature");
    }
    auto signature = trust::Signature::parse(*text);
    if (!signature) return tl::unexpected(signature.error());
    return SignatureFile{*text, std::move(*signature)};
}

}  // namespace croft::api
