#include "cli/verify/chain.h"

#include "base/file.h"
#include "bundle/feed_folder.h"
#include "cli/output.h"
#include "trust/hash.h"

#include <algorithm>

namespace croft::cli::verify {
namespace {

namespace fs = std::filesystem;
namespace layout = bundle::layout;

Error not_believed(const catalog::PublisherId& id) {
    return {Errc::unknown_key, "unknown_publisher",
            "the publisher document beside it has the fingerprint " + catalog::fingerprint(id) +
                ", which nobody here trusts: it only claims"};
}

/// Which document it is that `accept` did not take, of the publisher's documents and the catalogue.
std::string culprit(const catalog::PublisherId& id, const catalog::FeedBytes& bytes, Time now) {
    const std::span publishers(bytes.publishers);
    for (std::size_t count = 1; count <= publishers.size(); ++count) {
        if (!catalog::begin(id, publishers.first(count), now)) return layout::publisher(count);
    }
    return std::string(layout::catalogue);
}

/// Takes over what is good of a feed: first without the beacon, so that its fault is its own.
void take(Chain& chain, catalog::FeedBytes bytes, Time now) {
    auto beacon = std::exchange(bytes.beacon, std::nullopt);
    auto accepted = catalog::accept(chain.state, bytes, now);
    if (!accepted) {
        chain.fault = named(culprit(chain.state.id, bytes, now), accepted.error());
        return;
    }
    chain.state = std::move(accepted->state);
    if (!beacon) return;
    bytes.beacon = std::move(beacon);
    auto fresh = catalog::accept(chain.state, bytes, now);
    if (fresh) {
        chain.state = std::move(fresh->state);
    } else {
        chain.fault = named(std::string(layout::beacon), fresh.error());
    }
}

Result<catalog::Catalogue> read_catalogue(const fs::path& feed, Chain& chain) {
    const auto bytes =
        bundle::read_signed(feed, std::string(layout::catalogue), catalog::Catalogue::size_cap);
    if (!bytes) return tl::unexpected(bytes.error());
    std::vector<trust::Signature> signatures;
    for (const auto& text : bytes->signatures) {
        if (const auto signature = trust::Signature::parse(text); signature)
            signatures.push_back(*signature);
    }
    const auto verified = chain.state.publisher.release_ring().verify(bytes->document, signatures);
    if (!verified) return tl::unexpected(verified.error());
    chain.key = verified->signers().front();
    return catalog::parse_catalogue(*verified);
}

/// `-P` alone: what the keys signed is believed, and nobody's roles are.
Chain believe_keys(const fs::path& feed, const std::vector<trust::PublicKey>& keys) {
    Chain chain;
    chain.state.publisher.release = {1, keys};
    auto catalogue = read_catalogue(feed, chain);
    if (catalogue) {
        chain.state.id = catalogue->publisher;
        chain.state.catalogue = std::move(*catalogue);
    } else {
        chain.fault = named(std::string(layout::catalogue), catalogue.error());
    }
    return chain;
}

}  // namespace

Error named(const std::string& document, Error error) {
    error.message = document + ": " + error.message;
    return error;
}

Result<Chain> believe(const fs::path& feed, const Trusted& trusted, Time now) {
    if (trusted.is_keys_alone()) return believe_keys(feed, trusted.keys);
    const auto bytes = bundle::read_feed(feed);
    if (!bytes) return tl::unexpected(bytes.error());
    if (bytes->publishers.empty()) {
        return fail(Errc::not_found, "no_publisher", feed.native() + " has no publisher.1.json");
    }
    const catalog::PublisherId id{trust::sha256(bytes->publishers.front().document)};
    const bundle::KnownPublisher* known = trusted.find(id);
    if (!known && !trusted.names(id)) return tl::unexpected(not_believed(id));

    Chain chain;
    if (known) {
        chain.state = known->state;
        chain.petname = known->petname;
    } else {
        auto begun = catalog::begin(id, bytes->publishers, now);
        if (!begun) return tl::unexpected(named(culprit(id, *bytes, now), begun.error()));
        chain.state = std::move(*begun);
    }
    take(chain, *bytes, now);
    return chain;
}

std::vector<Chain> believed(const fs::path& feed, const Trusted& trusted, Time now) {
    std::vector<Chain> chains;
    if (trusted.is_keys_alone()) return chains;
    for (const auto& publisher : trusted.publishers)
        chains.push_back({publisher.state, publisher.petname});
    auto here = feed.empty() ? fail(Errc::not_found, "no_feed", "") : believe(feed, trusted, now);
    if (!here) return chains;
    const auto at = std::ranges::find_if(
        chains, [&](const Chain& chain) { return chain.state.id == here->state.id; });
    if (at == chains.end()) {
        chains.push_back(std::move(*here));
    } else {
        *at = std::move(*here);
    }
    return chains;
}

std::string signer_text(const Chain& chain) {
    if (chain.key) return signer_text(*chain.key);
    if (chain.state.publisher_chain.empty()) return {};  // keys, none of which signed
    const std::string fingerprint = catalog::fingerprint(chain.state.id);
    return foreign(chain.state.publisher.name) + " (" +
           (chain.petname.empty() ? "" : foreign(chain.petname) + ", ") + fingerprint + ")";
}

std::string signer_text(const trust::PublicKey& key) { return "key " + key.id.text(); }

std::string how_to_trust(const fs::path& feed) {
    const auto first = read_file(feed / layout::publisher(1), catalog::Publisher::size_cap);
    if (!first) return "name the publisher's publisher.1.json with --publisher, or a key with -P";
    return "compare the fingerprint with a second source, then: croft trust add " +
           foreign(feed.native()) + " --fingerprint " +
           catalog::fingerprint({trust::sha256(*first)});
}

}  // namespace croft::cli::verify
