#include "cli/publish/lint.h"

#include "base/bytes.h"
#include "base/text.h"
#include "cli/publish/secret_content.h"
#include "cli/publish/secrets.h"
#include "cli/publish/sql_passwords.h"
#include "cli/publish/wiki_dump.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

namespace croft::publish {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t sniffed_bytes = 8192;

/// SQL by its name, whatever was done to the file since: `wiki.sql`, `wiki.SQL.tgz`, `a.dump~`.
bool is_sql(std::string_view path) {
    constexpr std::array<std::string_view, 5> words = {"sql", "mysql", "pgsql", "psql", "dump"};
    const auto parts = split(path.substr(path.rfind('/') + 1), '.');
    return std::any_of(parts.begin() + 1, parts.end(), [&](std::string_view part) {
        std::string word;
        for (const unsigned char c : part) {
            if (std::isalnum(c) == 0) break;
            word += static_cast<char>(std::tolower(c));
        }
        return std::ranges::find(words, word) != words.end();
    });
}

bool looks_like_text(std::span<const std::uint8_t> piece) {
    const std::string_view head = as_text(piece.first(std::min(piece.size(), sniffed_bytes)));
    const bool is_utf16 = head.starts_with("\xff\xfe") || head.starts_with("\xfe\xff");
    return is_utf16 || head.find('\0') == std::string_view::npos;
}

/// All that is looked for in one file's text, while it is read once.
class ContentScan {
public:
    explicit ContentScan(bool is_sql) : is_sql_(is_sql) {}

    void take(std::span<const std::uint8_t> piece) {
        addresses_.take(piece);
        secrets_.take(piece);
        if (is_sql_) passwords_.take(piece);
    }
    void finish() {
        address_count_ = addresses_.finish();
        secrets_.finish();
        passwords_.finish();
    }

    std::uint64_t addresses() const { return address_count_; }
    const SecretFinder& secrets() const { return secrets_; }
    const PasswordColumnFinder& passwords() const { return passwords_; }

private:
    const bool is_sql_;
    std::uint64_t address_count_ = 0;
    AddressCounter addresses_;
    SecretFinder secrets_;
    PasswordColumnFinder passwords_;
};

/// Looks into one file after another and keeps what it finds.
class Inspector {
public:
    Inspector(Lint& result, const LintOptions& options) : result_(result), options_(options) {}

    Outcome inspect(const bundle::Scanned::File& file) {
        if (const auto rule = secret_name(file.path); !rule.empty()) {
            found(file.path, "secret_name", fmt::format("looks secret ({})", rule));
        }
        if (file.size == 0) ++result_.empty_files;
        result_.bytes += file.size;
        const auto read = read_content(file);
        if (!read && read.error().code == Errc::cancelled) return read;
        if (!read) add(file.path, reason_of(read.error()), read.error().message);
        if (options_.on_bytes) options_.on_bytes(file.size);
        return {};
    }

    /// What no `allow` lets pass.
    void refuse(const std::vector<std::string>& paths, const char* reason, const char* why) {
        for (const auto& path : paths)
            result_.refused.push_back({path, reason, (result_.folder / path).native() + " " + why});
    }

private:
    static std::string reason_of(const Error& error) {
        return error.code == Errc::malformed ? error.reason : "unreadable";
    }

    void found(const std::string& path, std::string reason, std::string_view what) {
        add(path, std::move(reason), fmt::format("{} {}", (result_.folder / path).native(), what));
    }

    void add(const std::string& path, std::string reason, std::string message) {
        const bool passes = reason != "unreadable" && is_allowed(path, options_.allow);
        (passes ? result_.allowed : result_.refused)
            .push_back({path, std::move(reason), std::move(message)});
    }

    Outcome read_content(const bundle::Scanned::File& file) {
        const fs::path path = result_.folder / file.path;
        if (may_be_wiki_dump(file.path)) {
            const auto dump = read_dump(file.path, path);
            if (!dump) return tl::unexpected(dump.error());
            if (*dump) return {};
        }
        return read_text(file.path, path);
    }

    Result<bool> read_dump(const std::string& name, const fs::path& path) {
        ContentScan content(false);
        const auto dump = read_wiki_dump(
            path,
            [&](std::span<const std::uint8_t> piece) {
                content.take(piece);
                return true;
            },
            options_.stop);
        if (!dump) return tl::unexpected(dump.error());
        if (!*dump) return false;
        result_.dumps.push_back({name, (*dump)->pages});
        judge(name, content);
        return true;
    }

    /// Text to its end, of other files the first piece; SQL also below its compression.
    Outcome read_text(const std::string& name, const fs::path& path) {
        ContentScan content(is_sql(name));
        bool is_first = true, is_text = true;
        const auto take = [&](std::span<const std::uint8_t> piece) {
            if (is_first) is_text = is_sql(name) || looks_like_text(piece);
            is_first = false;
            if (is_text) content.take(piece);
            return is_text && !options_.stop.stop_requested();
        };
        auto read = is_sql(name) ? unpack_or_read(path, take) : read_in_pieces(path, take);
        if (!read) return read;
        if (options_.stop.stop_requested())
            return fail(Errc::cancelled, "cancelled", "interrupted");
        if (is_text) judge(name, content);
        return {};
    }

    void judge(const std::string& name, ContentScan& content) {
        content.finish();
        result_.addresses += content.addresses();
        if (content.addresses() > 0) ++result_.files_with_addresses;
        const auto& secrets = content.secrets();
        if (!secrets.found().empty()) {
            found(
                name, "secret_content",
                fmt::format("holds {}, at line {}", secrets.found(), format_count(secrets.line())));
        }
        const auto& passwords = content.passwords();
        if (!passwords.column().empty()) {
            found(name, "password_column",
                  fmt::format("has a column of passwords, \"{}\", at line {}", passwords.column(),
                              format_count(passwords.line())));
        }
    }

    Lint& result_;
    const LintOptions& options_;
};

}  // namespace

Result<Lint> lint(const fs::path& folder, const LintOptions& options) {
    Lint result;
    result.folder = folder;
    auto scanned = bundle::scan(folder);
    if (!scanned) return tl::unexpected(scanned.error());
    result.scanned = std::move(*scanned);
    Inspector inspector(result, options);
    inspector.refuse(result.scanned.unreadable, "unreadable", "cannot be read");
    inspector.refuse(result.scanned.symlinks, "symlink",
                     "is a symbolic link: put the file itself there");
    inspector.refuse(result.scanned.specials, "special_file", "is neither a file nor a folder");
    for (const auto& file : result.scanned.files) {
        if (auto inspected = inspector.inspect(file); !inspected)
            return tl::unexpected(inspected.error());
    }
    if (result.scanned.files.empty() && result.refused.empty()) {
        return fail(Errc::invalid_argument, "nothing_to_publish",
                    folder.native() + " holds no files");
    }
    return result;
}

Outcome check_unchanged(const Lint& lint) {
    const auto again = bundle::scan(lint.folder);
    if (!again) return tl::unexpected(again.error());
    const auto same = [](const auto& a, const auto& b) {
        return a.path == b.path && a.size == b.size && a.modified_ns == b.modified_ns;
    };
    const auto& before = lint.scanned.files;
    const auto [was, is] = std::ranges::mismatch(before, again->files, same);
    if (was == before.end() && is == again->files.end()) return {};
    const std::string& path = was == before.end() ? is->path : was->path;
    return fail(
        Errc::conflict, "file_changed",
        fmt::format("{} changed while it was being published", (lint.folder / path).native()));
}

}  // namespace croft::publish
