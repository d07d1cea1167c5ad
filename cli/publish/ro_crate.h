#pragma once

#include "cli/publish/edition.h"

#include <string>

namespace croft::publish {

/// `ro-crate-metadata.json` (RO-Crate 1.2, https://w3id.org/ro/crate/1.2): what the bundle is, for
/// anybody who finds it without us. The root Dataset's `identifier` is `croft:<publisher
/// id>/NAME-SERIAL`. Files are not listed: they are in `SHA256SUMS`.
std::string write_ro_crate(const Edition& edition, const catalog::PublisherId& publisher,
                           const std::string& publisher_name, std::uint64_t serial, Time date);

}  // namespace croft::publish
