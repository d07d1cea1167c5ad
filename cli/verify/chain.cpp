#include "cli/verify/chain.h"

#include "bundle/feed_folder.h"
#include "cli/output.h"
#include "trust/hash.h"

namespace croft::cli::verify {
namespace {

Error not_believed(const catalog::PublisherId& id, const std::string& document) {
    return {Errc::unknown_key, "unknown_publisher",
            "the publisher document beside it has the fingerprint " + catalog::fingerprint(id) +
                ", which nobody here trusts (" + std::to_string(document.size()) +
                " bytes that only claim)"};
}

}  // namespace

Result<Chain> believe(const std::filesystem::path& feed, const Trusted& trusted, Time now) {
    const auto bytes = bundle::read_feed(feed);
    if (!bytes) return tl::unexpected(bytes.error());
    if (bytes->publishers.empty()) {
        return fail(Errc::not_found, "no_publisher", feed.native() + " has no publisher.1.json");
    }
    const std::string& first = bytes->publishers.front().document;
    const catalog::PublisherId id{trust::sha256(first)};
    const bundle::KnownPublisher* known = trusted.find(id);
    if (!known && !trusted.names(id)) return tl::unexpected(not_believed(id, first));

    Chain chain;
    if (known) {
        chain.state = known->state;
        chain.petname = known->petname;
    } else {
        auto begun = catalog::begin(id, bytes->publishers, now);
        if (!begun) return tl::unexpected(begun.error());
        chain.state = std::move(*begun);
    }
    auto accepted = catalog::accept(chain.state, *bytes, now);
    if (accepted) {
        chain.state = std::move(accepted->state);
    } else if (accepted.error().code == Errc::rollback && known) {
        chain.here_is_older = true;
    } else {
        return tl::unexpected(accepted.error());
    }
    return chain;
}

std::string signer_text(const Chain& chain) {
    const std::string fingerprint = catalog::fingerprint(chain.state.id);
    return foreign(chain.state.publisher.name) + " (" +
           (chain.petname.empty() ? "" : foreign(chain.petname) + ", ") + fingerprint + ")";
}

std::string signer_text(const trust::PublicKey& key) { return "key " + key.id.text(); }

}  // namespace croft::cli::verify
