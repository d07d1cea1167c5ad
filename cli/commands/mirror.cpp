#include "cli/commands/all.h"
#include "cli/commands/reply_impl.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace croft::cli {
namespace {

ExitCode budget(const Context& context, const std::string& size) {
    Result<Reply> reply = ask(context, "/mirror/policy");
    if (reply && !size.empty()) {
        Json body = Json::object();
        if (size != "none") {
            const auto bytes = parse_size(size);
            if (!bytes) return context.failed(bytes.error());
            if (*bytes < 1024 * 1024) {
                return context.failed({Errc::invalid_argument, "budget_too_small",
                                       size + " is less than a MiB, which holds nothing"},
                                      "name the unit, as in 500GiB; \"none\" for no budget");
            }
            body["budget_bytes"] = *bytes;
        }
        reply = ask(context, "PUT", "/mirror/policy", body);
    }
    if (!reply) return context.failed(reply.error());
    context.output.json(reply->text);
    const Json& policy = reply->value;
    if (policy.contains("budget_bytes")) {
        context.output.line(
            fmt::format("budget {}, {} used, {} free on the disk, {} of it kept free",
                        size_of(policy, "budget_bytes"), size_of(policy, "used_bytes"),
                        size_of(policy, "free_bytes"), size_of(policy, "keep_free_bytes")));
    } else {
        context.output.line(fmt::format(
            "no budget: nothing is fetched by itself, croft get works; {} used, {} free",
            size_of(policy, "used_bytes"), size_of(policy, "free_bytes")));
    }
    const std::uint64_t reachable =
        number_of(policy, "used_bytes") + number_of(policy, "free_bytes");
    if (number_of(policy, "budget_bytes") > reachable) {
        context.output.note(context.output.mark(
            Mark::note, fmt::format("that is more than the disk has: {} at most can be used now",
                                    format_size(reachable))));
    }
    if (policy.value("locked", false)) {
        context.output.line(fmt::format("fixed by {} {}", text_of(policy, "origin"),
                                        text_of(policy, "origin_detail")));
    }
    return ExitCode::done;
}

void add_steps(std::vector<std::vector<std::string>>& rows, const char* what, const Json& steps) {
    for (const auto& step : steps) {
        rows.push_back({what,
                        fmt::format("{}/{}-{}", text_of(step, "petname"), text_of(step, "name"),
                                    number_of(step, "serial")),
                        size_of(step, "size_bytes"), text_of(step, "why")});
    }
}

ExitCode plan(const Context& context, const std::string& size) {
    Result<Reply> reply = fail(Errc::io, "", "");
    if (size.empty()) {
        reply = ask(context, "/mirror/plan");
    } else {
        const auto bytes = parse_size(size);
        if (!bytes) return context.failed(bytes.error());
        reply = ask(context, "POST", "/mirror/plan", {{"budget_bytes", *bytes}});
    }
    if (!reply) return context.failed(reply.error());
    context.output.json(reply->text);
    std::vector<std::vector<std::string>> rows;
    for (const char* what : {"fetch", "keep", "evict", "skip"})
        add_steps(rows, what, reply->value.value(what, Json::array()));
    if (rows.empty()) {
        context.output.line("nothing to fetch, nothing held");
    } else {
        context.output.table({"WHAT", "RELEASE", " SIZE", "WHY"}, rows);
    }
    const std::string of = reply->value.contains("budget_bytes")
                               ? " of " + size_of(reply->value, "budget_bytes")
                               : "; no budget is set";
    context.output.line(fmt::format("now {}, then {}{}", size_of(reply->value, "used_bytes"),
                                    size_of(reply->value, "planned_bytes"), of));
    return ExitCode::done;
}

ExitCode act(const Context& context, const std::string& release, const std::string& verb,
             std::string_view said) {
    const auto reply = ask(context, "POST", release_path(release, "/" + verb), Json::object());
    if (!reply) return context.failed(reply.error(), "croft list shows what there is");
    context.output.json(reply->text);
    context.output.line(foreign(release) + " " + std::string(said));
    return ExitCode::done;
}

ExitCode drop(const Context& context, const std::string& release, bool yes, bool dry_run) {
    const auto reply = ask(context, release_path(release));
    if (!reply) return context.failed(reply.error(), "croft list shows what there is");
    const bool is_own = reply->value.value("own", false);
    const std::uint64_t others = number_of(reply->value, "known_seeds");
    context.output.note(fmt::format(
        "{}: {} in {}; other copies that trackers and DHT claim: {}{}", foreign(release),
        size_of(reply->value, "size_bytes"), text_of(reply->value, "folder"), others,
        is_own ? "\nit is your own: its files stay where they are, only the sharing stops" : ""));
    if (dry_run) return ExitCode::done;
    if (!yes && !context.output.confirm(is_own ? "Stop sharing it?"
                                               : "Delete these files and stop sharing them?")) {
        context.output.note("nothing was changed; in a script, say --yes");
        return ExitCode::failed;
    }
    return act(context, release, "drop",
               is_own ? "is no longer shared; its files are where they were" : "is dropped");
}

void add_release_verb(CLI::App& mirror, Context& context, const char* verb, const char* help,
                      const char* said) {
    auto* command = mirror.add_subcommand(verb, help);
    command->footer(fmt::format(
        "Examples:\n  croft mirror {0} wiki-57\n  croft mirror {0} p2pf/wiki-57 --json", verb));
    const auto release = std::make_shared<std::string>();
    command->add_option("RELEASE", *release, "NAME-SERIAL")->required();
    command->callback([&context, release, verb, said] {
        context.run = [&context, release, verb, said] {
            return act(context, *release, verb, said);
        };
    });
}

void add_drop(CLI::App& mirror, Context& context) {
    auto* command = mirror.add_subcommand("drop", "Delete a release's files and stop sharing it");
    command->footer(
        "Examples:\n  croft mirror drop wiki-55 --dry-run\n  croft mirror drop wiki-55");
    const auto release = std::make_shared<std::string>();
    const auto yes = std::make_shared<bool>(false), dry_run = std::make_shared<bool>(false);
    command->add_option("RELEASE", *release, "NAME-SERIAL")->required();
    command->add_flag("-y,--yes", *yes, "Don't ask");
    command->add_flag("--dry-run", *dry_run, "Say what would go, do nothing");
    command->callback([&context, release, yes, dry_run] {
        context.run = [&context, release, yes, dry_run] {
            return drop(context, *release, *yes, *dry_run);
        };
    });
}

}  // namespace

void add_mirror(CLI::App& app, Context& context) {
    auto* mirror = app.add_subcommand("mirror", "What this computer keeps: budget, plan, pins");
    mirror->group("Mirror");
    mirror->require_subcommand(0, 1);
    mirror->footer("Examples:\n  croft mirror budget 500GiB\n  croft mirror plan");

    auto* budget_command =
        mirror->add_subcommand("budget", "Show or set how much disk Croft may fill");
    budget_command->footer("Examples:\n  croft mirror budget\n  croft mirror budget 500GiB");
    const auto size = std::make_shared<std::string>();
    budget_command->add_option("SIZE", *size,
                               "Such as 500GiB; \"none\": nothing is fetched by itself");
    budget_command->callback(
        [&context, size] { context.run = [&context, size] { return budget(context, *size); }; });

    auto* plan_command = mirror->add_subcommand(
        "plan", "What will be fetched, kept and evicted, and why; does nothing");
    plan_command->footer("Examples:\n  croft mirror plan\n  croft mirror plan --budget 1TiB");
    const auto what_if = std::make_shared<std::string>();
    plan_command->add_option("--budget", *what_if, "With another budget: what if");
    plan_command->callback([&context, what_if] {
        context.run = [&context, what_if] { return plan(context, *what_if); };
    });

    add_release_verb(*mirror, context, "pin", "Keep a release whatever the plan says", "is pinned");
    add_release_verb(*mirror, context, "unpin", "Leave a release to the plan again",
                     "is left to the plan");
    add_release_verb(*mirror, context, "pause", "Stop fetching and sharing a release for now",
                     "is paused");
    add_release_verb(*mirror, context, "resume", "Go on with a paused release", "goes on");
    add_drop(*mirror, context);
}

}  // namespace croft::cli
