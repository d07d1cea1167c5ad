#include "bundle/feed_folder.h"
#include "feeds/evidence_impl.h"

namespace croft::feeds {

Outcome keep_evidence(const std::filesystem::path& folder, const catalog::FollowerState& held,
                      const catalog::SignedBytes& other) {
    if (folder.empty()) return {};
    const auto keep = [&](const catalog::SignedBytes& catalogue) {
        const std::string hash = trust::sha256(catalogue.document).hex().substr(0, 16);
        return bundle::write_signed(folder / bundle::layout::publisher_folder(held.id) / hash,
                                    std::string(bundle::layout::catalogue), catalogue);
    };
    if (auto kept = keep({held.catalogue_bytes, held.catalogue_signatures}); !kept) return kept;
    return keep(other);
}

}  // namespace croft::feeds
