#include "base/user_folders.h"

#include <cstdlib>

namespace croft {
namespace {

namespace fs = std::filesystem;

fs::path absolute_from(const char* variable) {
    const char* value = std::getenv(variable);
    return value && *value == '/' ? fs::path(value) : fs::path();
}

fs::path chosen(const char* of_systemd, const char* of_xdg, const char* below_home) {
    if (const fs::path given = absolute_from(of_systemd); !given.empty()) return given;
    if (const fs::path given = absolute_from(of_xdg); !given.empty()) return given / "croft";
    const char* home = std::getenv("HOME");
    return fs::path(home && *home ? home : "/") / below_home / "croft";
}

}  // namespace

fs::path config_folder() { return chosen("CONFIGURATION_DIRECTORY", "XDG_CONFIG_HOME", ".config"); }
fs::path state_folder() { return chosen("STATE_DIRECTORY", "XDG_STATE_HOME", ".local/state"); }
fs::path data_folder() { return chosen("STATE_DIRECTORY", "XDG_DATA_HOME", ".local/share"); }
fs::path key_folder() { return config_folder() / "keys"; }

fs::path runtime_folder() {
    if (const fs::path given = absolute_from("RUNTIME_DIRECTORY"); !given.empty()) return given;
    const fs::path given = absolute_from("XDG_RUNTIME_DIR");
    return given.empty() ? state_folder() / "run" : given / "croft";
}

fs::path default_socket() {
    const fs::path own = runtime_folder() / "croftd.sock";
    const fs::path system = "/run/croft/croftd.sock";
    std::error_code ignored;
    return !fs::exists(own, ignored) && fs::exists(system, ignored) ? system : own;
}

}  // namespace croft
