#include "base/user_folders.h"
#include "cli/commands/all.h"
#include "cli/commands/reply_impl.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <filesystem>

extern char** environ;  // NOLINT: POSIX names it so

namespace croft::cli {
namespace {

namespace fs = std::filesystem;

/// Bytes as people write them; the file and the API have numbers.
std::string value_of(const Json& setting) {
    const std::string key = text_of(setting, "key"), value = text_of(setting, "value");
    const bool is_rate = key == "mirror.up" || key == "mirror.down";
    if (!is_rate && key != "mirror.budget" && key != "mirror.keep_free") return value;
    const auto bytes = parse_size(value);
    if (!bytes) return value;
    if (is_rate) return *bytes == 0 ? "no limit" : format_size(*bytes) + "/s";
    return format_size(*bytes);
}

ExitCode show(const Context& context, bool origin) {
    const auto reply = ask(context, "/settings");
    if (!reply) return context.failed(reply.error());
    context.output.json(reply->text);
    std::vector<std::vector<std::string>> rows;
    for (const auto& setting : reply->value["settings"]) {
        std::string from = text_of(setting, "origin") + " " + text_of(setting, "origin_detail");
        std::ranges::replace(from, '_', ' ');  // built_in
        rows.push_back({text_of(setting, "key"), value_of(setting), origin ? from : ""});
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
    const fs::path read = file.empty() ? config_folder() / "croft.toml" : fs::path(file);
    if (!fs::exists(read, error)) {
        if (!file.empty()) return context.failed(system_error("open", file, ENOENT));
        context.output.json(Json{{"path", read.native()}, {"exists", false}}.dump());
        context.output.line(read.native() + ": not there, so all is built in");
        return ExitCode::done;
    }
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
