#include "api/context_impl.h"
#include "api/policy_impl.h"
#include "api/problem_impl.h"
#include "api/shapes_impl.h"
#include "api/signature_chain_impl.h"

#include <algorithm>
#include <array>
#include <chrono>

namespace croft::api {
namespace {

using library::State;

constexpr std::array all_states{State::offered, State::queued, State::fetching, State::checking,
                                State::held,    State::paused, State::failed};

Json problem_row(const Error& error, const std::string& subject) {
    Json row = problem_member(error);
    row["subject"] = subject;
    return row;
}

/// The command that mends what is wrong with a release, or explains it.
std::string command_for(const library::ReleaseView& release) {
    const std::string name = release.entry.release.text();
    if (release.problem->reason == "no_peers") return "croft get " + name + " --peer HOST:PORT";
    if (release.problem->code == Errc::withdrawn) return "croft mirror drop " + name;
    if (release.folder.empty()) return "croft show " + name;
    return "croft verify " + shell_word(release.folder);
}

Json root_problem(const library::RootView& root) {
    Json row = problem_row(*root.problem, "mirror.roots");
    if (root.problem->reason == "disk_absent") {
        row["command"] = "mount " + shell_word(root.path.native());
    }
    return row;
}

/// What a lost database took along is shown for a month: nobody may have looked at once.
void add_loss(Json& rows, const Context& context) {
    const auto is_loss = [&](const store::JournalEntry& entry) {
        return entry.kind == "restored" && context.clock() - entry.time < std::chrono::days(30);
    };
    const auto loss = std::find_if(context.journal.rbegin(), context.journal.rend(), is_loss);
    if (loss == context.journal.rend()) return;
    Json row = problem_row({Errc::damaged, "database_restored", loss->message}, "the database");
    row["command"] = "croft publishers";
    rows.push_back(std::move(row));
}

/// Each with the command that mends or explains it.
Json problems(const Context& context, const std::vector<const library::ReleaseView*>& releases,
              const std::vector<feeds::Publisher>& publishers) {
    Json rows = Json::array();
    for (const auto& root : context.modules.library.roots()) {
        if (root.problem) rows.push_back(root_problem(root));
    }
    add_loss(rows, context);
    for (const auto& problem : context.modules.library.problems()) {
        Json row = problem_row(problem.error, problem.subject);
        row["command"] = problem.command;
        rows.push_back(std::move(row));
    }
    for (const library::ReleaseView* release : releases) {
        if (!release->problem) continue;
        Json row = problem_row(*release->problem, release->entry.release.text());
        row["release"] = release->id.hex();
        row["command"] = command_for(*release);
        rows.push_back(std::move(row));
    }
    for (const feeds::Publisher& publisher : publishers) {
        if (!publisher.last_error) continue;
        Json row = problem_row(*publisher.last_error, publisher.petname);
        row["publisher"] = publisher.id.hex();
        row["command"] = publisher.waiting
                             ? "croft api POST /publishers/" + publisher.id.hex() + "/accept"
                             : "croft publishers " + shell_word(publisher.petname);
        rows.push_back(std::move(row));
    }
    return rows;
}

void put_holdings(Json& shape, const std::vector<const library::ReleaseView*>& releases) {
    std::array<std::uint64_t, all_states.size()> counts{};
    std::uint64_t held_bytes = 0;
    std::optional<Time> proved_since;
    for (const library::ReleaseView* release : releases) {
        ++counts[static_cast<std::size_t>(release->state)];
        if (release->state != State::held) continue;
        held_bytes += release->entry.total_size;
        if (!release->proved_at) continue;
        proved_since = std::min(proved_since.value_or(*release->proved_at), *release->proved_at);
    }
    shape["releases"] = Json::object();
    for (const State state : all_states)
        shape["releases"][std::string(name_of(state))] = counts[static_cast<std::size_t>(state)];
    shape["held_bytes"] = held_bytes;
    put(shape, "proved_since", proved_since);
}

}  // namespace

Json status(const Context& context) {
    const auto releases = context.modules.library.releases();
    const auto publishers = context.modules.feeds.publishers();
    const auto lag = std::chrono::duration_cast<std::chrono::milliseconds>(context.loop.lag());
    Json shape{{"version", context.options.version},
               {"libtorrent", context.libtorrent},
               {"started_at", format_utc(context.started_at)},
               {"now", format_utc(context.clock())},
               {"loop_lag_ms", lag.count()},
               {"control", context.control},
               {"listening", context.totals.listening},
               {"publishers", publishers.size()}};
    put_holdings(shape, releases);
    put(shape, "budget_bytes", context.modules.library.budget());
    shape["used_bytes"] = context.modules.library.used_bytes();
    shape["free_bytes"] = free_bytes(context);
    shape["keep_free_bytes"] = keep_free_bytes(context);
    shape.update(speed(context.totals));
    shape["problems"] = problems(context, releases, publishers);
    return shape;
}

}  // namespace croft::api
