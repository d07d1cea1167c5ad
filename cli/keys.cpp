#include "cli/keys.h"

#include "base/file.h"
#include "base/user_folders.h"
#include "cli/terminal.h"

#include <CLI/CLI.hpp>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace croft::cli {
namespace {

namespace fs = std::filesystem;
using publish::SecretBytes;

constexpr std::size_t password_file_cap = 64UL * 1024;

/// The first line of a file, which may be a pipe (`--password-file <(pass show croft)`).
Result<SecretBytes> first_line_of(const fs::path& path) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file) return tl::unexpected(system_error("open", path.native(), errno));
    SecretBytes content(password_file_cap);
    std::size_t size = 0;
    while (size < content.size()) {
        const ssize_t got =
            ::read(file.number(), content.bytes().data() + size, content.size() - size);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return tl::unexpected(system_error("read", path.native(), errno));
        if (got == 0) break;
        size += static_cast<std::size_t>(got);
    }
    content.shorten(std::min(size, content.text().find('\n')));
    if (content.empty())
        return fail(Errc::invalid_argument, "empty_password", path.native() + " holds no password");
    return content;
}

}  // namespace

void PasswordOptions::add_to(CLI::App& command, bool for_new_key) {
    auto* from_file =
        command.add_option("--password-file", file, "The password is the first line of this file");
    from_file->type_name("FILE");
    if (!for_new_key) return;
    command
        .add_flag("--no-password", none, "Leave the key unlocked: whoever reads the file can sign")
        ->excludes(from_file);
}

fs::path key_path(const std::string& key) {
    if (key.find('/') != std::string::npos || key.ends_with(".key")) return key;
    return key_folder() / (key + ".key");
}

fs::path public_path(const fs::path& secret) {
    fs::path path = secret;
    return path.replace_extension(".pub");
}

Result<SecretBytes> password_of(const fs::path& key, const PasswordOptions& options) {
    return options.file.empty() ? ask_secret("Password of " + key.native())
                                : first_line_of(options.file);
}

Result<SecretBytes> new_password(const PasswordOptions& options) {
    if (options.none) return SecretBytes();
    if (!options.file.empty()) return first_line_of(options.file);
    auto first = ask_secret("New password");
    if (!first) return first;
    const auto second = ask_secret("The same again");
    if (!second) return tl::unexpected(second.error());
    if (first->empty()) {
        return fail(Errc::invalid_argument, "empty_password",
                    "the password is empty: --no-password if that is meant");
    }
    if (first->text() != second->text()) {
        return fail(Errc::invalid_argument, "passwords_differ", "the two passwords differ");
    }
    return first;
}

Result<publish::SecretKey> load_key(const std::string& key, const PasswordOptions& options) {
    const fs::path path = key_path(key);
    return publish::load_secret_key(path, [&] { return password_of(path, options); });
}

Result<std::vector<publish::SecretKey>> load_keys(const std::vector<std::string>& keys,
                                                  const PasswordOptions& options) {
    std::vector<publish::SecretKey> loaded;
    for (const auto& key : keys) {
        auto one = load_key(key, options);
        if (!one) return tl::unexpected(one.error());
        loaded.push_back(std::move(*one));
    }
    return loaded;
}

Result<publish::Cost> cost_from(const std::string& name) {
    if (name == "moderate") return publish::Cost::moderate;
    if (name == "sensitive") return publish::Cost::sensitive;
    return fail(Errc::invalid_argument, "bad_kdf", "--kdf is sensitive or moderate");
}

Result<publish::SecretKey> make_key(const fs::path& path, const SecretBytes& password,
                                    publish::Cost cost) {
    if (auto made = make_folders(path.parent_path(), 0700); !made)
        return tl::unexpected(made.error());
    auto key = publish::SecretKey::generate();
    if (auto saved = publish::save_secret_key(path, key, password, cost); !saved)
        return tl::unexpected(saved.error());
    const auto shown = write_file(public_path(path), publish::public_key_file(key.public_key()));
    if (!shown) return tl::unexpected(shown.error());
    return key;
}

}  // namespace croft::cli
