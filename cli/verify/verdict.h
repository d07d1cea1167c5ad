#pragma once

#include "base/result.h"
#include "base/time.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// Verifies signature and content with nothing running: no daemon, no network.
///
/// What lies at a path becomes a list of things (place.h), each thing is judged by whom the person
/// believes (trusted.h, chain.h), and each judgement is a verdict.
namespace croft::cli::verify {

/// What was found out about one thing: a document, a bundle, a feed's catalogue.
struct Verdict {
    std::string subject;         ///< `wiki-57`, or the path
    std::string beside;          ///< `November 2026`, `catalogue 58`
    std::optional<Error> error;  ///< none: valid

    std::vector<std::string> damaged, missing, extra;
    std::uint64_t files = 0, bytes = 0, files_expected = 0;

    std::string signer;  ///< "P2P Foundation (p2pf, 49XH-…)" or "key E7AB74853166E261"
    std::optional<Time> signed_at;
    std::string trusted_comment;
    std::vector<std::string> notes;  ///< "newest  yes, of what this computer has seen"
    std::string mend;                ///< what to do about the error, where that is known

    bool is_valid() const { return !error; }
};

}  // namespace croft::cli::verify
