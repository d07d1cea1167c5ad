#pragma once

#include "bundle/check.h"
#include "catalog/catalogue.h"
#include "cli/output.h"
#include "cli/verify/verdict.h"
#include "cli/verify/verify.h"

#include <atomic>
#include <string>

namespace croft::cli::verify {

/// Bytes read by several threads, handed on as done of total.
class ContentCheck {
public:
    ContentCheck(const Options& options, std::uint64_t total) : options_(options), total_(total) {}

    bundle::CheckOptions check_options();

private:
    const Options& options_;
    const std::uint64_t total_;
    std::atomic<std::uint64_t> done_ = 0;
};

/// What was found in `folder` against what was signed; the verdict names every path.
Outcome judge_content(const std::filesystem::path& folder, const Result<bundle::Checked>& checked,
                      Verdict& verdict);

/// Refuses what its publisher took back: the release, or one of its files (each has `path` and
/// `sha256`).
template <class Files>
Outcome check_not_withdrawn(const catalog::Catalogue& catalogue,
                            const catalog::ReleaseName& release, const Files& files) {
    if (const auto* withdrawn = catalogue.withdrawal_of(release)) {
        return fail(Errc::withdrawn, "withdrawn",
                    "genuine, but its publisher withdrew it: " +
                        std::string(catalog::name_of(withdrawn->reason)));
    }
    for (const auto& file : files) {
        const auto* withdrawn = catalogue.withdrawal_of(file.sha256);
        if (!withdrawn) continue;
        return fail(Errc::withdrawn, "file_withdrawn",
                    "its publisher withdrew the file " + foreign(file.path) + ": " +
                        std::string(catalog::name_of(withdrawn->reason)));
    }
    return {};
}

/// How new this edition is, of what this computer has seen of its publisher.
void note_freshness(const Chain& chain, const catalog::ReleaseName& release, Time now,
                    Verdict& verdict);

}  // namespace croft::cli::verify
