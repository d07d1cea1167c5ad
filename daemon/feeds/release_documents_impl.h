#pragma once

#include "feeds/source_impl.h"

namespace croft::feeds {

/// Fetches the documents of one release that `held` offers from `sources`, one after another, until
/// one gives the bytes that the catalogue names. The gravest error where none does.
void fetch_documents(std::shared_ptr<Context> context, std::vector<std::shared_ptr<Source>> sources,
                     StatePointer held, catalog::ReleaseName release,
                     Then<std::shared_ptr<const ReleaseDocuments>> then);

}  // namespace croft::feeds
