#include "cli/verify/verify.h"

namespace croft::cli::verify {
namespace {

namespace fs = std::filesystem;

/// A release, and the feed around it where something of that is not as it should be.
std::vector<Verdict> release_and_fault(const Thing& thing, const Trusted& trusted,
                                       const Options& options) {
    const auto chain = believe(thing.feed, trusted, options.now);
    std::vector<Verdict> verdicts{verify_release(thing, chain, trusted, options)};
    const bool has_fault = chain && chain->fault && !chain->is_older();
    if (has_fault && !trusted.is_keys_alone())
        verdicts.push_back(judge_catalogue(thing.feed, *chain, options.now));
    return verdicts;
}

std::vector<Verdict> judge(const Thing& thing, const Trusted& trusted, const Options& options) {
    switch (thing.kind) {
        case Thing::Kind::document: return {verify_document(thing, trusted, options)};
        case Thing::Kind::part: return {verify_part(thing, trusted, options)};
        case Thing::Kind::bundle: return {verify_bundle(thing, trusted, options)};
        case Thing::Kind::release: return release_and_fault(thing, trusted, options);
        case Thing::Kind::feed: return verify_feed(thing.feed, trusted, options);
        case Thing::Kind::stick: break;
    }
    const auto strangers = verify_stick(thing.path);
    return strangers ? std::vector{*strangers} : std::vector<Verdict>();
}

}  // namespace

std::vector<Verdict> verify(const fs::path& path, const Trusted& trusted, const Options& options) {
    const auto things = things_at(path, !options.signature.empty());
    if (!things) {
        Verdict verdict;
        verdict.subject = path.native();
        verdict.error = things.error();
        return {verdict};
    }
    std::vector<Verdict> verdicts;
    for (const Thing& thing : *things) {
        for (auto& verdict : judge(thing, trusted, options))
            verdicts.push_back(std::move(verdict));
    }
    return verdicts;
}

}  // namespace croft::cli::verify
