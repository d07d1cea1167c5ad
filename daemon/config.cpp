#include "config.h"

#include "base/text.h"
#include "base/user_folders.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <set>

namespace croft {
namespace {

namespace fs = std::filesystem;
using Values = std::vector<std::string>;

// ---- how a value is read and shown
// ---------------------------------------------------------------

Result<bool> to_bool(const std::string& text) {
    if (text == "true" || text == "1" || text == "yes" || text == "on") return true;
    if (text == "false" || text == "0" || text == "no" || text == "off") return false;
    return fail(Errc::invalid_argument, "bad_value",
                fmt::format("\"{}\" is neither true nor false", text));
}

Result<std::chrono::seconds> to_duration(const std::string& text) {
    char* end = nullptr;
    const long long number = std::strtoll(text.c_str(), &end, 10);
    static const std::map<std::string, long long> units = {{"", 1},   {"s", 1},    {"min", 60},
                                                           {"m", 60}, {"h", 3600}, {"d", 86400}};
    const auto unit = units.find(end);
    if (end == text.c_str() || unit == units.end() || number < 1 ||
        number > 1'000'000'000 / unit->second) {
        return fail(Errc::invalid_argument, "bad_value",
                    fmt::format("\"{}\" is not a time; write it like 90s, 30min, 1h or 2d", text));
    }
    return std::chrono::seconds(number * unit->second);
}

Result<std::uint64_t> to_rate(std::string text) {
    if (text.ends_with("/s")) text.resize(text.size() - 2);
    return parse_size(text);
}

std::string show(bool value) { return value ? "true" : "false"; }
std::string show(const Values& values) { return fmt::format("{}", fmt::join(values, ", ")); }
std::string show(const fs::path& path) { return path.native(); }
std::string show(const std::string& text) { return text; }
std::string show(std::uint64_t number) { return std::to_string(number); }
std::string show(std::chrono::milliseconds time) {
    return fmt::format("{}s", std::chrono::floor<std::chrono::seconds>(time).count());
}

std::string_view name_of(log::Level level) {
    switch (level) {
        case log::Level::debug: return "debug";
        case log::Level::info: return "info";
        case log::Level::warning: return "warning";
        case log::Level::error: return "error";
    }
    return "";
}

Result<log::Level> to_level(const std::string& text) {
    for (const auto level :
         {log::Level::debug, log::Level::info, log::Level::warning, log::Level::error}) {
        if (text == name_of(level)) return level;
    }
    return fail(Errc::invalid_argument, "bad_value",
                fmt::format("\"{}\" is none of debug, info, warning, error", text));
}

// ---- the one declaration of every key
// --------------------------------------------------------------

struct Key {
    std::string name;  ///< section.key, as in the file
    std::string help;
    bool is_list = false;
    std::function<Outcome(Config&, const Values&)> set;
    std::function<std::string(const Config&)> show_value;
};

/// Puts a read value where it belongs, or hands on why it can't be read.
template <class T, class Target>
Outcome store(Result<T> value, Target& target) {
    if (!value) return tl::unexpected(value.error());
    target = std::move(*value);
    return {};
}

template <class Member>
Key text(std::string name, std::string help, Member member) {
    return {std::move(name), std::move(help), false,
            [member](Config& config, const Values& values) -> Outcome {
                member(config) = values.front();
                return {};
            },
            [member](const Config& config) { return show(member(const_cast<Config&>(config))); }};
}

template <class Member>
Key list(std::string name, std::string help, Member member) {
    return {std::move(name), std::move(help), true,
            [member](Config& config, const Values& values) -> Outcome {
                member(config) = values;
                return {};
            },
            [member](const Config& config) { return show(member(const_cast<Config&>(config))); }};
}

template <class Member, class Read>
Key parsed(std::string name, std::string help, Member member, Read read) {
    return {std::move(name), std::move(help), false,
            [member, read](Config& config, const Values& values) {
                return store(read(values.front()), member(config));
            },
            [member](const Config& config) { return show(member(const_cast<Config&>(config))); }};
}

Key log_level() {
    return {"daemon.log_level", "debug, info, warning or error", false,
            [](Config& config, const Values& values) {
                return store(to_level(values.front()), config.log_level);
            },
            [](const Config& config) { return std::string(name_of(config.log_level)); }};
}

Key roots() {
    return {"mirror.roots", "Folders for bundles; the first takes new ones", true,
            [](Config& config, const Values& values) -> Outcome {
                config.library.roots.assign(values.begin(), values.end());
                const bool all_absolute =
                    std::ranges::all_of(config.library.roots, &fs::path::is_absolute);
                if (all_absolute) return {};
                return fail(Errc::invalid_argument, "bad_value", "a root is not an absolute path");
            },
            [](const Config& config) {
                return show(Values(config.library.roots.begin(), config.library.roots.end()));
            }};
}

Key budget() {
    return {"mirror.budget",
            "Disk that Croft may fill, such as 500GiB; unset: nothing is fetched by itself", false,
            [](Config& config, const Values& values) {
                return store(parse_size(values.front()), config.library.budget);
            },
            [](const Config& config) {
                return config.library.budget ? show(*config.library.budget) : "";
            }};
}

Key connections() {
    return {"bittorrent.connections", "Peers at most, over all bundles", false,
            [](Config& config, const Values& values) -> Outcome {
                const auto number = parse_size(values.front());
                if (!number || *number < 2 || *number > 65535) {
                    return fail(Errc::invalid_argument, "bad_value",
                                "not a number between 2 and 65535");
                }
                config.swarm.connections = static_cast<int>(*number);
                return {};
            },
            [](const Config& config) { return std::to_string(config.swarm.connections); }};
}

const std::vector<Key>& keys() {
    static const std::vector<Key> all = {
        text(
            "daemon.state_dir", "Database, documents, torrents",
            [](Config & c) -> auto& { return c.state_folder; }),
        text(
            "daemon.socket", "The Unix socket of the command",
            [](Config & c) -> auto& { return c.socket; }),
        list(
            "daemon.control_listen", "Addresses of the page and the API; loopback only",
            [](Config & c) -> auto& { return c.control_listen; }),
        text(
            "daemon.webui_dir", "Serves the page from this folder instead of the built-in one",
            [](Config & c) -> auto& { return c.webui_folder; }),
        log_level(),
        parsed(
            "daemon.allow_root", "Runs as root nevertheless",
            [](Config & c) -> auto& { return c.allow_root; }, to_bool),
        list(
            "bittorrent.listen", "Addresses for peers",
            [](Config & c) -> auto& { return c.swarm.listen; }),
        parsed(
            "bittorrent.dht", "Finds peers without a tracker",
            [](Config & c) -> auto& { return c.swarm.dht; }, to_bool),
        list(
            "bittorrent.dht_bootstrap", "First nodes of the DHT, host:port",
            [](Config & c) -> auto& { return c.swarm.dht_bootstrap; }),
        parsed(
            "bittorrent.lsd", "Finds peers on the local network",
            [](Config & c) -> auto& { return c.swarm.lsd; }, to_bool),
        parsed(
            "bittorrent.utp", "Speaks uTP besides TCP",
            [](Config & c) -> auto& { return c.swarm.utp; }, to_bool),
        parsed(
            "bittorrent.port_mapping", "Asks the router to open the port (UPnP, NAT-PMP)",
            [](Config & c) -> auto& { return c.swarm.port_mapping; }, to_bool),
        connections(),
        text(
            "network.proxy", "socks5://host:port for feeds, peers and DHT alike",
            [](Config & c) -> auto& { return c.proxy; }),
        parsed(
            "feeds.check_every", "How often feeds are looked at",
            [](Config & c) -> auto& { return c.feeds.check_every; }, to_duration),
        parsed(
            "feeds.allow_private_addresses", "Feeds may lead to loopback and private addresses",
            [](Config & c) -> auto& { return c.feeds.allow_private_addresses; }, to_bool),
        roots(),
        budget(),
        parsed(
            "mirror.keep_free", "Disk that is left free whatever the budget says",
            [](Config & c) -> auto& { return c.library.keep_free; }, parse_size),
        parsed(
            "mirror.up", "Upload limit, such as 2MiB/s; 0: none",
            [](Config & c) -> auto& { return c.up_limit; }, to_rate),
        parsed(
            "mirror.down", "Download limit; 0: none",
            [](Config & c) -> auto& { return c.down_limit; }, to_rate),
    };
    return all;
}

/// Keys that the format promises and this version does nothing with: said, not refused, so that one
/// file serves several versions.
const std::set<std::string> without_effect = {"daemon.content_listen", "mirror.versions",
                                              "mirror.scrub_days", "mirror.scrub_rate"};

// ---- the three sources
// ------------------------------------------------------------------------------

struct Given {
    Values values;
    std::string origin, detail;
};
using Sources = std::map<std::string, Given>;

std::string variable_of(const std::string& key) {
    std::string name = "CROFT_" + key;
    std::ranges::transform(name, name.begin(), [](char c) {
        return c == '.' ? '_' : static_cast<char>(std::toupper(c));
    });
    return name;
}

bool is_key(const std::string& name) {
    return std::ranges::find(keys(), name, &Key::name) != keys().end() ||
           without_effect.contains(name);
}

Outcome add_file(const fs::path& file, bool must_exist, Sources& sources) {
    std::ifstream stream(file);
    if (!stream) {
        if (!must_exist) return {};
        return fail(Errc::not_found, "no_config",
                    fmt::format("cannot read the configuration {}", file.native()));
    }
    std::vector<CLI::ConfigItem> items;
    try {
        items = CLI::ConfigTOML().from_config(stream);
    } catch (const CLI::Error& error) {
        return fail(Errc::malformed, "bad_config",
                    fmt::format("{}: {}", file.native(), error.what()));
    }
    for (const auto& item : items) {
        if (item.name == "++" || item.name == "--")
            continue;  // CLI11's marks where a section opens and ends
        if (!is_key(item.fullname())) {
            return fail(Errc::invalid_argument, "unknown_key",
                        fmt::format("{}: there is no key {}; croftd --help lists them",
                                    file.native(), item.fullname()));
        }
        sources[item.fullname()] = {item.inputs, "file", file.native()};
    }
    return {};
}

void add_environment(Sources& sources) {
    for (const Key& key : keys()) {
        const std::string variable = variable_of(key.name);
        const char* value = std::getenv(variable.c_str());
        if (!value || !*value) continue;
        Values values = {value};
        if (key.is_list) {
            values.clear();
            for (const auto part : split(value, ','))
                values.emplace_back(part);
        }
        sources[key.name] = {values, "environment", variable};
    }
}

Config built_in() {
    Config config;
    config.state_folder = state_folder();
    config.library.roots = {data_folder()};
    return config;
}

Result<Config> combined(Config config, const Sources& sources) {
    for (const Key& key : keys()) {
        const auto given = sources.find(key.name);
        if (given != sources.end() && !given->second.values.empty()) {
            if (auto set = key.set(config, given->second.values); !set) {
                return fail(Errc::invalid_argument, set.error().reason,
                            fmt::format("{} (from {}): {}", key.name, given->second.detail,
                                        set.error().message));
            }
        }
    }
    if (config.socket.empty()) config.socket = runtime_folder() / "croftd.sock";
    for (const Key& key : keys()) {
        const auto given = sources.find(key.name);
        const bool is_given = given != sources.end();
        config.settings.push_back({key.name, key.show_value(config),
                                   is_given ? given->second.origin : "built_in",
                                   is_given ? given->second.detail : "", is_given});
    }
    for (const auto& name : without_effect) {
        if (sources.contains(name))
            config.warnings.push_back(name + " has no effect in this version");
    }
    config.swarm.proxy = config.proxy;
    config.swarm.state_folder = config.state_folder;
    return config;
}

Invocation ended(const CLI::App& app, const CLI::ParseError& error) {
    const int code = app.exit(error);
    return {Invocation::Ask::exit, code == 0 ? 0 : 2, {}};
}

}  // namespace

Result<Invocation> read_invocation(int argc, char** argv) {
    CLI::App app("Mirrors and seeds signed archives; croft is its command.", "croftd");
    app.set_version_flag("--version", "croftd " CROFT_VERSION);
    app.footer(
        "Examples:\n  croftd\n  croftd --mirror.budget 500GiB --bittorrent.listen 0.0.0.0:51413\n"
        "Every key is also a variable (CROFT_MIRROR_BUDGET) and a line of the file ([mirror] "
        "budget = \"500GiB\").");
    std::string file;
    bool check_only = false;
    app.add_option("--config", file, "TOML file")->envname("CROFT_CONFIG")->type_name("PATH");
    app.add_flag("--check-config", check_only,
                 "Reads the configuration, says what is wrong, does nothing");

    std::map<std::string, Values> flags;
    for (const Key& key : keys()) {
        auto* option = app.add_option("--" + key.name, flags[key.name], key.help)
                           ->group(key.name.substr(0, key.name.find('.')));
        option->type_name(key.is_list ? "A,B" : "VALUE")
            ->expected(1)
            ->delimiter(key.is_list ? ',' : '\0');
        if (key.is_list) option->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    }
    Sources sources;
    for (const auto& name : without_effect) {
        app.add_option_function<std::string>("--" + name,
                                             [&sources, name](const std::string& value) {
                                                 sources[name] = {{value}, "flag", "--" + name};
                                             })
            ->group("");
    }
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return ended(app, error);
    }

    Config config = built_in();
    config.file = file.empty() ? config_folder() / "croft.toml" : fs::path(file);
    if (auto added = add_file(config.file, !file.empty(), sources); !added)
        return tl::unexpected(added.error());
    add_environment(sources);
    for (const auto& [name, values] : flags) {
        if (!values.empty()) sources[name] = {values, "flag", "--" + name};
    }
    auto result = combined(std::move(config), sources);
    if (!result) return tl::unexpected(result.error());
    return Invocation{check_only ? Invocation::Ask::check_config : Invocation::Ask::run, 0,
                      std::move(*result)};
}

}  // namespace croft
