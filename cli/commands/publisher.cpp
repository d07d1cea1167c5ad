#include "base/file.h"
#include "base/time.h"
#include "bundle/feed_folder.h"
#include "catalog/follow_uri.h"
#include "cli/commands/all.h"
#include "cli/commands/date_arguments_impl.h"
#include "cli/keys.h"
#include "cli/publish/new_publisher.h"
#include "cli/publish/own_feed.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>

#include <memory>

namespace croft::cli {
namespace {

namespace fs = std::filesystem;

struct PublisherArguments {
    fs::path feed;
    std::string name, homepage;
    DateArguments date;
    std::vector<std::string> addresses;
    std::vector<std::string> root_keys;
    std::size_t threshold = 1;
    std::string daily_key, single_key, cost = "sensitive";
    PasswordOptions password;
};

/// A root key that signs now, or only its public half: another person's.
struct RootKey {
    trust::PublicKey key;
    std::optional<publish::SecretKey> secret;
};

Result<RootKey> root_key(const std::string& name, const PasswordOptions& password) {
    if (!name.ends_with(".pub")) {
        auto secret = load_key(name, password);
        if (!secret) return tl::unexpected(secret.error());
        return RootKey{secret->public_key(), std::move(*secret)};
    }
    const auto text = read_file(name, 4096);
    if (!text) return tl::unexpected(text.error());
    auto key = trust::PublicKey::parse(*text);
    if (!key) return tl::unexpected(key.error());
    return RootKey{*key, {}};
}

/// The public key of the daily key, which signs nothing here.
Result<trust::PublicKey> daily_key(const std::string& name, const PasswordOptions& password) {
    const fs::path path = key_path(name);
    if (const auto text = read_file(path.extension() == ".pub" ? path : public_path(path), 4096)) {
        return trust::PublicKey::parse(*text);
    }
    const auto key = load_key(name, password);
    if (!key) return tl::unexpected(key.error());
    return key->public_key();
}

/// Says what is in the way before anybody has typed a password.
Outcome check_no_key(const char* name) {
    const fs::path path = key_path(name);
    if (std::error_code ignored; !fs::exists(fs::symlink_status(path, ignored))) return {};
    return fail(Errc::conflict, "key_exists",
                path.native() + " exists already, and is never overwritten");
}

/// Makes the keys that the user did not name: `root` and `daily` in the key folder.
Outcome make_missing_keys(const Context& context, PublisherArguments& arguments) {
    const auto cost = cost_from(arguments.cost);
    if (!cost) return tl::unexpected(cost.error());
    if (!arguments.root_keys.empty() && !arguments.daily_key.empty()) return {};
    if (auto free = check_no_key("root"); !free && arguments.root_keys.empty()) return free;
    if (auto free = check_no_key("daily"); !free && arguments.daily_key.empty()) return free;
    const auto password = new_password(arguments.password);
    if (!password) return tl::unexpected(password.error());
    const auto make = [&](const char* name) -> Outcome {
        const auto key = make_key(key_path(name), *password, *cost);
        if (!key) return tl::unexpected(key.error());
        context.output.note(fmt::format("made the {} key, {}", name, key_path(name).native()));
        return {};
    };
    if (arguments.root_keys.empty()) {
        if (auto made = make("root"); !made) return made;
        arguments.root_keys = {"root"};
    }
    if (arguments.daily_key.empty()) {
        if (auto made = make("daily"); !made) return made;
        arguments.daily_key = "daily";
    }
    return {};
}

void say_publisher(const Context& context, const fs::path& feed,
                   const catalog::FollowerState& state) {
    const auto& output = context.output;
    const auto& publisher = state.publisher;
    catalog::FollowUri uri;
    uri.beacon_key = publisher.beacon.keys.front().ed25519;
    uri.salt = publisher.beacon_salt;
    uri.name = publisher.name;
    uri.publisher = state.id;
    uri.feeds = publisher.feeds;
    output.line(output.bold(foreign(publisher.name)));
    output.line("fingerprint  " + catalog::fingerprint(state.id));
    output.line("id           " + state.id.hex());
    output.line(fmt::format("document     version {}, good until {}", publisher.version,
                            format_day(publisher.expires)));
    nlohmann::json keys;
    const auto say_role = [&](const char* role, const catalog::Publisher::Role& members) {
        for (const auto& key : members.keys) {
            output.line(fmt::format(
                "{:<11}  {}  {}{}", role, key.id.text(), key.minisign(),
                members.keys.size() > 1
                    ? fmt::format("  ({} of {} must sign)", members.threshold, members.keys.size())
                    : ""));
            keys[role].push_back({{"key_id", key.id.text()}, {"public_key", key.minisign()}});
        }
    };
    say_role("root", publisher.root);
    say_role("release", publisher.release);
    say_role("beacon", publisher.beacon);
    output.line("feed         " + foreign(feed.native()));
    if (publisher.feeds.empty()) {
        output.line(
            "to follow    this folder, or the URL where you put it: the document names no address "
            "(--address)");
        output.line("URI          " + uri.text() + "   (proves who you are, but finds no feed)");
    } else {
        output.line("to follow    " + uri.text());
    }
    output.json(nlohmann::json{{"id", state.id.hex()},
                               {"fingerprint", catalog::fingerprint(state.id)},
                               {"name", publisher.name},
                               {"version", publisher.version},
                               {"expires", format_utc(publisher.expires)},
                               {"keys", keys},
                               {"feed", feed.native()},
                               {"uri", uri.text()}}
                    .dump());
}

ExitCode show_publisher(const Context& context, const PublisherArguments& arguments) {
    const auto feed = publish::open_own_feed(arguments.feed, system_clock()());
    if (!feed) return context.failed(feed.error());
    say_publisher(context, arguments.feed, feed->state);
    return ExitCode::done;
}

void say_what_keys_mean(const Context& context, const PublisherArguments& arguments) {
    if (!arguments.single_key.empty()) {
        context.output.note(
            "One key for everything: lost, nobody can ever publish under this name again; stolen, "
            "the thief owns the name.");
        return;
    }
    context.output.note(
        "The root key stands above the daily key: it can name another when that one is lost or "
        "stolen (the format allows it; no command does it yet). Move it off this computer now, "
        "onto two sticks.");
}

ExitCode failed_key(const Context& context, const Error& error, const std::string& key) {
    if (error.code != Errc::not_found) return context.failed(error);
    return context.failed(error, "croft key new " + foreign(key) + " makes it");
}

ExitCode new_publisher(const Context& context, PublisherArguments arguments) {
    ::umask(022);  // the feed is for everybody's eyes; keys have modes of their own
    const auto date = arguments.date.read();
    if (!date) return context.failed(date.error());
    if (std::error_code ignored;
        fs::exists(arguments.feed / bundle::layout::publisher(1), ignored)) {
        return context.failed({Errc::conflict, "publisher_exists",
                               arguments.feed.native() + " is the feed of a publisher already"},
                              "croft publisher show --feed FEED tells whose");
    }
    if (!arguments.single_key.empty()) {
        arguments.root_keys = {arguments.single_key};
        arguments.daily_key = arguments.single_key;
    }
    if (auto made = make_missing_keys(context, arguments); !made) {
        return context.failed(made.error(), "name your keys: --root-key K --key DAILY");
    }
    publish::NewPublisher wanted{
        arguments.name, arguments.homepage, arguments.addresses, {}, arguments.threshold, {}};
    std::vector<publish::SecretKey> signers;
    for (const auto& name : arguments.root_keys) {
        auto key = root_key(name, arguments.password);
        if (!key) return failed_key(context, key.error(), name);
        wanted.root_keys.push_back(key->key);
        if (key->secret) signers.push_back(std::move(*key->secret));
    }
    const auto daily = daily_key(arguments.daily_key, arguments.password);
    if (!daily) return failed_key(context, daily.error(), arguments.daily_key);
    wanted.daily_key = *daily;
    const auto id = publish::make_publisher(arguments.feed, wanted, date->time, signers);
    if (!id) return context.failed(id.error());
    context.output.line("You sign as of " + format_day(date->time) + ".");
    say_what_keys_mean(context, arguments);
    return show_publisher(context, arguments);
}

void add_feed(CLI::App& command, PublisherArguments& arguments) {
    command.add_option("--feed", arguments.feed, "The folder that followers read")
        ->required()
        ->type_name("FEED");
}

}  // namespace

void add_publisher(CLI::App& app, Context& context) {
    auto* group = app.add_subcommand("publisher", "Become a publisher; show who one is");
    group->group("Publish");
    group->require_subcommand(0, 1);
    group->footer(
        "Examples:\n  croft publisher new --feed ~/feed --name 'P2P Foundation'\n"
        "  croft publisher show --feed ~/feed");
    const auto arguments = std::make_shared<PublisherArguments>();

    auto* made = group->add_subcommand(
        "new", "Make a feed with its root document; by default with two new keys");
    add_feed(*made, *arguments);
    made->add_option("--name", arguments->name, "What you are called")->required();
    made->add_option("--homepage", arguments->homepage, "Where people can compare your fingerprint")
        ->type_name("URL");
    made->add_option("--address", arguments->addresses,
                     "Where the feed will be found (http or https); may be repeated")
        ->allow_extra_args(false)
        ->type_name("URL");
    auto* root = made->add_option("--root-key", arguments->root_keys,
                                  "A root key; several with --threshold. Others' as .pub files");
    root->type_name("KEY")->allow_extra_args(false);
    auto* threshold =
        made->add_option("--threshold", arguments->threshold, "How many root keys must sign")
            ->needs(root);
    auto* daily = made->add_option("--key", arguments->daily_key, "The daily key, for releases");
    daily->type_name("KEY");
    made->add_option("--single-key", arguments->single_key,
                     "One key for everything (see what it costs)")
        ->type_name("KEY")
        ->excludes(root)
        ->excludes(daily)
        ->excludes(threshold);
    arguments->date.add_to(*made);
    made->add_option("--kdf", arguments->cost, "How hard new passwords are to guess")
        ->check(CLI::IsMember({"sensitive", "moderate"}));
    arguments->password.add_to(*made, true);
    made->footer(
        "Examples:\n  croft publisher new --feed ~/feed --name 'P2P Foundation' --address "
        "https://example.org/feed/\n"
        "  croft publisher new --feed ~/feed --name Archive --root-key a.key --root-key b.pub "
        "--root-key c.key "
        "--threshold 2 --key daily");
    made->callback([&context, arguments] {
        context.run = [&context, arguments] { return new_publisher(context, *arguments); };
    });

    auto* shown = group->add_subcommand("show", "Show fingerprint, keys and follow URI of a feed");
    add_feed(*shown, *arguments);
    shown->footer(
        "Examples:\n  croft publisher show --feed ~/feed\n  croft publisher show --feed ~/feed "
        "--json");
    shown->callback([&context, arguments] {
        context.run = [&context, arguments] { return show_publisher(context, *arguments); };
    });
}

}  // namespace croft::cli
