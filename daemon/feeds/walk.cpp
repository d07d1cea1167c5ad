#include "feeds/walk_impl.h"
#include "trust/keyring.h"

#include <algorithm>

namespace croft::feeds {

constexpr std::size_t most_signatures = 64;

Result<catalog::Publisher> read_first(const std::string& document) {
    const auto pinned = trust::pinned(document, trust::sha256(document));
    return pinned ? catalog::parse_publisher(*pinned) : tl::unexpected(pinned.error());
}

Result<catalog::Publisher> read_next(const catalog::Publisher& held,
                                     const catalog::SignedBytes& bytes) {
    std::vector<trust::Signature> signatures;
    for (const std::string& text : bytes.signatures) {
        auto signature = trust::Signature::parse(text);
        if (signature) signatures.push_back(std::move(*signature));
    }
    const auto verified = held.root_ring().verify(bytes.document, signatures);
    return verified ? catalog::parse_publisher(*verified) : tl::unexpected(verified.error());
}

std::vector<std::string> signer_ids(const catalog::Publisher::Role& role,
                                    const catalog::Publisher& publisher) {
    std::vector<std::string> ids;
    const auto add = [&ids](const trust::PublicKey& key) {
        std::string id = key.id.text();
        if (ids.size() < most_signatures && !std::ranges::count(ids, id))
            ids.push_back(std::move(id));
    };
    std::ranges::for_each(role.keys, add);
    for (const auto& revoked : publisher.revoked)
        add(revoked.key);
    return ids;
}

}  // namespace croft::feeds
