#include "trust/signature.h"

#include <sodium.h>

#include <algorithm>
#include <optional>

namespace croft::trust {
namespace {

constexpr std::string_view untrusted_prefix = "untrusted comment: ";
constexpr std::string_view trusted_prefix = "trusted comment: ";

// The longest lines that stock minisign reads, their ends included.
constexpr std::size_t untrusted_line_cap = 1023;
constexpr std::size_t trusted_line_cap = 8191;

std::string encode_base64(std::span<const std::uint8_t> bytes) {
    std::string text(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
    sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(),
                      sodium_base64_VARIANT_ORIGINAL);
    text.pop_back();  // the terminating NUL
    return text;
}

/// Decodes base64 of exactly `N` bytes, as an encoder writes it and in no other form: libsodium
/// 1.0.18 takes some bytes above 127 for letters, stock minisign takes spare bits that are set.
template <std::size_t N>
std::optional<std::array<std::uint8_t, N>> decode_base64(std::string_view text) {
    std::array<std::uint8_t, N> bytes{};
    std::size_t length = 0;
    if (sodium_base642bin(bytes.data(), N, text.data(), text.size(), nullptr, &length, nullptr,
                          sodium_base64_VARIANT_ORIGINAL) != 0 ||
        length != N || encode_base64(bytes) != text) {
        return std::nullopt;
    }
    return bytes;
}

struct Line {
    std::string_view text;  ///< without `\n` and one `\r` before it
    std::size_t length = 0;
    bool is_ended = false;
};

Line take_line(std::string_view& rest) {
    const std::size_t end = rest.find('\n');
    Line line;
    line.is_ended = end != std::string_view::npos;
    line.length = line.is_ended ? end + 1 : rest.size();
    line.text = rest.substr(0, end);
    if (line.text.ends_with('\r')) line.text.remove_suffix(1);
    rest.remove_prefix(line.length);
    return line;
}

bool is_comment(const Line& line, std::string_view prefix, std::size_t cap) {
    return line.is_ended && line.length <= cap && line.text.starts_with(prefix) &&
           line.text.find('\0') == std::string_view::npos;
}

tl::unexpected<Error> not_a_signature(std::string reason, std::string_view what) {
    return fail(Errc::malformed, std::move(reason),
                "not a minisign signature: " + std::string(what));
}

tl::unexpected<Error> not_a_key(std::string reason, std::string_view what) {
    return fail(Errc::malformed, std::move(reason),
                "not a minisign public key: " + std::string(what));
}

}  // namespace

std::string KeyId::text() const {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string text;
    for (std::size_t at = bytes.size(); at-- > 0;) {
        text += digits[bytes.at(at) >> 4];
        text += digits[bytes.at(at) & 15];
    }
    return text;
}

std::string PublicKey::minisign() const {
    std::array<std::uint8_t, 42> raw{'E', 'd'};
    std::copy(id.bytes.begin(), id.bytes.end(), raw.begin() + 2);
    std::copy(ed25519.begin(), ed25519.end(), raw.begin() + 10);
    return encode_base64(raw);
}

Result<PublicKey> PublicKey::parse(std::string_view text) {
    Line line = take_line(text);
    if (!text.empty()) {  // the first of two lines is a comment, whatever it says
        if (line.length > untrusted_line_cap) return not_a_key("key_lines", "a line is too long");
        line = take_line(text);
    }
    const auto raw = decode_base64<42>(line.text);
    if (!raw) return not_a_key("key_base64", "it is not the base64 of 42 bytes (RW…)");
    if ((*raw)[0] != 'E' || (*raw)[1] != 'd') return not_a_key("key_algorithm", "not an Ed key");
    PublicKey key;
    std::copy_n(raw->begin() + 2, 8, key.id.bytes.begin());
    std::copy_n(raw->begin() + 10, 32, key.ed25519.begin());
    if (crypto_core_ed25519_is_valid_point(key.ed25519.data()) != 1) {
        return not_a_key("key_point", "its point is weak or off the curve: nobody can own it");
    }
    return key;
}

Result<Signature> Signature::parse(std::string_view text) {
    const Line untrusted = take_line(text), of_document = take_line(text),
               trusted = take_line(text), of_comment = take_line(text);
    if (!is_comment(untrusted, untrusted_prefix, untrusted_line_cap)) {
        return not_a_signature("untrusted_comment", "its first line is no untrusted comment");
    }
    if (!of_document.is_ended) return not_a_signature("signature_lines", "it has only two lines");
    if (!is_comment(trusted, trusted_prefix, trusted_line_cap)) {
        return not_a_signature("trusted_comment", "its third line is no trusted comment");
    }
    const auto raw = decode_base64<74>(of_document.text);
    if (!raw) return not_a_signature("signature_base64", "its second line is not 74 bytes");
    if ((*raw)[0] == 'E' && (*raw)[1] == 'd') {
        return fail(Errc::malformed, "legacy_signature",
                    "a legacy signature, of the content instead of its hash: sign again with "
                    "minisign -H, or minisign 0.11 or newer");
    }
    if ((*raw)[0] != 'E' || (*raw)[1] != 'D') {
        return not_a_signature("signature_algorithm", "its algorithm is not ED");
    }
    const auto global = decode_base64<64>(of_comment.text);
    if (!global) return not_a_signature("comment_base64", "its fourth line is not 64 bytes");

    Signature signature;
    std::copy_n(raw->begin() + 2, 8, signature.key_id.bytes.begin());
    std::copy_n(raw->begin() + 10, 64, signature.of_document.begin());
    signature.of_comment = *global;
    signature.trusted_comment = trusted.text.substr(trusted_prefix.size());
    return signature;
}

Outcome check(const Signature& signature, const Blake2b::Digest& document, const PublicKey& key) {
    if (signature.key_id != key.id) {
        return fail(Errc::unknown_key, "other_key",
                    "signed by key " + signature.key_id.text() + ", not by " + key.id.text());
    }
    if (!is_signed_by(key.ed25519, as_text(document), signature.of_document)) {
        return fail(Errc::bad_signature, "document_changed",
                    "key " + key.id.text() + " did not sign this content");
    }
    // The comment is signed together with the first signature, so that it can't be moved to
    // another document.
    std::string signed_comment(as_text(signature.of_document));
    signed_comment += signature.trusted_comment;
    if (!is_signed_by(key.ed25519, signed_comment, signature.of_comment)) {
        return fail(Errc::bad_signature, "comment_changed",
                    "key " + key.id.text() + " did not sign this trusted comment");
    }
    return {};
}

Outcome check(const Signature& signature, std::string_view document, const PublicKey& key) {
    return check(signature, Blake2b::of(document), key);
}

bool is_signed_by(const std::array<std::uint8_t, 32>& ed25519, std::string_view message,
                  const std::array<std::uint8_t, 64>& signature) {
    return crypto_sign_verify_detached(signature.data(), as_bytes(message).data(), message.size(),
                                       ed25519.data()) == 0;
}

}  // namespace croft::trust
