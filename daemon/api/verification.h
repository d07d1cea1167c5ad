#pragma once

#include "feeds/feeds.h"
#include "trust/signature.h"

#include <optional>
#include <string>
#include <vector>

/// Whose signature is it? The keys that our publishers named, and what each may sign. Pure.
namespace croft::api {

struct KnownKey {
    trust::PublicKey key;
    std::string role;  ///< root, release or beacon
    feeds::Publisher publisher;
};

struct Verdict {
    std::optional<KnownKey> signer;  ///< whose key id the signature names, where we know it
    std::optional<Error> error;      ///< none: valid
};

/// Judges the signature over content with this hash by the keys of `publishers`.
Verdict judge(const trust::Signature& signature, const trust::Blake2b::Digest& content,
              const std::vector<feeds::Publisher>& publishers);

/// A whole `.minisig` in base64, as the header `Croft-Signature` carries it.
Result<trust::Signature> read_signature_header(std::string_view base64);

}  // namespace croft::api
