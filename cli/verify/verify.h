#pragma once

#include "cli/verify/chain.h"
#include "cli/verify/place.h"
#include "cli/verify/trusted.h"
#include "cli/verify/verdict.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <vector>

namespace croft::cli::verify {

struct Options {
    Time now{};                       ///< the clock's, or `--as-of`
    std::filesystem::path signature;  ///< `--sig`: of a document, instead of those beside it
    std::filesystem::path
        feed;           ///< `--feed`: judge a document as the successor of this feed's state
    bool sums = false;  ///< also each file's plain SHA-256
    std::function<void(std::uint64_t done, std::uint64_t total)> on_progress;  ///< from any thread
    std::stop_token stop;
};

/// Everything that can be said of one path: a verdict on each thing that it is (place.h), and for a
/// feed one on each bundle that lies there.
std::vector<Verdict> verify(const std::filesystem::path& path, const Trusted& trusted,
                            const Options& options);

/// The kinds of thing, each in a file of its own.
Verdict verify_document(const Thing& thing, const Trusted& trusted, const Options& options);
Verdict verify_part(const Thing& thing, const Trusted& trusted, const Options& options);
Verdict verify_bundle(const Thing& thing, const Trusted& trusted, const Options& options);
Verdict verify_release(const Thing& thing, const Result<Chain>& chain, const Trusted& trusted,
                       const Options& options);
std::vector<Verdict> verify_feed(const std::filesystem::path& feed, const Trusted& trusted,
                                 const Options& options);
/// What lies on a stick and belongs to no feed; none where that is nothing.
std::optional<Verdict> verify_stick(const std::filesystem::path& stick);

/// The verdict on the catalogue and the beacon of a feed.
Verdict judge_catalogue(const std::filesystem::path& feed, const Chain& chain, Time now);

}  // namespace croft::cli::verify
