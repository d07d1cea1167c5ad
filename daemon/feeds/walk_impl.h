#pragma once

#include "catalog/follower.h"

#include <string>
#include <vector>

/// Just enough of the rules for key rotation to tell whether a further publisher document is worth
/// asking for. What counts is `catalog::accept`. Pure, and for the pool: it computes signatures.
namespace croft::feeds {

/// The publisher that a first document describes, whoever that is.
Result<catalog::Publisher> read_first(const std::string& document);

/// The publisher after `held`, where enough root keys of `held` have signed the document.
Result<catalog::Publisher> read_next(const catalog::Publisher& held,
                                     const catalog::SignedBytes& bytes);

/// Ids of the keys whose `X.KEYID.minisig` may lie beside a document of this role: the role's, and
/// the revoked ones, so that a signature by one of those is told from none. Each once, at most 64:
/// nobody reads more signatures of one document.
std::vector<std::string> signer_ids(const catalog::Publisher::Role& role,
                                    const catalog::Publisher& publisher);

}  // namespace croft::feeds
