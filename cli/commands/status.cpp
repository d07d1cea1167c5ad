#include "cli/commands/all.h"
#include "cli/commands/reply_impl.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <iostream>

namespace croft::cli {
namespace {

void show_space(const Output& output, const Json& status) {
    const std::string used = size_of(status, "used_bytes");
    const std::string budget = status.contains("budget_bytes")
                                   ? used + " of " + size_of(status, "budget_bytes")
                                   : used + "; no budget: nothing is fetched by itself";
    output.line(
        fmt::format("space    {}   {} free on the disk", budget, size_of(status, "free_bytes")));
}

void show_problems(const Output& output, const Json& problems) {
    if (problems.empty()) return output.line("problems none");
    output.line(fmt::format("problems {}", problems.size()));
    for (const auto& problem : problems) {
        output.line("  " + output.mark(Mark::note, text_of(problem, "subject") + ": " +
                                                       text_of(problem, "message")));
        if (problem.contains("command")) output.line("    mend  " + text_of(problem, "command"));
    }
}

void print(const Output& output, const Json& status) {
    const Json releases = status.value("releases", Json::object());
    std::uint64_t all = 0;
    for (const auto& count : releases)
        all += count.get<std::uint64_t>();
    output.line(fmt::format("croftd   {} of {} releases held, {}   from {} publisher{}",
                            number_of(releases, "held"), all, size_of(status, "held_bytes"),
                            number_of(status, "publishers"),
                            number_of(status, "publishers") == 1 ? "" : "s"));
    output.line(fmt::format("traffic  down {}/s   up {}/s   {} peer{}",
                            size_of(status, "down_rate"), size_of(status, "up_rate"),
                            number_of(status, "peers"),
                            number_of(status, "peers") == 1 ? "" : "s"));
    show_space(output, status);
    if (status.contains("proved_since"))
        output.line("whole    every byte proved good since " + day_of(status, "proved_since"));
    show_problems(output, status.value("problems", Json::array()));
}

ExitCode status(const Context& context, bool watch) {
    const auto reply = ask(context, "/status");
    if (!reply) return context.failed(reply.error());
    context.output.json(reply->text);
    print(context.output, reply->value);
    if (!watch) return ExitCode::done;
    auto shown = std::chrono::steady_clock::now();
    const auto ended =
        context.daemon().events("status,speed", [&](std::string_view, std::string_view data) {
            if (context.output.format() == Output::Format::jsonl) context.output.json(data);
            const auto now = std::chrono::steady_clock::now();
            if (!context.output.is_text() || now - shown < std::chrono::seconds(1)) return true;
            shown = now;
            const auto again = ask(context, "/status");
            if (again && context.output.is_terminal()) std::cout << "\x1b[H\x1b[2J";
            if (again) print(context.output, again->value);
            return again.has_value();
        });
    return ended ? ExitCode::done : context.failed(ended.error());
}

}  // namespace

void add_status(CLI::App& app, Context& context) {
    auto* command = app.add_subcommand(
        "status", "Daemon, speeds, budget, problems, each with the command that mends it");
    command->group("Every day");
    command->footer("Examples:\n  croft status\n  croft status --watch");
    const auto watch = std::make_shared<bool>(false);
    command->add_flag("--watch", *watch, "Go on showing what changes");
    command->callback(
        [&context, watch] { context.run = [&context, watch] { return status(context, *watch); }; });
}

}  // namespace croft::cli
