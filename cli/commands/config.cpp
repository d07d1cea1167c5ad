#include "base/user_folders.h"
#include "cli/commands/all.h"
#include "cli/commands/reply_impl.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>

#include <array>
#include <filesystem>

extern char** environ;  // NOLINT: POSIX names it so

namespace croft::cli {
namespace {

namespace fs = std::filesystem;

ExitCode show(const Context& context, bool origin) {
    const auto reply = ask(context, "/settings");
    if (!reply) return context.failed(reply.error());
    context.output.json(reply->text);
    std::vector<std::vector<std::string>> rows;
    for (const auto& setting : reply->value["settings"]) {
        std::string from = text_of(setting, "origin") + " " + text_of(setting, "origin_detail");
        rows.push_back({text_of(setting, "key"), text_of(setting, "value"), origin ? from : ""});
    }
    context.output.table({"KEY", "VALUE", origin ? "ORIGIN" : ""}, rows);
    return ExitCode::done;
}

ExitCode path(const Context& context) {
    const std::string file = (config_folder() / "croft.toml").native();
    context.output.json(Json{{"path", file}}.dump());
    context.output.line(file);
    return ExitCode::done;
}

/// croftd itself knows its keys: the one beside this command, else the one in PATH.
ExitCode check(const Context& context, const std::string& file) {
    std::error_code error;
    const fs::path beside = fs::read_symlink("/proc/self/exe", error).parent_path() / "croftd";
    const std::string program = fs::exists(beside, error) ? beside.native() : "croftd";
    std::vector<std::string> words = {program, "--check-config"};
    if (!file.empty()) words.insert(words.end(), {"--config", file});
    std::vector<char*> arguments;
    for (auto& word : words)
        arguments.push_back(word.data());
    arguments.push_back(nullptr);
    pid_t pid = 0;
    if (const int failed =
            ::posix_spawnp(&pid, program.c_str(), nullptr, nullptr, arguments.data(), environ);
        failed != 0) {
        return context.failed(system_error("run", program, failed));
    }
    int status = 0;
    ::waitpid(pid, &status, 0);
    return WIFEXITED(status) ? static_cast<ExitCode>(WEXITSTATUS(status)) : ExitCode::failed;
}

}  // namespace

void add_config(CLI::App& app, Context& context) {
    auto* group = app.add_subcommand("config", "The daemon's configuration");
    group->group("Daemon");
    group->require_subcommand(0, 1);
    group->footer("Examples:\n  croft config show --origin\n  croft config check");

    auto* show_command =
        group->add_subcommand("show", "Each key and its value as the running daemon has it");
    show_command->footer("Examples:\n  croft config show\n  croft config show --origin");
    const auto origin = std::make_shared<bool>(false);
    show_command->add_flag("--origin", *origin,
                           "Which of flag, environment, file and built in won");
    show_command->callback([&context, origin] {
        context.run = [&context, origin] { return show(context, *origin); };
    });

    auto* path_command = group->add_subcommand("path", "Where the file lies");
    path_command->footer("Examples:\n  croft config path\n  $EDITOR $(croft config path)");
    path_command->callback([&context] { context.run = [&context] { return path(context); }; });

    auto* check_command =
        group->add_subcommand("check", "Reads the file and says what is wrong with it");
    check_command->footer("Examples:\n  croft config check\n  croft config check ./croft.toml");
    const auto file = std::make_shared<std::string>();
    check_command->add_option("FILE", *file, "Another file");
    check_command->callback(
        [&context, file] { context.run = [&context, file] { return check(context, *file); }; });
}

}  // namespace croft::cli
