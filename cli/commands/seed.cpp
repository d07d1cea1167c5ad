#include "cli/commands/all.h"
#include "cli/commands/reply_impl.h"
#include "cli/progress.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <filesystem>

namespace croft::cli {
namespace {

struct Own {
    std::uint64_t releases = 0, seeding = 0, done_bytes = 0, total_bytes = 0;
    std::string problem;
};

Result<Own> look(const Context& context, const std::string& publisher) {
    const auto page =
        ask(context, "/releases?limit=500&offered=true&publisher=" + ApiClient::escape(publisher));
    if (!page) return tl::unexpected(page.error());
    Own own;
    for (const auto& release : page->value["releases"]) {
        ++own.releases;
        own.total_bytes += number_of(release, "size_bytes");
        own.done_bytes += text_of(release, "state") == "held" ? number_of(release, "size_bytes")
                                                              : number_of(release, "done_bytes");
        if (text_of(release, "state") == "held") ++own.seeding;
        if (release.contains("problem"))
            own.problem = release_text(release, Json::array()) + ": " +
                          text_of(release["problem"], "message");
    }
    return own;
}

/// Waits until every release of the feed has been read once and is shared, or one can't be.
Result<Own> wait_until_seeding(const Context& context, const std::string& publisher) {
    Progress progress(context.output, "reading every byte once");
    Result<Own> own = look(context, publisher);
    const auto is_over = [&] {
        return !own || !own->problem.empty() || own->seeding == own->releases;
    };
    while (!is_over()) {
        const auto streamed =
            context.daemon().events("releases,speed", [&](std::string_view, std::string_view) {
                own = look(context, publisher);
                if (own) progress.show(own->done_bytes, own->total_bytes);
                return !is_over();
            });
        if (!streamed) return tl::unexpected(streamed.error());
    }
    return own;
}

ExitCode seed(const Context& context, const std::string& feed, bool no_wait) {
    std::error_code error;
    const auto folder = std::filesystem::canonical(feed, error);
    if (error) return context.failed(system_error("open", feed, error.value()));
    const auto followed =
        ask(context, "POST", "/publishers", {{"source", folder.native()}, {"own", true}});
    if (!followed) return context.failed(followed.error());
    const std::string publisher = followed->value.value("id", "");
    const auto own = no_wait ? look(context, publisher) : wait_until_seeding(context, publisher);
    if (!own) return context.failed(own.error());

    context.output.json(followed->text);
    context.output.line(
        fmt::format("{}   {} of {} releases, {}",
                    context.output.mark(own->problem.empty() ? Mark::good : Mark::bad, "seeding"),
                    own->seeding, own->releases, format_size(own->total_bytes)));
    if (!own->problem.empty()) context.output.line("  " + own->problem);
    context.output.line("  fingerprint  " + text_of(followed->value, "fingerprint"));
    context.output.line("  to follow    " + text_of(followed->value, "uri"));
    return own->problem.empty() ? ExitCode::done : ExitCode::partly;
}

}  // namespace

void add_seed(CLI::App& app, Context& context) {
    auto* command = app.add_subcommand(
        "seed", "Share a feed that you publish: adopts its bundles where they lie");
    command->group("Publish");
    command->footer("Examples:\n  croft seed ~/feed\n  croft seed ~/feed --json");
    const auto feed = std::make_shared<std::string>();
    const auto no_wait = std::make_shared<bool>(false);
    command->add_option("FEED", *feed, "The feed's folder")->required();
    command->add_flag("--no-wait", *no_wait, "Return at once");
    command->callback([&context, feed, no_wait] {
        context.run = [&context, feed, no_wait] { return seed(context, *feed, *no_wait); };
    });
}

}  // namespace croft::cli
