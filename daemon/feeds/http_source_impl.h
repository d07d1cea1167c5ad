#pragma once

#include "feeds/source_impl.h"

namespace croft::feeds {

/// A feed's layout below a base URL.
std::shared_ptr<Source> make_http_source(std::shared_ptr<Context> context, std::string base_url,
                                         Reach reach);

/// The ids of all keys that a publisher document seems to name: every word in it that reads as a
/// minisign public key. Nothing is believed or parsed; the ids only say which `X.KEYID.minisig` to
/// ask for. At most 64, each once.
std::vector<std::string> key_ids_named_in(std::string_view document);

}  // namespace croft::feeds
