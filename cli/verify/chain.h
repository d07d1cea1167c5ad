#pragma once

#include "catalog/follower.h"
#include "cli/verify/trusted.h"
#include "cli/verify/verdict.h"

#include <filesystem>

namespace croft::cli::verify {

/// What we believe of a publisher after its documents were looked at.
struct Chain {
    catalog::FollowerState state;  ///< the newer of what this computer had seen and what lies here
    std::string petname;           ///< empty where only the flags name it
    bool here_is_older =
        false;  ///< this computer has seen a newer catalogue than the one that lies here
};

/// Walks the publisher's documents in `feed` from an anchor that the person believes. `unknown_key`
/// where nobody told us to believe this publisher: its own claim counts for nothing.
Result<Chain> believe(const std::filesystem::path& feed, const Trusted& trusted, Time now);

/// "P2P Foundation (p2pf, 49XH-7594-…)".
std::string signer_text(const Chain& chain);

/// "key E7AB74853166E261".
std::string signer_text(const trust::PublicKey& key);

}  // namespace croft::cli::verify
