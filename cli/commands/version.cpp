#include "cli/commands/all.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace croft::cli {

void add_version(CLI::App& app, Context& context) {
    auto* command = app.add_subcommand("version", "Say which version this is");
    command->group("Daemon");
    command->footer("Examples:\n  croft version\n  croft version --json");
    command->callback([&context] {
        context.run = [&context] {
            context.output.line("croft " CROFT_VERSION);
            context.output.json(nlohmann::json{{"version", CROFT_VERSION}}.dump());
            return ExitCode::done;
        };
    });
}

}  // namespace croft::cli
