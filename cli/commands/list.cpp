#include "cli/commands/all.h"
#include "cli/commands/reply_impl.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <iostream>
#include <set>

namespace croft::cli {
namespace {

struct ListArguments {
    std::string publisher, kind, language, sort = "name";
    bool held = false, watch = false;

    bool is_filtered() const {
        return held || !publisher.empty() || !kind.empty() || !language.empty();
    }
};

std::string query_of(const ListArguments& arguments, std::size_t offset) {
    std::string query = fmt::format("/releases?limit=500&offset={}&sort={}", offset,
                                    ApiClient::escape(arguments.sort));
    const auto add = [&](const char* name, const std::string& value) {
        if (!value.empty()) query += fmt::format("&{}={}", name, ApiClient::escape(value));
    };
    add("publisher", arguments.publisher);
    add("kind", arguments.kind);
    add("language", arguments.language);
    if (arguments.held) query += "&held=true";
    return query;
}

/// All pages as one list, in the API's own shape.
Result<Json> all_releases(const Context& context, const ListArguments& arguments) {
    Json all;
    do {
        const std::size_t offset = all.is_null() ? 0 : all["releases"].size();
        auto page = ask(context, query_of(arguments, offset));
        if (!page) return tl::unexpected(page.error());
        if (all.is_null()) {
            all = std::move(page->value);
        } else {
            if (page->value["releases"].empty()) break;
            for (auto& release : page->value["releases"])
                all["releases"].push_back(std::move(release));
        }
    } while (all["releases"].size() < number_of(all, "total"));
    return all;
}

std::string done_text(const Json& release) {
    const auto total = number_of(release, "size_bytes"), done = number_of(release, "done_bytes");
    const std::string state = text_of(release, "state");
    if (state == "held") return "100%";
    if (state == "offered") return "-";
    return total ? fmt::format("{}%", done * 100 / total) : "0%";
}

void print(const Output& output, const Json& all, const ListArguments& arguments) {
    std::vector<std::vector<std::string>> rows;
    const Json& releases = all["releases"];
    for (const auto& release : releases) {
        rows.push_back({release_text(release, releases), text_of(release, "petname"),
                        size_of(release, "size_bytes"), done_text(release),
                        text_of(release, "state"), verdict_text(output, release),
                        title_of(release)});
    }
    if (rows.empty()) {
        output.line(arguments.is_filtered() ? "nothing of that kind; croft list shows all"
                                            : "nothing here yet: croft follow URI");
    } else {
        output.table({"RELEASE", "PUBLISHER", " SIZE", " DONE", "STATE", "VERDICT", "TITLE"}, rows);
    }
}

ExitCode watch(const Context& context, const ListArguments& arguments) {
    const auto show = [&] {
        const auto all = all_releases(context, arguments);
        if (!all) return false;
        if (context.output.is_terminal()) std::cout << "\x1b[H\x1b[2J";
        print(context.output, *all, arguments);
        return true;
    };
    if (!show()) return context.failed(ask(context, "/releases?limit=1").error());
    auto shown = std::chrono::steady_clock::now();
    const auto ended = context.daemon().events("releases", [&](std::string_view event,
                                                               std::string_view data) {
        if (context.output.format() == Output::Format::jsonl) context.output.json(data);
        const auto now = std::chrono::steady_clock::now();
        if (event == "ping" || now - shown < std::chrono::seconds(1) || !context.output.is_text())
            return true;
        shown = now;
        return show();
    });
    return ended ? ExitCode::done : context.failed(ended.error());
}

ExitCode list(const Context& context, const ListArguments& arguments) {
    if (arguments.watch) return watch(context, arguments);
    if (!arguments.publisher.empty()) {
        const auto publisher =
            ask(context, "/publishers/" + ApiClient::escape(arguments.publisher));
        if (!publisher)
            return context.failed(publisher.error(), "croft publishers lists whom you follow");
    }
    const auto all = all_releases(context, arguments);
    if (!all) return context.failed(all.error());
    if (context.output.format() == Output::Format::jsonl) {
        for (const auto& release : (*all)["releases"])
            context.output.json(release.dump());
    } else {
        context.output.json(all->dump());
    }
    print(context.output, *all, arguments);
    return ExitCode::done;
}

}  // namespace

void add_list(CLI::App& app, Context& context) {
    auto* command = app.add_subcommand("list", "Releases that are offered and held");
    command->group("Every day");
    command->footer(
        "Examples:\n  croft list --held\n  croft list --publisher p2pf --kind papers --sort -size");
    const auto arguments = std::make_shared<ListArguments>();
    command->add_flag("--held", arguments->held, "Only what is held");
    command->add_option("--publisher", arguments->publisher, "Petname or id");
    command->add_option("--kind", arguments->kind, "wiki, papers, media or other")
        ->check(CLI::IsMember({"wiki", "papers", "media", "other"}));
    command->add_option("--lang", arguments->language, "A language tag");
    command
        ->add_option("--sort", arguments->sort,
                     "name, created, size, done, up, state or publisher; with - before it: falling")
        ->check([](const std::string& typed) {
            const std::set<std::string> known = {"name", "created", "size",     "done",
                                                 "up",   "state",   "publisher"};
            const bool is_known = known.contains(typed.starts_with('-') ? typed.substr(1) : typed);
            return is_known ? std::string()
                            : "sorts by name, created, size, done, up, state or publisher";
        });
    command->add_flag("--watch", arguments->watch, "Go on showing what changes");
    command->callback([&context, arguments] {
        context.run = [&context, arguments] { return list(context, *arguments); };
    });
}

}  // namespace croft::cli
