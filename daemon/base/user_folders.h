#pragma once

#include <filesystem>

/// Where a user's files lie (XDG Base Directory specification). A service of the system is told its
/// folders by systemd (`STATE_DIRECTORY`, `RUNTIME_DIRECTORY`, `CONFIGURATION_DIRECTORY`), and
/// these win.
namespace croft {

std::filesystem::path config_folder();  ///< $XDG_CONFIG_HOME/croft
std::filesystem::path state_folder();   ///< $XDG_STATE_HOME/croft
std::filesystem::path data_folder();    ///< $XDG_DATA_HOME/croft: bundles
std::filesystem::path
runtime_folder();  ///< $XDG_RUNTIME_DIR/croft; where there is none, state_folder()/run
std::filesystem::path key_folder();  ///< config_folder()/keys

/// The daemon's socket: the user's own where it exists, else the system's where it exists, else the
/// user's.
std::filesystem::path default_socket();

/// Where the system's service keeps its state, for whoever reads its public part.
inline constexpr const char* system_state_folder = "/var/lib/croft";

}  // namespace croft
