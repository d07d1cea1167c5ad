#pragma once

#include "base/result.h"
#include "base/time.h"
#include "catalog/ids.h"

#include <optional>
#include <string>
#include <vector>

/// Verifies signature and content with nothing running: no daemon, no network.
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
    std::vector<std::string> notes;  ///< "newest: yes, of what this computer has seen"

    bool is_valid() const { return !error; }
};

}  // namespace croft::cli::verify
