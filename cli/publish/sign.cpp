#include "cli/publish/sign.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <array>

namespace croft::publish {
namespace {

constexpr std::string_view untrusted_comment = "untrusted comment: signature by croft publish\n";
constexpr std::string_view trusted_prefix = "trusted comment: ";

std::string base64(std::span<const std::uint8_t> bytes) {
    std::string text(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
    sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(),
                      sodium_base64_VARIANT_ORIGINAL);
    text.pop_back();
    return text;
}

}  // namespace

std::string sign(const SecretKey& key, const trust::Blake2b::Digest& document,
                 std::string_view trusted_comment) {
    const auto of_document = key.sign(document);
    std::vector<std::uint8_t> line = {'E', 'D'};
    std::ranges::copy(key.public_key().id.bytes, std::back_inserter(line));
    std::ranges::copy(of_document, std::back_inserter(line));

    std::vector<std::uint8_t> global(of_document.begin(), of_document.end());
    std::ranges::copy(as_bytes(trusted_comment), std::back_inserter(global));

    return fmt::format("{}{}\n{}{}\n{}\n", untrusted_comment, base64(line), trusted_prefix,
                       trusted_comment, base64(key.sign(global)));
}

std::string sign(const SecretKey& key, std::string_view document,
                 std::string_view trusted_comment) {
    return sign(key, trust::Blake2b::of(document), trusted_comment);
}

std::size_t signature_size(std::string_view trusted_comment) {
    constexpr std::size_t base64_of_74 = 100, base64_of_64 = 88, newlines = 3;
    return untrusted_comment.size() + base64_of_74 + trusted_prefix.size() +
           trusted_comment.size() + base64_of_64 + newlines;
}

std::vector<std::string> sign_by_all(std::span<const SecretKey* const> keys,
                                     std::string_view document, std::string_view trusted_comment) {
    const auto digest = trust::Blake2b::of(document);
    std::vector<std::string> signatures;
    for (const SecretKey* key : keys)
        signatures.push_back(sign(*key, digest, trusted_comment));
    return signatures;
}

}  // namespace croft::publish
