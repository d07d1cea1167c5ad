#pragma once

#include "base/result.h"
#include "bundle/known_publishers.h"
#include "trust/signature.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace croft::cli::verify {

/// Whom the person who asks believes. Where flags name a publisher, only that one; what this
/// computer has seen of it counts all the same. Every flag that is given has to hold.
struct Trusted {
    std::vector<trust::PublicKey> keys;              ///< `-P`
    std::vector<bundle::KnownPublisher> publishers;  ///< trusted and followed ones
    std::optional<std::string> fingerprint;  ///< the chain that lies with the content must have it
    std::optional<catalog::PublisherId> id;  ///< `--publisher FILE`

    bool names_publisher() const { return fingerprint || id; }
    /// Nobody but these keys: no publisher's roles, no history.
    bool is_keys_alone() const { return !keys.empty() && !names_publisher(); }
    const bundle::KnownPublisher* find(const catalog::PublisherId& publisher) const;
    /// Whether the flags name this publisher.
    bool names(const catalog::PublisherId& publisher) const;
};

struct TrustFlags {
    std::vector<std::string> keys;         ///< `RW…`, a .pub file, or a key's name
    std::filesystem::path publisher_file;  ///< publisher.1.json
    std::string fingerprint;
};

/// Reads the flags, and the plain files of this user and of the daemons here. `problems` of files
/// that could not be believed go to `notes`.
Result<Trusted> gather_trust(const TrustFlags& flags, Time now, std::vector<std::string>& notes);

/// Takes over what `other` has seen more of the same publisher: the newer state, the higher floors.
/// `equivocation` where the two contradict each other.
Outcome learn(bundle::KnownPublisher& publisher, const catalog::FollowerState& other, Time now);

/// Where `croft trust add` keeps its publishers.
std::filesystem::path trusted_folder();

}  // namespace croft::cli::verify
