#include "cli/commands/all.h"
#include "cli/commands/reply_impl.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace croft::cli {
namespace {

struct ShowArguments {
    std::string release;
    bool files = false, peers = false, signatures = false;
};

void show_overview(const Output& output, const Json& release) {
    output.line(fmt::format("{}   {}", output.bold(release_text(release, Json::array())),
                            title_of(release)));
    output.line(fmt::format("{}   {}, {}", verdict_text(output, release), text_of(release, "state"),
                            size_of(release, "size_bytes")));
    output.line(fmt::format("  from      {}   {}   {}", text_of(release, "petname"),
                            day_of(release, "created"), text_of(release, "licence")));
    if (release.contains("files")) {
        output.line(fmt::format(
            "  content   {} files, {} pieces of {}", format_count(number_of(release, "files")),
            format_count(number_of(release, "pieces")), size_of(release, "piece_bytes")));
    }
    output.line(fmt::format("  peers     {} connected, {} of them seeds",
                            number_of(release, "peers"), number_of(release, "seeds")));
    if (release.contains("proved_at"))
        output.line("  proved    every byte good on " + day_of(release, "proved_at"));
    if (release.contains("folder")) output.line("  in        " + text_of(release, "folder"));
    output.line("  hashes    btmh 1220" + text_of(release, "id"));
    output.line("            btih " + text_of(release, "btih"));
    if (release.contains("waits_for"))
        output.line(output.mark(Mark::note, text_of(release, "waits_for")));
    if (release.contains("problem"))
        output.line(output.mark(Mark::bad, text_of(release["problem"], "message")));
}

/// Every file below a folder, depth first: the API gives one folder at a time.
Outcome show_files(const Context& context, const std::string& release, const std::string& parent) {
    for (std::uint64_t offset = 0, total = 1; offset < total;) {
        const auto path = release_path(release, fmt::format("/files?parent={}&offset={}&limit=500",
                                                            ApiClient::escape(parent), offset));
        const auto page = ask(context, path);
        if (!page) return tl::unexpected(page.error());
        total = number_of(page->value, "total");
        for (const auto& entry : page->value["entries"]) {
            ++offset;
            const std::string below = entry.value("path", "");
            if (entry.value("kind", "") == "folder") {
                if (auto shown = show_files(context, release, below); !shown) return shown;
            } else {
                context.output.json(entry.dump());
                context.output.line(
                    fmt::format("{:>10}  {}", size_of(entry, "size_bytes"), foreign(below)));
            }
        }
        if (page->value["entries"].empty()) break;
    }
    return {};
}

void show_peers(const Output& output, const Json& reply) {
    std::vector<std::vector<std::string>> rows;
    for (const auto& peer : reply["peers"]) {
        rows.push_back({text_of(peer, "address"),
                        fmt::format("{:.0f}%", 100 * peer.value("progress", 0.0)),
                        size_of(peer, "down_rate") + "/s", size_of(peer, "up_rate") + "/s",
                        text_of(peer, "client")});
    }
    if (rows.empty()) return output.line("no peer is connected");
    output.table({"PEER", " HAS", " DOWN", " UP", "CLIENT"}, rows);
}

void show_signatures(const Output& output, const Json& reply) {
    output.line("whose word is it?   publisher " + text_of(reply, "fingerprint"));
    for (const auto& link : reply["chain"]) {
        const std::string verdict = text_of(link, "verdict");
        const Mark mark = verdict == "valid"    ? Mark::good
                          : verdict == "signed" ? Mark::note
                                                : Mark::bad;
        output.line(fmt::format(
            "{}  {}", output.mark(mark, verdict),
            text_of(link, "document").empty() ? text_of(link, "kind") : text_of(link, "document")));
        if (link.contains("message")) output.line("    " + text_of(link, "message"));
        for (const auto& command : link.value("commands", Json::array()))
            output.line("    " + output.dim(foreign(command.get<std::string>())));
    }
    if (reply.contains("feed_folder"))
        output.line("run the commands in " + text_of(reply, "feed_folder"));
}

ExitCode show(const Context& context, const ShowArguments& arguments) {
    if (arguments.files) {
        auto shown = show_files(context, arguments.release, "");
        return shown ? ExitCode::done : context.failed(shown.error());
    }
    const std::string_view below = arguments.peers        ? "/peers"
                                   : arguments.signatures ? "/signatures"
                                                          : "";
    const auto reply = ask(context, release_path(arguments.release, below));
    if (!reply) return context.failed(reply.error(), "croft list shows what there is");
    context.output.json(reply->text);
    if (arguments.peers) {
        show_peers(context.output, reply->value);
    } else if (arguments.signatures) {
        show_signatures(context.output, reply->value);
    } else {
        show_overview(context.output, reply->value);
    }
    return ExitCode::done;
}

}  // namespace

void add_show(CLI::App& app, Context& context) {
    auto* command = app.add_subcommand("show", "One release: state, files, peers, signature chain");
    command->group("Every day");
    command->footer("Examples:\n  croft show wiki-57\n  croft show wiki-57 --signatures");
    const auto arguments = std::make_shared<ShowArguments>();
    command
        ->add_option("RELEASE", arguments->release,
                     "NAME-SERIAL, PETNAME/NAME-SERIAL or an info-hash")
        ->required();
    auto* files = command->add_flag("--files", arguments->files, "Its files");
    auto* peers = command->add_flag("--peers", arguments->peers, "Who shares it with us now")
                      ->excludes(files);
    command
        ->add_flag("--signatures", arguments->signatures,
                   "Each link of the chain, with the stock command that checks it")
        ->excludes(files)
        ->excludes(peers);
    command->callback([&context, arguments] {
        context.run = [&context, arguments] { return show(context, *arguments); };
    });
}

}  // namespace croft::cli
