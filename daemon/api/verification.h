#pragma once

#include "feeds/feeds.h"
#include "trust/signature.h"

#include <optional>
#include <string>
#include <vector>

/// Whose signature is it, and may that key say this? By what we know of our publishers. Pure.
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

/// Judges a file with one signature by each of `publishers`, as `croft verify` does: a document of
/// ours by its type, role and threshold and by what we have seen, anything else by the release
/// role. The verdict that counts is that of whose key really signed.
Verdict judge(const catalog::SignedFile& file, const trust::Signature& signature,
              const std::vector<feeds::Publisher>& publishers, Time now);

/// A `.minisig` file: its text, and what that says.
struct SignatureFile {
    std::string text;
    trust::Signature signature;
};

/// A whole `.minisig` in base64, as the header `Croft-Signature` carries it.
Result<SignatureFile> read_signature_header(std::string_view base64);

}  // namespace croft::api
