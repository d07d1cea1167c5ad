#pragma once

#include "api/api.h"
#include "base/log.h"
#include "feeds/feeds.h"
#include "library/library.h"
#include "swarm/swarm.h"

#include <filesystem>
#include <string>
#include <vector>

namespace croft {

/// Everything croftd can be told before it starts: the sum of its modules' options.
struct Config {
    std::filesystem::path file;  ///< where the TOML was looked for
    std::filesystem::path state_folder, socket;
    std::vector<std::string> control_listen = {"127.0.0.1:7400", "[::1]:7400"};
    std::filesystem::path webui_folder;
    log::Level log_level = log::Level::info;
    bool allow_root = false;
    std::string proxy;
    std::uint64_t down_limit = 0, up_limit = 0;  ///< bytes a second; 0: none
    swarm::Options swarm;
    feeds::Options feeds;
    library::Options library;

    /// Each key with its value and which of flag, environment, file or built in won.
    std::vector<api::Setting> settings;
    std::vector<std::string> warnings;
};

/// What the command line asks for.
struct Invocation {
    enum class Ask {
        run,
        check_config,
        exit
    } ask = Ask::run;
    int exit_code = 0;  ///< for `exit`: --help, --version (0) or a mistake (2), said already
    Config config;
};

/// Flag beats `CROFT_*` environment beats the TOML file beats what is built in. One table in
/// config.cpp declares every key for all three. An unknown key or a value that can't be read is an
/// error that names its place; the file is never written.
Result<Invocation> read_invocation(int argc, char** argv);

}  // namespace croft
