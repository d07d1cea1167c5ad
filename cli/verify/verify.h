#pragma once

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
    std::filesystem::path signature;  ///< `--sig`: of a document, instead of the one beside it
    std::filesystem::path
        feed;           ///< `--feed`: judge a document as the successor of this feed's state
    bool sums = false;  ///< also each file's plain SHA-256
    std::function<void(std::uint64_t done, std::uint64_t total)> on_progress;  ///< from any thread
    std::stop_token stop;
};

/// Everything that can be said of one path: one verdict for a document or a bundle, for a feed one
/// of its catalogue and one of each bundle that lies there, for a stick those of its feeds.
std::vector<Verdict> verify(const std::filesystem::path& path, const Trusted& trusted,
                            const Options& options);

/// The parts, each in a file of its own.
Verdict verify_document(const std::filesystem::path& file, const Trusted& trusted,
                        const Options& options);
Verdict verify_bundle(const Place& place, const Trusted& trusted, const Options& options);
std::vector<Verdict> verify_feed(const std::filesystem::path& feed, const Trusted& trusted,
                                 const Options& options);

}  // namespace croft::cli::verify
