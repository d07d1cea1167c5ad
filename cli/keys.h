#pragma once

#include "cli/output.h"
#include "cli/publish/secret_key.h"

#include <filesystem>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace croft::cli {

/// Where a password comes from: never a flag or the environment.
struct PasswordOptions {
    std::filesystem::path file;  ///< its first line
    bool none = false;           ///< new keys only

    void add_to(CLI::App& command, bool for_new_key);
};

/// A key by its name in the user's key folder (`daily`: `~/.config/croft/keys/daily.key`), or by a
/// path.
std::filesystem::path key_path(const std::string& key);

/// The password of an existing key: from the file, else asked on the terminal without echo; asked
/// once, at most.
Result<publish::SecretBytes> password_of(const std::filesystem::path& key,
                                         const PasswordOptions& options);

/// A new one: from the file, or typed twice; empty where the user wants none.
Result<publish::SecretBytes> new_password(const PasswordOptions& options);

Result<publish::SecretKey> load_key(const std::string& key, const PasswordOptions& options);
Result<std::vector<publish::SecretKey>> load_keys(const std::vector<std::string>& keys,
                                                  const PasswordOptions& options);

/// `moderate`, or what stock minisign does.
Result<publish::Cost> cost_from(const std::string& name);

/// Makes a key and its `.pub` beside it, in folders that only the user enters.
Result<publish::SecretKey> make_key(const std::filesystem::path& path,
                                    const publish::SecretBytes& password, publish::Cost cost);

/// The `.pub` that lies, or would lie, beside a secret key.
std::filesystem::path public_path(const std::filesystem::path& secret);

}  // namespace croft::cli
