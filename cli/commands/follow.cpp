#include "cli/commands/all.h"
#include "cli/commands/reply_impl.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <filesystem>

namespace croft::cli {
namespace {

struct FollowArguments {
    std::string source, petname, fingerprint;
    std::vector<std::string> peers;
    bool yes = false;
};

/// A folder is named by its absolute path: the daemon stands somewhere else.
std::string as_source(const std::string& typed) {
    std::error_code error;
    if (typed.starts_with("magnet:") || typed.find("://") != std::string::npos) return typed;
    const auto path = std::filesystem::weakly_canonical(typed, error);
    return error ? typed : path.native();
}

Json request_of(const FollowArguments& arguments) {
    Json request{{"source", as_source(arguments.source)}};
    if (!arguments.petname.empty()) request["petname"] = arguments.petname;
    if (!arguments.fingerprint.empty()) request["fingerprint"] = arguments.fingerprint;
    if (!arguments.peers.empty()) request["peers"] = arguments.peers;
    return request;
}

void show_preview(const Output& output, const Json& preview, bool is_confirmed) {
    output.note(fmt::format("{} (the name it claims)      fingerprint  {}",
                            output.bold(text_of(preview, "claimed_name")),
                            output.bold(text_of(preview, "fingerprint"))));
    output.note(
        fmt::format("last news {}{}", day_of(preview, "newest_created"),
                    preview.value("stale", false) ? "  (stale: genuine; newer may exist)" : ""));
    std::string kinds;
    for (const auto& kind : preview.value("kinds", Json::array())) {
        kinds += fmt::format("{}{} {}", kinds.empty() ? "" : " · ", text_of(kind, "kind"),
                             size_of(kind, "size_bytes"));
    }
    const auto releases = number_of(preview, "releases");
    output.note(fmt::format("  {} release{}, {}{}{}", releases, releases == 1 ? "" : "s",
                            size_of(preview, "size_bytes"), kinds.empty() ? "" : ": ", kinds));
    for (const auto& warning : preview.value("warnings", Json::array())) {
        output.note(output.mark(Mark::note, foreign(warning.get<std::string>())));
    }
    if (is_confirmed) {
        output.note(output.mark(Mark::good, "the fingerprint is the one that you gave"));
    } else if (!preview.value("anchored", false)) {
        output.note(output.mark(
            Mark::note,
            "the address names no publisher: what was found there is believed provisionally, until "
            "you confirm the fingerprint"));
    }
}

/// Asks how much disk Croft may use, where nobody has said so yet.
void ask_for_budget(const Context& context) {
    const auto policy = ask(context, "/mirror/policy");
    if (!policy || policy->value.contains("budget_bytes")) return;
    const std::uint64_t free_bytes = number_of(policy->value, "free_bytes");
    const std::string answer = context.output.ask(fmt::format(
        "How much disk may Croft use? {} are free. [none: nothing is fetched by itself]",
        format_size(free_bytes)));
    if (answer.empty()) {
        context.output.note(
            "nothing is fetched by itself until: croft mirror budget 500GiB   (croft get works "
            "meanwhile)");
        return;
    }
    const auto bytes = parse_size(answer);
    if (!bytes)
        return context.output.error(bytes.error(), "say it later: croft mirror budget SIZE");
    if (const auto set = ask(context, "PUT", "/mirror/policy", {{"budget_bytes", *bytes}}); !set) {
        context.output.error(set.error());
    }
}

ExitCode follow(const Context& context, const FollowArguments& arguments) {
    const Json request = request_of(arguments);
    const auto preview = ask(context, "POST", "/publishers/preview", request);
    if (!preview) return context.failed(preview.error());
    // Another fingerprint than the given one was refused: nothing is left to compare.
    const bool is_confirmed = !arguments.fingerprint.empty();
    show_preview(context.output, preview->value, is_confirmed);
    if (!arguments.yes && !is_confirmed &&
        !context.output.confirm("Compare the fingerprint with a second source. Follow?")) {
        context.output.note("not followed; in a script, say --yes");
        return ExitCode::failed;
    }
    Json confirmed = request;
    // The person has seen this fingerprint: the daemon may follow no other one.
    confirmed["fingerprint"] = preview->value.value("fingerprint", "");
    if (arguments.yes && arguments.fingerprint.empty()) confirmed.erase("fingerprint");
    const auto followed = ask(context, "POST", "/publishers", confirmed);
    if (!followed) return context.failed(followed.error());
    context.output.json(followed->text);
    context.output.line(fmt::format("following {}", text_of(followed->value, "petname")));
    ask_for_budget(context);
    return ExitCode::done;
}

}  // namespace

void add_follow(CLI::App& app, Context& context) {
    auto* command =
        app.add_subcommand("follow", "Follow a publisher: show its fingerprint, ask, then follow");
    command->group("Every day");
    command->footer(
        "Examples:\n  croft follow 'magnet:?xs=urn:btpk:…&x.pub=…'\n"
        "  croft follow https://archive.example/feed/ --name example");
    const auto arguments = std::make_shared<FollowArguments>();
    command->add_option("SOURCE", arguments->source, "A follow URI, an http(s) address or a folder")
        ->required();
    command->add_option("--name", arguments->petname,
                        "What you call it (default: made from the name it claims)");
    command->add_option("--fingerprint", arguments->fingerprint, "Refuse any other, and don't ask");
    command->add_option("--peer", arguments->peers,
                        "HOST:PORT of somebody who has it; may be repeated");
    command->add_flag("-y,--yes", arguments->yes, "Don't ask");
    command->callback([&context, arguments] {
        context.run = [&context, arguments] { return follow(context, *arguments); };
    });
}

void add_unfollow(CLI::App& app, Context& context) {
    auto* command =
        app.add_subcommand("unfollow", "Stop following a publisher; what is held stays held");
    command->group("Every day");
    command->footer("Examples:\n  croft unfollow p2pf\n  croft unfollow df053e80dcc48621… --json");
    const auto publisher = std::make_shared<std::string>();
    command->add_option("PUBLISHER", *publisher, "Petname or id")->required();
    command->callback([&context, publisher] {
        context.run = [&context, publisher] {
            const auto gone =
                ask(context, "DELETE", "/publishers/" + ApiClient::escape(*publisher));
            if (!gone)
                return context.failed(gone.error(), "croft publishers lists whom you follow");
            context.output.json(gone->text);
            context.output.line("no longer following " + foreign(*publisher) +
                                "; what is held stays held");
            return ExitCode::done;
        };
    });
}

}  // namespace croft::cli
