#pragma once

#include "catalog/follower.h"
#include "cli/verify/trusted.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace croft::cli::verify {

/// Somebody whose word counts for what lies in a folder: a publisher, or with `-P` alone its keys.
struct Chain {
    /// The newer of what this computer had seen and what lies here. By keys alone: they, as its
    /// release role, and the catalogue if they signed it.
    catalog::FollowerState state;
    std::string petname;                       ///< empty where only the flags name it
    std::optional<trust::PublicKey> key = {};  ///< by keys alone: which signed the catalogue
    std::optional<Error> fault = {};           ///< why something that lies here was not taken over

    /// This computer has seen a newer catalogue than the one that lies here.
    bool is_older() const { return fault && fault->code == Errc::rollback; }
};

/// Walks the documents in `feed` from an anchor that the person believes. `unknown_key` where
/// nobody told us to believe this publisher: its own claim counts for nothing.
Result<Chain> believe(const std::filesystem::path& feed, const Trusted& trusted, Time now);

/// All who may vouch for something signed that lies in `feed`, or, where that is empty, anywhere.
std::vector<Chain> believed(const std::filesystem::path& feed, const Trusted& trusted, Time now);

/// "P2P Foundation (p2pf, 49XH-7594-…)".
std::string signer_text(const Chain& chain);

/// "key E7AB74853166E261".
std::string signer_text(const trust::PublicKey& key);

/// What to do where nobody believes the publisher of this feed.
std::string how_to_trust(const std::filesystem::path& feed);

/// The same error, with the document that has it in front.
Error named(const std::string& document, Error error);

}  // namespace croft::cli::verify
