#pragma once

#include "base/result.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Names by which people tell publishers apart. Anybody can claim any name, so the user's own
/// petnames count, and a claimed name that looks like one we know deserves a warning.
namespace croft::feeds {

/// `invalid_argument` unless 1-64 bytes of visible UTF-8, without `/` and without a blank at an
/// end; `conflict` where one of `taken` looks the same.
Outcome check_petname(std::string_view petname, std::span<const std::string> taken);

/// A petname out of a claimed name: "P2P Foundation" -> `p2p-foundation`, `p2p-foundation-2` where
/// that is taken.
std::string make_petname(std::string_view claimed_name, std::span<const std::string> taken);

/// What a name looks like: two names with equal skeletons are easily taken for each other. Case,
/// blanks, punctuation and invisible characters are dropped, letters of other scripts become the
/// Latin ones that they look like (a small part of Unicode's UTS #39).
std::string skeleton(std::string_view name);

}  // namespace croft::feeds
