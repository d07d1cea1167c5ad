// A publisher's folder: its catalogue, every release that lies there, and what lies there unsigned.
#include "base/text.h"
#include "bundle/feed_folder.h"
#include "cli/output.h"
#include "cli/verify/inventory.h"
#include "cli/verify/verify.h"

#include <algorithm>

namespace croft::cli::verify {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_named = 8;

std::string names_text(const std::vector<catalog::ReleaseName>& names) {
    std::string text;
    for (std::size_t i = 0; i < std::min(names.size(), most_named); ++i)
        text += (i ? ", " : "") + names[i].text();
    if (names.size() > most_named)
        text += " and " + format_count(names.size() - most_named) + " more";
    return text;
}

Verdict unsigned_in(const fs::path& folder, std::vector<std::string> names,
                    const std::string& mend) {
    Verdict verdict;
    verdict.subject = folder.filename().native();
    verdict.error = Error{Errc::damaged, "not_signed",
                          format_count(names.size()) +
                              " of the things that lie here belong to nothing that was signed"};
    verdict.extra = std::move(names);
    verdict.mend = mend;
    return verdict;
}

/// A folder in `bundles/` under a name that no document here describes: by its own list of sums.
Verdict judge_stray(const fs::path& feed, const std::string& name, const Trusted& trusted,
                    const Options& options) {
    const fs::path folder = feed / "bundles" / name;
    if (!is_bundle(folder)) {
        Verdict verdict = unsigned_in(feed, {"bundles/" + name}, "remove it, or do not trust it");
        verdict.error->message = "bundles/" + name + " is no bundle that the publisher signed";
        return verdict;
    }
    Verdict verdict = verify_bundle({Thing::Kind::bundle, folder, feed, folder}, trusted, options);
    if (verdict.subject == name) return verdict;
    verdict.notes.push_back("lies    at bundles/" + name);
    if (verdict.is_valid()) {
        verdict.error = Error{Errc::damaged, "renamed",
                              "as signed, but its place is bundles/" + verdict.subject};
        verdict.mend = "rename the folder";
    }
    return verdict;
}

/// Bundles with their content; of documents that lie here alone, those with a fault.
void judge_releases(const fs::path& feed, const Result<Chain>& chain, const Inventory& inventory,
                    const Trusted& trusted, const Options& options,
                    std::vector<Verdict>& verdicts) {
    for (const auto& release : inventory.bundles)
        verdicts.push_back(verify_release(release_in(feed, release), chain, trusted, options));
    for (const auto& release : inventory.documents) {
        Thing documents = release_in(feed, release);
        documents.bundle.clear();
        Verdict verdict = verify_release(documents, chain, trusted, options);
        if (!verdict.is_valid()) verdicts.push_back(std::move(verdict));
    }
    for (const auto& name : inventory.strays)
        verdicts.push_back(judge_stray(feed, name, trusted, options));
}

void note_what_is_here(const Inventory& inventory, Verdict& verdict) {
    verdict.notes.push_back("here    " + format_count(inventory.bundles.size()) +
                            (inventory.bundles.size() == 1 ? " bundle" : " bundles"));
    if (!inventory.documents.empty())
        verdict.notes.push_back("        documents alone of " + names_text(inventory.documents));
    if (!inventory.absent.empty())
        verdict.notes.push_back("absent  " + names_text(inventory.absent));
}

}  // namespace

Verdict judge_catalogue(const fs::path& feed, const Chain& chain, Time now) {
    Verdict verdict;
    verdict.subject = feed.filename().native();
    verdict.signer = signer_text(chain);
    verdict.error = chain.fault;
    if (chain.is_older())
        verdict.error->message += ": genuine, but this computer has seen a newer one";
    if (chain.fault || !chain.state.catalogue) return verdict;

    const catalog::Catalogue& catalogue = *chain.state.catalogue;
    verdict.beside = "catalogue " + std::to_string(catalogue.version);
    verdict.signed_at = catalogue.created;
    if (!is_there(feed / bundle::layout::beacon)) {
        verdict.notes.push_back(
            "beacon  none lies here: nothing says whether newer was published "
            "since " +
            format_day(catalogue.created));
    }
    const bool is_stale = catalog::is_stale(chain.state, now) ||
                          (chain.key && !catalogue.final && catalogue.is_stale(now));
    if (is_stale) {
        verdict.error = Error{Errc::expired, "catalogue_expired",
                              "genuine, but its time is over; newer may exist"};
    }
    return verdict;
}

std::vector<Verdict> verify_feed(const fs::path& feed, const Trusted& trusted,
                                 const Options& options) {
    const auto chain = believe(feed, trusted, options.now);
    if (!chain) {
        Verdict verdict;
        verdict.subject = feed.filename().native();
        verdict.error = chain.error();
        if (chain.error().code == Errc::unknown_key) verdict.mend = how_to_trust(feed);
        return {verdict};
    }
    const Inventory inventory = take_inventory(feed, chain->state);
    std::vector<Verdict> verdicts{judge_catalogue(feed, *chain, options.now)};
    note_what_is_here(inventory, verdicts.front());
    judge_releases(feed, chain, inventory, trusted, options, verdicts);
    if (!inventory.unsigned_files.empty()) {
        verdicts.push_back(unsigned_in(feed, inventory.unsigned_files,
                                       "remove it, or do not trust it: nobody vouches for it"));
    }
    return verdicts;
}

std::optional<Verdict> verify_stick(const fs::path& stick) {
    auto strangers = strangers_on(stick);
    if (strangers.empty()) return std::nullopt;
    return unsigned_in(stick, std::move(strangers),
                       "verify the feeds alone, each by its folder, where the rest is your own");
}

}  // namespace croft::cli::verify
