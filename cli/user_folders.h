#pragma once

#include <filesystem>

/// Where a user's files lie (XDG Base Directory specification), and a system service's beside them.
namespace croft::cli {

std::filesystem::path config_folder();  ///< $XDG_CONFIG_HOME/croft
std::filesystem::path state_folder();   ///< $XDG_STATE_HOME/croft
std::filesystem::path
runtime_folder();  ///< $XDG_RUNTIME_DIR/croft, or /tmp/croft-UID where there is none
std::filesystem::path key_folder();  ///< config_folder()/keys

/// The daemon's socket: the user's own where it exists, else the system's where it exists, else the
/// user's.
std::filesystem::path default_socket();

}  // namespace croft::cli
