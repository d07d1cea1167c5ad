#include "base/file.h"
#include "base/user_folders.h"
#include "cli/commands/all.h"
#include "cli/keys.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <memory>

namespace croft::cli {
namespace {

namespace fs = std::filesystem;

struct KeyArguments {
    std::string key;
    PasswordOptions password, next_password;
    std::string cost = "sensitive";
};

void say_key(const Context& context, const trust::PublicKey& key, const fs::path& path) {
    const auto& output = context.output;
    output.line("key id      " + key.id.text());
    output.line("public key  " + key.minisign());
    output.line("secret key  " + foreign(path.native()));
    output.json(nlohmann::json{{"key_id", key.id.text()},
                               {"public_key", key.minisign()},
                               {"ed25519", key.hex()},
                               {"secret_key_file", path.native()},
                               {"public_key_file", public_path(path).native()}}
                    .dump());
}

ExitCode new_key(const Context& context, const KeyArguments& arguments) {
    const auto cost = cost_from(arguments.cost);
    if (!cost) return context.failed(cost.error());
    fs::path path = key_path(arguments.key);
    if (path.extension() != ".key") path += ".key";
    if (std::error_code ignored; fs::exists(fs::symlink_status(path, ignored))) {
        return context.failed({Errc::conflict, "key_exists", path.native() + " exists already"},
                              "choose another name; a key is never overwritten");
    }
    const auto password = new_password(arguments.next_password);
    if (!password) return context.failed(password.error());
    const auto key = make_key(path, *password, *cost);
    if (!key) return context.failed(key.error());
    say_key(context, key->public_key(), path);
    context.output.note(
        "Keep a copy of the secret key off this computer: nobody can make it again.");
    return ExitCode::done;
}

ExitCode failed(const Context& context, const Error& error) {
    return context.failed(error, error.code == Errc::not_found ? "croft key list shows yours" : "");
}

ExitCode show_key(const Context& context, const KeyArguments& arguments) {
    const fs::path path = key_path(arguments.key);
    // The public half beside it needs no password.
    if (const auto text = read_file(path.extension() == ".pub" ? path : public_path(path), 4096)) {
        const auto key = trust::PublicKey::parse(*text);
        if (!key) return context.failed(key.error());
        say_key(context, *key, path);
        return ExitCode::done;
    }
    const auto key = load_key(arguments.key, arguments.password);
    if (!key) return failed(context, key.error());
    say_key(context, key->public_key(), path);
    return ExitCode::done;
}

/// The keys in the user's key folder.
ExitCode list_keys(const Context& context) {
    std::vector<fs::path> paths;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(key_folder(), ignored)) {
        if (entry.path().extension() == ".key") paths.push_back(entry.path());
    }
    std::ranges::sort(paths);
    nlohmann::json list = nlohmann::json::array();
    std::vector<std::vector<std::string>> rows;
    for (const auto& path : paths) {
        const auto text = read_file(public_path(path), 4096);
        const auto key = text ? trust::PublicKey::parse(*text) : tl::unexpected(text.error());
        rows.push_back({foreign(path.stem().native()), key ? key->id.text() : "?",
                        key ? key->minisign() : "no readable .pub beside it"});
        list.push_back({{"name", path.stem().native()}, {"secret_key_file", path.native()}});
        if (key) list.back().update({{"key_id", key->id.text()}, {"public_key", key->minisign()}});
    }
    if (rows.empty())
        context.output.note("no keys yet in " + key_folder().native() + ": croft key new daily");
    if (!rows.empty()) context.output.table({"NAME", "KEY ID", "PUBLIC KEY"}, rows);
    context.output.json(nlohmann::json{{"keys", list}}.dump(
        -1, ' ', false, nlohmann::json::error_handler_t::replace));
    return ExitCode::done;
}

ExitCode change_password(const Context& context, const KeyArguments& arguments) {
    const auto cost = cost_from(arguments.cost);
    if (!cost) return context.failed(cost.error());
    const auto key = load_key(arguments.key, arguments.password);
    if (!key) return context.failed(key.error());
    const auto password = new_password(arguments.next_password);
    if (!password) return context.failed(password.error());
    const fs::path path = key_path(arguments.key);
    if (const auto saved = publish::replace_secret_key(path, *key, *password, *cost); !saved) {
        return context.failed(saved.error());
    }
    say_key(context, key->public_key(), path);
    return ExitCode::done;
}

using Run = ExitCode (*)(const Context&, const KeyArguments&);

CLI::App* add(CLI::App& group, Context& context, const std::shared_ptr<KeyArguments>& arguments,
              const char* name, const char* what, Run run) {
    auto* command = group.add_subcommand(name, what);
    command->add_option("KEY", arguments->key, "A name in your key folder, or a path")->required();
    command->callback([&context, arguments, run] {
        context.run = [&context, arguments, run] { return run(context, *arguments); };
    });
    return command;
}

void add_cost(CLI::App& command, const std::shared_ptr<KeyArguments>& arguments) {
    command
        .add_option("--kdf", arguments->cost,
                    "sensitive: 1 GiB of memory; moderate: 128 MiB, for small machines")
        ->check(CLI::IsMember({"sensitive", "moderate"}));
}

}  // namespace

void add_key(CLI::App& app, Context& context) {
    auto* group = app.add_subcommand(
        "key", "Make, list, show signing keys (minisign's format); change their passwords");
    group->group("Publish");
    group->require_subcommand(0, 1);
    group->footer("Examples:\n  croft key new daily\n  croft key list");
    const auto arguments = std::make_shared<KeyArguments>();

    auto* made = add(*group, context, arguments, "new", "Make a key", &new_key);
    arguments->next_password.add_to(*made, true);
    add_cost(*made, arguments);
    made->footer(
        "Examples:\n  croft key new daily\n  croft key new daily --password-file ~/pass --kdf "
        "moderate");

    auto* shown = add(*group, context, arguments, "show", "Show the public key", &show_key);
    arguments->password.add_to(*shown, false);
    shown->footer(
        "Examples:\n  croft key show daily\n  croft key show ~/.minisign/minisign.key --json");

    auto* listed = group->add_subcommand("list", "List the keys in your key folder");
    listed->footer("Examples:\n  croft key list\n  croft key list --json");
    listed->callback([&context] { context.run = [&context] { return list_keys(context); }; });

    auto* locked =
        add(*group, context, arguments, "password", "Change the password", &change_password);
    arguments->password.add_to(*locked, false);
    auto* next = locked->add_option("--new-password-file", arguments->next_password.file,
                                    "The new password's file");
    next->type_name("FILE");
    locked->add_flag("--no-password", arguments->next_password.none, "Leave the key unlocked")
        ->excludes(next);
    add_cost(*locked, arguments);
    locked->footer(
        "Examples:\n  croft key password daily\n  croft key password daily --no-password");
}

}  // namespace croft::cli
