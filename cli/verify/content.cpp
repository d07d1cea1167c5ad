#include "cli/verify/content.h"

#include "base/text.h"

#include <unistd.h>

#include <cerrno>

namespace croft::cli::verify {
namespace {

namespace fs = std::filesystem;

std::string files_text(std::size_t count) {
    return format_count(count) + (count == 1 ? " file" : " files");
}

std::string summary(const Verdict& verdict) {
    const std::size_t wrong = verdict.damaged.size() + verdict.missing.size();
    const std::string unsigned_files = files_text(verdict.extra.size()) + " that " +
                                       (verdict.extra.size() == 1 ? "was" : "were") + " not signed";
    const std::string expected = format_count(verdict.files_expected) + " files";
    if (wrong == 0) {
        return format_count(verdict.files) + " of " + expected + " as signed, and " +
               unsigned_files;
    }
    return format_count(wrong) + " of " + expected + " differ from what was signed" +
           (verdict.extra.empty() ? "" : ", and " + unsigned_files);
}

void note_unreadable(const fs::path& folder, Verdict& verdict) {
    for (const auto& path : verdict.damaged) {
        if (::access((folder / path).c_str(), R_OK) == 0 || errno != EACCES) continue;
        verdict.notes.push_back("denied  " + path + ": you may not read it");
    }
}

}  // namespace

bundle::CheckOptions ContentCheck::check_options() {
    bundle::CheckOptions check;
    check.sums = options_.sums;
    check.stop = options_.stop;
    if (options_.on_progress) {
        check.on_bytes = [this](std::uint64_t bytes) {
            options_.on_progress(done_ += bytes, total_);
        };
    }
    return check;
}

Outcome judge_content(const fs::path& folder, const Result<bundle::Checked>& checked,
                      Verdict& verdict) {
    if (!checked) return tl::unexpected(checked.error());
    verdict.files = checked->files;
    verdict.bytes = checked->bytes;
    verdict.damaged = checked->damaged;
    verdict.missing = checked->missing;
    verdict.extra = checked->extra;
    if (checked->is_whole()) return {};
    note_unreadable(folder, verdict);
    const bool is_only_more = verdict.damaged.empty() && verdict.missing.empty();
    verdict.mend = is_only_more
                       ? "remove what was not signed, or do not trust it: nobody vouches for it"
                       : "fetch it again from its publisher or a mirror: croft get " +
                             foreign(verdict.subject);
    return fail(Errc::damaged, "content_damaged", summary(verdict));
}

void note_freshness(const Chain& chain, const catalog::ReleaseName& release, Time now,
                    Verdict& verdict) {
    if (!chain.state.catalogue || chain.key) return;
    const catalog::Catalogue& catalogue = *chain.state.catalogue;
    const std::string news = "; last news " + format_day(catalogue.created);
    const auto floor = chain.state.floors.find(release.name);
    const bool is_newest =
        floor == chain.state.floors.end() || floor->second.serial <= release.serial;
    verdict.notes.push_back(is_newest ? "newest  yes, of what this computer has seen" + news
                                      : "newest  no: this computer has seen " + release.name + "-" +
                                            std::to_string(floor->second.serial) + news);
    if (!catalog::is_stale(chain.state, now)) return;
    verdict.notes.push_back("stale   since " + format_day(*catalogue.expires) +
                            ": genuine, newer may exist");
}

}  // namespace croft::cli::verify
