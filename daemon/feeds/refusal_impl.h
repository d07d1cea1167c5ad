#pragma once

#include "base/result.h"

#include <optional>

namespace croft::feeds {

/// Whether a source gave us something that we do not take, other than not answering at all.
bool is_refusal(const Error& error);

/// Whether a second look may find it whole: documents and signatures are replaced one after
/// another.
bool may_be_mid_publish(const Error& error);

/// Keeps the error that says most: a refusal, then a trouble of ours, then a silence; the first of
/// equals.
void keep_graver(std::optional<Error>& kept, const Error& error);

}  // namespace croft::feeds
