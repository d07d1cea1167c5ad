#include "cli/commands/all.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <iostream>

namespace croft::cli {
namespace {

/// The words that may follow: the subcommands and options of one command.
std::string words_after(const CLI::App& command) {
    std::string words;
    for (const auto* sub : command.get_subcommands([](const CLI::App*) { return true; }))
        words += sub->get_name() + " ";
    for (const auto* option :
         command.get_options([](const CLI::Option* o) { return !o->get_positional(); })) {
        for (const auto& name : option->get_lnames())
            words += "--" + name + " ";
    }
    return words;
}

struct Level {
    std::string path;  ///< "", "mirror", "mirror budget"
    std::string words;
};

void collect(const CLI::App& command, const std::string& path, std::vector<Level>& levels) {
    levels.push_back({path, words_after(command)});
    for (const auto* sub : command.get_subcommands([](const CLI::App*) { return true; })) {
        collect(*sub, path.empty() ? sub->get_name() : path + " " + sub->get_name(), levels);
    }
}

std::string bash_script(const std::vector<Level>& levels) {
    std::string script =
        "_croft() {\n"
        "    local path= word i\n"
        "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
        "        word=${COMP_WORDS[i]}\n"
        "        [[ $word == -* ]] || path=${path:+$path }$word\n"
        "    done\n"
        "    case $path in\n";
    for (const auto& level : levels) {
        script += fmt::format(
            "        '{}') COMPREPLY=($(compgen -W '{}' -- \"${{COMP_WORDS[COMP_CWORD]}}\"));;\n",
            level.path, level.words);
    }
    return script +
           "        *) COMPREPLY=();;\n"
           "    esac\n"
           "}\n"
           "complete -o default -F _croft croft\n";
}

std::string fish_script(const std::vector<Level>& levels) {
    std::string script;
    for (const auto& level : levels) {
        const std::string condition = level.path.empty()
                                          ? "__fish_use_subcommand"
                                          : "__fish_seen_subcommand_from " + level.path;
        script += fmt::format("complete -c croft -n '{}' -a '{}'\n", condition, level.words);
    }
    return script;
}

}  // namespace

void add_completion(CLI::App& app, Context& context) {
    auto* command = app.add_subcommand(
        "completion", "A script that completes commands and options in your shell");
    command->group("Daemon");
    command->footer(
        "Examples:\n  source <(croft completion bash)\n  croft completion fish > "
        "~/.config/fish/completions/croft.fish");
    const auto shell = std::make_shared<std::string>();
    command->add_option("SHELL", *shell, "bash, zsh or fish")
        ->required()
        ->check(CLI::IsMember({"bash", "zsh", "fish"}));
    command->callback([&app, &context, shell] {
        context.run = [&app, shell] {
            std::vector<Level> levels;
            collect(app, "", levels);
            // zsh runs bash's completions through its own layer.
            if (*shell == "zsh") std::cout << "autoload -U +X bashcompinit && bashcompinit\n";
            std::cout << (*shell == "fish" ? fish_script(levels) : bash_script(levels));
            return ExitCode::done;
        };
    });
}

}  // namespace croft::cli
