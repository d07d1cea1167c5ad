#include "cli/verify/verify.h"

#include "bundle/feed_folder.h"
#include "cli/verify/chain.h"

namespace croft::cli::verify {
namespace {

namespace fs = std::filesystem;

Verdict failed(const fs::path& path, const Error& error) {
    Verdict verdict;
    verdict.subject = path.native();
    verdict.error = error;
    return verdict;
}

}  // namespace

std::vector<Verdict> verify_feed(const fs::path& feed, const Trusted& trusted,
                                 const Options& options) {
    const auto chain = believe(feed, trusted, options.now);
    if (!chain) return {failed(feed, chain.error())};

    Verdict catalogue;
    catalogue.subject = feed.filename().native();
    catalogue.beside = "catalogue " + std::to_string(chain->state.catalogue->version);
    catalogue.signer = signer_text(*chain);
    catalogue.signed_at = chain->state.catalogue->created;
    if (chain->here_is_older) {
        catalogue.error = Error{Errc::rollback, "rollback_catalogue",
                                "genuine, but this computer has seen a newer catalogue"};
    } else if (catalog::is_stale(chain->state, options.now)) {
        catalogue.error =
            Error{Errc::expired, "catalogue_expired",
                  "genuine, but stale since " + format_day(*chain->state.catalogue->expires) +
                      "; newer may exist"};
    }
    std::vector<Verdict> verdicts{catalogue};
    for (const auto& entry : chain->state.catalogue->releases) {
        std::error_code error;
        const fs::path content = feed / bundle::layout::bundle(entry.release);
        if (!fs::exists(content, error)) continue;
        verdicts.push_back(verify_bundle(
            {Place::Kind::bundle, content, feed, entry.release, content, {}}, trusted, options));
    }
    return verdicts;
}

std::vector<Verdict> verify(const fs::path& path, const Trusted& trusted, const Options& options) {
    const auto place = place_of(path);
    if (!place) return {failed(path, place.error())};
    switch (place->kind) {
        case Place::Kind::document: return {verify_document(place->path, trusted, options)};
        case Place::Kind::bundle:
        case Place::Kind::torrent: return {verify_bundle(*place, trusted, options)};
        case Place::Kind::feed: return verify_feed(place->feed, trusted, options);
        case Place::Kind::stick: break;
    }
    std::vector<Verdict> verdicts;
    for (const auto& feed : place->feeds) {
        for (auto& verdict : verify_feed(feed, trusted, options))
            verdicts.push_back(std::move(verdict));
    }
    return verdicts;
}

}  // namespace croft::cli::verify
