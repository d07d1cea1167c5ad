#include "base/log.h"
#include "base/text.h"
#include "library/deletion.h"
#include "library/keeper.h"

#include <fcntl.h>
#include <unistd.h>

/// complete -> held, and dropping -> gone
namespace croft::library {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t paths_named = 3;

/// "a.txt, b.txt and 12 more"
std::string some_of(const std::vector<std::string>& paths) {
    std::string text;
    for (std::size_t i = 0; i < paths.size() && i < paths_named; ++i)
        text += (i == 0 ? "" : ", ") + escape_control(paths[i]);
    if (paths.size() > paths_named) {
        text += " and " + format_count(paths.size() - paths_named) + " more";
    }
    return text;
}

std::string in_words(const bundle::Checked& checked) {
    std::string text;
    const auto add = [&](const char* what, const std::vector<std::string>& paths) {
        if (paths.empty()) return;
        text += (text.empty() ? "" : "; ") + std::string(what) + ": " + some_of(paths);
    };
    add("damaged", checked.damaged);
    add("missing", checked.missing);
    add("not part of it", checked.extra);
    return text;
}

/// What was written must be on the disk before we call it held.
Outcome sync_file_system(const fs::path& folder) {
    const Descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!opened || ::syncfs(opened.number()) != 0) {
        return tl::unexpected(system_error("sync", folder.native(), errno));
    }
    return {};
}

Result<bundle::Checked> check_and_sync(const fs::path& folder, const Documents& documents,
                                       const bundle::CheckOptions& options) {
    auto checked = bundle::check_folder(folder, documents.release, documents.torrent, options);
    if (!checked || !checked->is_whole()) return checked;
    if (auto synced = sync_file_system(folder); !synced) return tl::unexpected(synced.error());
    return checked;
}

}  // namespace

void Keeper::check(Item& item) {
    item.is_checking = true;
    item.stop_check = std::stop_source();
    item.checked_bytes = std::make_shared<std::atomic<std::uint64_t>>(0);
    refresh(item);
    obtain(item, reading_, with(item, [this](Item& found, Result<Obtained> obtained) {
               if (obtained) return run_check(found, obtained->documents);
               checked(found, tl::unexpected(obtained.error()));
           }));
}

void Keeper::run_check(Item& item, const SharedDocuments& documents) {
    checking_.run(
        [folder = fs::path(item.holding->folder), documents, source = item.stop_check,
         read = item.checked_bytes](const std::stop_token& pool_stops) mutable {
            // Ours stops it when the user drops the release, the pool's when we end.
            const std::stop_callback link(pool_stops, [&] { source.request_stop(); });
            bundle::CheckOptions options;
            options.sums = true;
            options.stop = source.get_token();
            options.on_bytes = [&](std::uint64_t bytes) { *read += bytes; };
            return check_and_sync(folder, *documents, options);
        },
        with(item, [this](Item& found, const Result<bundle::Checked>& result) {
            checked(found, result);
        }));
}

void Keeper::checked(Item& item, const Result<bundle::Checked>& checked) {
    item.is_checking = false;
    if (item.step() != Step::complete) {
        advance(item);
        return forget_if_nothing(item.id);
    }
    if (!checked) return fail_for_now(item, checked.error());
    checked->is_whole() ? prove(item) : found_damaged(item, *checked);
}

void Keeper::prove(Item& item) {
    item.holding->held_since = item.holding->proved_at = clock_();
    item.set_step(Step::held);
    commit(item, [this](Item& found, const Outcome& outcome) { proved(found, outcome); },
           {journal(
               item, "held", "info",
               item.entry.release.text() + " is whole: every byte is what its publisher signed")});
}

void Keeper::proved(Item& item, const Outcome& outcome) {
    if (!outcome) {
        item.holding->held_since.reset();
        if (item.step() == Step::held) item.set_step(Step::complete);
        return fail_for_now(item, outcome.error());
    }
    log::info("library: held", {{"release", item.entry.release.text()},
                                {"bytes", std::to_string(item.holding->size_bytes)}});
    item.problem.reset();
    item.waits_for.clear();
    finish_jobs(item, {});
    advance(item);
}

void Keeper::found_damaged(Item& item, const bundle::Checked& checked) {
    item.is_damaged = true;
    item.problem = Error{
        Errc::damaged, "content_damaged",
        item.entry.release.text() + " is not what its publisher signed; " + in_words(checked)};
    log::warning("library: damaged",
                 {{"release", item.entry.release.text()}, {"what", item.problem->message}});
    finish_jobs(item, tl::unexpected(*item.problem));
    store_.commit({journal(item, "damaged", "problem", item.problem->message)}, {});
    if (item.course == Course::swarm) leave(item);
    refresh(item);
}

void Keeper::delete_files(Item& item) {
    item.course = Course::deleting;
    if (item.holding->folder.empty()) return deleted(item, std::vector<std::string>());
    obtain(item, deleting_, with(item, [this](Item& found, const Result<Obtained>& obtained) {
               if (!obtained) return deleted(found, tl::unexpected(obtained.error()));
               deleting_.run(
                   [feed = feed_of(found.holding->folder),
                    documents = obtained->documents](const std::stop_token&) {
                       return delete_bundle(feed, *documents).map([](Deleted&& gone) {
                           return std::move(gone.left);
                       });
                   },
                   with(found, [this](Item& again, const Result<std::vector<std::string>>& left) {
                       deleted(again, left);
                   }));
           }));
}

void Keeper::deleted(Item& item, const Result<std::vector<std::string>>& left) {
    item.course = Course::idle;
    if (!left) {
        for (const auto& then : std::exchange(item.when_dropped, {}))
            then(tl::unexpected(left.error()));
        return fail_for_now(item, left.error());
    }
    const std::string name = item.entry.release.text();
    const std::string rest = left->empty() ? "" : "; other files are left in " + some_of(*left);
    // With the old row its resume data goes. What is still offered must not come back by itself.
    std::vector<store::Change> changes = {
        store::DeleteHolding{item.id.hex()},
        journal(item, "dropped", "info", name + " was dropped and its files deleted" + rest)};
    auto after = holding_of(item);
    after.state = name_of(Step::dropped);
    if (item.offered) changes.emplace_back(store::PutHolding{after});
    store_.commit(std::move(changes),
                  with(item, [this, after](Item& found, const Outcome& outcome) {
                      if (!outcome) {
                          for (const auto& then : std::exchange(found.when_dropped, {}))
                              then(outcome);
                          return fail_for_now(found, outcome.error());
                      }
                      const auto answers = std::exchange(found.when_dropped, {});
                      found.holding.reset();
                      found.committed.reset();
                      if (found.offered) {
                          found.holding = after;
                          found.set_step(Step::dropped);
                          found.committed = Step::dropped;
                      }
                      found.resume_data.clear();
                      found.documents.reset();
                      found.progress.reset();
                      found.problem.reset();
                      found.is_damaged = found.is_full = found.is_over_budget = false;
                      refresh(found);
                      forget_if_nothing(found.id);
                      for (const auto& then : answers)
                          then({});
                      look();  // there is more room now
                      carry_out_plan();
                  }));
}

}  // namespace croft::library
