// croftd: flags -> Config -> Daemon.run().
#include "base/log.h"
#include "daemon.h"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <iostream>

namespace {

constexpr int exit_failed = 1, exit_usage = 2, exit_locked = 75;

int exit_code_for(const croft::Error& error) {
    if (error.reason == "locked") return exit_locked;
    return error.code == croft::Errc::invalid_argument ? exit_usage : exit_failed;
}

int say(const croft::Error& error) {
    std::cerr << "croftd: " << error.message << '\n';
    return exit_code_for(error);
}

/// No core dumps (they would hold tokens), no files for others, no death by a closed pipe, many
/// files.
void harden() {
    ::umask(077);
    ::prctl(PR_SET_DUMPABLE, 0);
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
    rlimit files{};
    if (::getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &files);
    }
    std::signal(SIGPIPE, SIG_IGN);
}

int run(croft::Config config) {
    if (::geteuid() == 0 && !config.allow_root) {
        std::cerr << "croftd: refuses to run as root; use an own user, or set daemon.allow_root "
                     "(CROFT_DAEMON_ALLOW_ROOT=true)\n";
        return exit_failed;
    }
    harden();
    croft::log::set_level(config.log_level);
    for (const auto& warning : config.warnings)
        croft::log::warning("config: " + warning);
    auto daemon = croft::Daemon::make(std::move(config));
    if (!daemon) return say(daemon.error());
    (*daemon)->run();
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    auto invocation = croft::read_invocation(argc, argv);
    if (!invocation) return say(invocation.error());
    using Ask = croft::Invocation::Ask;
    if (invocation->ask == Ask::exit) return invocation->exit_code;
    if (invocation->ask == Ask::check_config) {
        for (const auto& warning : invocation->config.warnings)
            std::cerr << "croftd: " << warning << '\n';
        std::cout << invocation->config.file.native() << ": fine\n";
        return 0;
    }
    return run(std::move(invocation->config));
}
