// croft: asks the daemon, or works offline with the core. The commands are in commands/, one file
// each.
#include "base/text.h"
#include "base/user_folders.h"
#include "cli/commands/all.h"
#include "cli/suggestion.h"

#include <CLI/CLI.hpp>

#include <csignal>
#include <iostream>

namespace croft::cli {
namespace {

/// What a newcomer needs, in twelve lines.
constexpr std::string_view start_help =
    "croft keeps open archives alive: follow a publisher, mirror, verify, read.\n"
    "\n"
    "  croft follow URI        follow a publisher (a magnet: link, an http(s) address or a "
    "folder)\n"
    "  croft list              what is offered and what is held here\n"
    "  croft get wiki-57       fetch one release, verify it and keep it\n"
    "  croft verify PATH       check signature and content, nothing running\n"
    "  croft publish FOLDER    sign a release of your own (croft publisher new comes first)\n"
    "  croft open              the web page\n"
    "\n"
    "croftd is not running. Start it: systemctl --user start croftd, or just: croftd &\n"
    "All commands: croft --help. More about one: croft COMMAND --help";

std::vector<std::string> names_of_commands(const CLI::App& app) {
    std::vector<std::string> names;
    for (const auto* command : app.get_subcommands([](const CLI::App*) { return true; })) {
        names.push_back(command->get_name());
    }
    return names;
}

/// The deepest command that was named, whose subcommands an unknown word was probably meant for.
const CLI::App& innermost(const CLI::App& app) {
    const auto named = app.get_subcommands();
    return named.empty() ? app : innermost(*named.front());
}

int explain(const CLI::App& app, const CLI::ParseError& error, int argc, char** argv) {
    if (error.get_exit_code() == 0) return app.exit(error);
    std::cerr << "croft: " << foreign(error.what()) << '\n';
    const auto known = names_of_commands(innermost(app));
    for (int i = 1; i < argc; ++i) {
        if (std::string_view(argv[i]).starts_with('-')) continue;
        if (std::ranges::find(known, argv[i]) != known.end()) continue;
        if (const auto meant = suggestion(argv[i], known); meant) {
            std::cerr << "       did you mean \"" << *meant << "\"?\n";
            break;
        }
    }
    std::cerr << "       croft --help lists the commands; croft COMMAND --help shows examples\n";
    return static_cast<int>(ExitCode::usage);
}

/// How it stands, where a daemon runs; else what a newcomer needs.
int start_page(CLI::App& app, Context& context) {
    if (!context.daemon().get("/status")) {
        context.output.line(start_help);
        return 0;
    }
    app.parse("--socket \"" + context.socket.native() + "\" status");
    return static_cast<int>(context.run());
}

/// The help of the innermost command that was named, under its whole name.
std::string help_of(const CLI::App& app, const std::string& before = {}) {
    const std::string name = before.empty() ? app.get_name() : before + " " + app.get_name();
    const auto named = app.get_subcommands();
    return named.empty() ? app.help(before) : help_of(*named.front(), name);
}

/// Options that every command has, wherever they stand on the line.
void add_common_options(CLI::App& app, Context& context) {
    app.add_option("--socket", context.socket, "The daemon's Unix socket")
        ->envname("CROFT_DAEMON_SOCKET")
        ->type_name("PATH");
    app.add_flag_callback(
        "--json", [&context] { context.output.set_format(Output::Format::json); },
        "One JSON document on stdout");
    app.add_flag_callback(
        "--jsonl", [&context] { context.output.set_format(Output::Format::jsonl); },
        "A stream of JSON lines");
}

int run(int argc, char** argv) {
    Context context;
    context.socket = default_socket();
    CLI::App app("Keeps open archives alive: follow a publisher, mirror, verify, read.", "croft");
    app.fallthrough();
    app.require_subcommand(0, 1);
    app.footer(
        "Examples:\n  croft follow 'magnet:?xs=urn:btpk:…'\n  croft verify ~/archive/wiki-57");
    app.set_version_flag("-V,--version", "croft " CROFT_VERSION);
    add_common_options(app, context);
    for (const AddCommand add : all_commands)
        add(app, context);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return explain(app, error, argc, argv);
    }
    if (app.get_subcommands().empty()) return start_page(app, context);
    if (context.run) return static_cast<int>(context.run());
    // A group such as `mirror` alone: its help is the answer.
    std::cout << help_of(app);
    return 0;
}

}  // namespace
}  // namespace croft::cli

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_DFL);
    return croft::cli::run(argc, argv);
}
