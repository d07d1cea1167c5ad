#pragma once

#include "api/json_impl.h"
#include "catalog/follower.h"
#include "library/library.h"

/// Whose word is it? From the publisher's first document to the bytes, each link with what vouches
/// for it and the stock commands that check it. Pure; hashes and verifies, so not on the loop.
namespace croft::api {

Json signature_chain(const library::ReleaseView& release, const catalog::FollowerState& state,
                     const library::Documents& documents);

/// The name under which the i-th signature of a document lies beside it: `X.minisig` first, then
/// `X.KEYID.minisig`.
std::string signature_name(std::string_view document, std::string_view signature, std::size_t i);

/// Quoted for a shell where it needs to be.
std::string shell_word(std::string_view text);

}  // namespace croft::api
