#pragma once

#include "base/result.h"
#include "bundle/known_publishers.h"
#include "trust/signature.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace croft::cli::verify {

/// Whom the person who asks believes: flags first, else the plain files of this user and of the
/// daemons here.
struct Trusted {
    std::vector<trust::PublicKey> keys;              ///< `-P`
    std::vector<bundle::KnownPublisher> publishers;  ///< trusted and followed ones
    std::optional<std::string> fingerprint;  ///< the chain that lies with the content must have it
    std::optional<catalog::PublisherId> id;  ///< `--publisher FILE`

    bool has_flags() const { return !keys.empty() || fingerprint || id; }
    const bundle::KnownPublisher* find(const catalog::PublisherId& publisher) const;
    /// Whether a chain that starts with this document is the one the flags name.
    bool names(const catalog::PublisherId& publisher) const;
};

struct TrustFlags {
    std::vector<std::string> keys;         ///< `RW…`, or a .pub file
    std::filesystem::path publisher_file;  ///< publisher.1.json
    std::string fingerprint;
};

/// Reads the flags; without any, the plain files. `problems` of files that could not be believed go
/// to `notes`.
Result<Trusted> gather_trust(const TrustFlags& flags, Time now, std::vector<std::string>& notes);

/// Where `croft trust add` keeps its publishers.
std::filesystem::path trusted_folder();

}  // namespace croft::cli::verify
