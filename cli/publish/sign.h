#pragma once

#include "cli/publish/secret_key.h"
#include "trust/hash.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace croft::publish {

/// The four lines of a `.minisig`: a prehashed `ED` signature of the document and one over it and
/// the trusted comment. The same key, digest and comment give the same bytes.
std::string sign(const SecretKey& key, const trust::Blake2b::Digest& document,
                 std::string_view trusted_comment);
std::string sign(const SecretKey& key, std::string_view document, std::string_view trusted_comment);

/// How long `sign`'s answer is, for those who count before they sign.
std::size_t signature_size(std::string_view trusted_comment);

/// One signature of each key, in their order.
std::vector<std::string> sign_by_all(std::span<const SecretKey* const> keys,
                                     std::string_view document, std::string_view trusted_comment);

}  // namespace croft::publish
