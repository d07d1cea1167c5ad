#include "cli/commands/all.h"
#include "cli/commands/reply_impl.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <chrono>
#include <thread>

namespace croft::cli {
namespace {

std::string joined(const Json& texts) {
    std::string all;
    for (const auto& text : texts)
        all += (all.empty() ? "" : ", ") + foreign(text.get<std::string>());
    return all.empty() ? "nothing" : all;
}

ExitCode daemon_status(const Context& context) {
    const auto reply = ask(context, "/status");
    if (!reply) return context.failed(reply.error());
    const Json& status = reply->value;
    context.output.json(reply->text);
    context.output.line(fmt::format("croftd {}, libtorrent {}, since {}",
                                    text_of(status, "version"), text_of(status, "libtorrent"),
                                    day_of(status, "started_at")));
    context.output.line("  page and API   " + joined(status.value("control", Json::array())));
    context.output.line("  BitTorrent     " + joined(status.value("listening", Json::array())));
    context.output.line(fmt::format("  DHT            {} nodes", number_of(status, "dht_nodes")));
    context.output.line(fmt::format("  loop           held up {} ms at most in the last minute",
                                    number_of(status, "loop_lag_ms")));
    return ExitCode::done;
}

/// Asks it to stop and waits until it no longer answers.
ExitCode stop(const Context& context) {
    const auto reply = ask(context, "POST", "/daemon/stop", Json::object());
    if (!reply) return context.failed(reply.error());
    for (int i = 0; i < 120; ++i) {
        if (!ask(context, "/status")) {
            context.output.json("{}");
            context.output.line("stopped");
            return ExitCode::done;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    return context.failed({Errc::unavailable, "still_running",
                           "croftd was asked to stop and still answers after 12 s"});
}

ExitCode log(const Context& context) {
    const auto reply = ask(context, "/journal?limit=500");
    if (!reply) return context.failed(reply.error());
    context.output.json(reply->text);
    Json entries = reply->value.value("entries", Json::array());
    for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
        const auto time = parse_utc(text_of(*entry, "time"));
        const std::string level = text_of(*entry, "level");
        const std::string message = text_of(*entry, "message");
        context.output.line(fmt::format(
            "{}  {}", time ? format_minute(*time) : "",
            level == "info"
                ? message
                : context.output.mark(level == "problem" ? Mark::bad : Mark::note, message)));
    }
    return ExitCode::done;
}

void add_verb(CLI::App& group, Context& context, const char* name, const char* help,
              ExitCode (*run)(const Context&)) {
    auto* command = group.add_subcommand(name, help);
    command->footer(fmt::format("Examples:\n  croft daemon {0}\n  croft daemon {0} --json", name));
    command->callback([&context, run] { context.run = [&context, run] { return run(context); }; });
}

}  // namespace

void add_daemon(CLI::App& app, Context& context) {
    auto* group = app.add_subcommand("daemon", "The daemon itself");
    group->group("Daemon");
    group->require_subcommand(0, 1);
    group->footer("Examples:\n  croft daemon status\n  croft daemon log");
    add_verb(*group, context, "status", "Version, ports, how busy it is", &daemon_status);
    add_verb(*group, context, "stop", "Stop it and wait until it has", &stop);
    add_verb(*group, context, "log", "What happened: the journal", &log);
}

}  // namespace croft::cli
