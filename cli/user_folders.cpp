#include "cli/user_folders.h"

#include <unistd.h>

#include <cstdlib>
#include <string>

namespace croft::cli {
namespace {

namespace fs = std::filesystem;

fs::path from_environment(const char* variable, const char* below_home) {
    const char* value = std::getenv(variable);
    if (value && *value == '/') return fs::path(value) / "croft";
    const char* home = std::getenv("HOME");
    return fs::path(home && *home ? home : "/") / below_home / "croft";
}

}  // namespace

fs::path config_folder() { return from_environment("XDG_CONFIG_HOME", ".config"); }
fs::path state_folder() { return from_environment("XDG_STATE_HOME", ".local/state"); }
fs::path key_folder() { return config_folder() / "keys"; }

fs::path runtime_folder() {
    const char* value = std::getenv("XDG_RUNTIME_DIR");
    if (value && *value == '/') return fs::path(value) / "croft";
    return fs::path("/tmp") / ("croft-" + std::to_string(::getuid()));
}

fs::path default_socket() {
    const fs::path own = runtime_folder() / "croftd.sock";
    const fs::path system = "/run/croft/croftd.sock";
    std::error_code ignored;
    if (!fs::exists(own, ignored) && fs::exists(system, ignored)) return system;
    return own;
}

}  // namespace croft::cli
