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

/// Everybody's keys that bear this id; ids are free to choose, so there may be several.
std::vector<KnownKey> keys_called(const trust::KeyId& id,
                                  const std::vector<feeds::Publisher>& publishers) {
    std::vector<KnownKey> known;
    for (const feeds::Publisher& publisher : publishers) {
        const catalog::Publisher& document = publisher.state->publisher;
        append_role(known, publisher, document.release, "release");
        append_role(known, publisher, document.root, "root");
        append_role(known, publisher, document.beacon, "beacon");
    }
    std::erase_if(known, [&](const KnownKey& each) { return each.key.id != id; });
    return known;
}

/// The revoked key that made a signature: a publisher's document names it without its id, so each
/// is tried.
std::optional<KnownKey> revoked_signer(const trust::Signature& signature,
                                       const trust::Blake2b::Digest& content,
                                       const std::vector<feeds::Publisher>& publishers) {
    for (const feeds::Publisher& publisher : publishers) {
        for (const auto& revoked : publisher.state->publisher.revoked) {
            trust::PublicKey key = revoked.key;
            key.id = signature.key_id;
            if (trust::check(signature, content, key)) return KnownKey{key, "release", publisher};
        }
    }
    return std::nullopt;
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

Verdict judge(const trust::Signature& signature, const trust::Blake2b::Digest& content,
              const std::vector<feeds::Publisher>& publishers) {
    if (auto signer = revoked_signer(signature, content, publishers)) {
        return {std::move(signer),
                Error{Errc::revoked_key, "revoked_key",
                      "the signature is good, but its publisher revoked this key"}};
    }
    Verdict verdict{std::nullopt,
                    Error{Errc::unknown_key, "unknown_key",
                          "no publisher you follow has the key " + signature.key_id.text()}};
    for (const KnownKey& each : keys_called(signature.key_id, publishers)) {
        const auto checked = trust::check(signature, content, each.key);
        if (checked) return {each, std::nullopt};
        verdict = {each, checked.error()};
    }
    return verdict;
}

Result<trust::Signature> read_signature_header(std::string_view base64) {
    const auto text = base64.size() <= signature_cap ? decode_base64(base64) : std::nullopt;
    if (!text || text->empty()) {
        return fail(Errc::malformed, "bad_signature_header",
                    "give the whole .minisig file in base64 in the header Croft-Signature");
    }
    return trust::Signature::parse(*text);
}

}  // namespace croft::api
