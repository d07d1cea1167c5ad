// One file and its detached signature, as `minisign -HV` does it; one of Croft's own documents by
// what is known of its publisher, too.
#include "cli/verify/signed_file.h"

namespace croft::cli::verify {
namespace {

namespace fs = std::filesystem;

/// Whose state judges it: the feed that `--feed` names, which has to be believed as any other.
Result<std::vector<Chain>> chains_for(const Thing& thing, const Trusted& trusted,
                                      const Options& options) {
    if (options.feed.empty()) return believed(thing.feed, trusted, options.now);
    Trusted publishers = trusted;
    publishers.keys.clear();
    auto chain = believe(options.feed, publishers, options.now);
    if (!chain) return tl::unexpected(chain.error());
    if (chain->fault && !chain->is_older()) return tl::unexpected(*chain->fault);
    return std::vector{std::move(*chain)};
}

Outcome check_document(const Thing& thing, const Trusted& trusted, const Options& options,
                       Verdict& verdict) {
    const auto chains = chains_for(thing, trusted, options);
    if (!chains) return tl::unexpected(chains.error());
    const auto file = read_signed_file(thing.path, options);
    if (!file) return tl::unexpected(file.error());
    const auto by = judge(*file, trusted, *chains, options.now, verdict);
    return by ? Outcome() : tl::unexpected(by.error());
}

}  // namespace

Verdict verify_document(const Thing& thing, const Trusted& trusted, const Options& options) {
    Verdict verdict;
    verdict.subject = thing.path.filename().native();
    verdict.files = verdict.files_expected = 1;
    std::error_code error;
    verdict.bytes = fs::file_size(thing.path, error);
    if (error) verdict.bytes = 0;
    if (auto checked = check_document(thing, trusted, options, verdict); !checked) {
        verdict.error = checked.error();
        if (checked.error().reason == "wrong_role") {
            verdict.mend = "do not use it: these keys are its publisher's, but may not say this";
        } else if (checked.error().code == Errc::unknown_key) {
            verdict.mend = how_to_trust(options.feed.empty() ? thing.feed : options.feed);
        }
    }
    return verdict;
}

}  // namespace croft::cli::verify
