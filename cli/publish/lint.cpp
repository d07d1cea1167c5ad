#include "cli/publish/lint.h"

#include "base/text.h"
#include "cli/publish/secrets.h"
#include "cli/publish/wiki_dump.h"

#include <fmt/format.h>
#include <strings.h>

#include <algorithm>
#include <array>

namespace croft::publish {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t sniffed_bytes = 8192;

bool is_sql(std::string_view path) {
    constexpr std::array endings = {".sql",    ".sql.bz2", ".sql.gz",
                                    ".sql.xz", ".sql.zst", ".sql.7z"};
    return std::ranges::any_of(endings, [&](std::string_view ending) {
        return path.size() >= ending.size() &&
               ::strncasecmp(path.data() + path.size() - ending.size(), ending.data(),
                             ending.size()) == 0;
    });
}

bool is_packed(std::string_view path) { return !path.ends_with(".sql") && !path.ends_with(".SQL"); }

bool looks_like_text(std::span<const std::uint8_t> piece) {
    const auto head = piece.first(std::min(piece.size(), sniffed_bytes));
    return std::ranges::find(head, std::uint8_t{0}) == head.end();
}

/// Looks into one file after another and keeps what it finds.
class Inspector {
public:
    Inspector(Lint& result, const LintOptions& options) : result_(result), options_(options) {}

    Outcome inspect(const bundle::Scanned::File& file) {
        if (const auto rule = secret_name(file.path); !rule.empty()) {
            found(file.path, "secret_name", fmt::format("{} looks secret ({})", file.path, rule));
        }
        if (file.size == 0) ++result_.empty_files;
        result_.bytes += file.size;
        const auto read = read_content(file);
        if (!read && read.error().code == Errc::cancelled) return read;
        if (!read) found(file.path, reason_of(read.error()), read.error().message);
        if (options_.on_bytes) options_.on_bytes(file.size);
        return {};
    }

    /// What no `allow` lets pass.
    void refuse(const std::vector<std::string>& paths, const char* reason, const char* why) {
        for (const auto& path : paths)
            result_.refused.push_back({path, reason, path + " " + why});
    }

private:
    static std::string reason_of(const Error& error) {
        return error.code == Errc::malformed ? error.reason : "unreadable";
    }

    void found(const std::string& path, std::string reason, std::string message) {
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
        return is_sql(file.path) ? read_sql(file.path, path) : read_text(path);
    }

    Result<bool> read_dump(const std::string& name, const fs::path& path) {
        AddressCounter addresses;
        const auto dump = read_wiki_dump(
            path,
            [&](std::span<const std::uint8_t> piece) {
                addresses.take(piece);
                return true;
            },
            options_.stop);
        if (!dump) return tl::unexpected(dump.error());
        if (!*dump) return false;
        add(addresses.finish());
        result_.dumps.push_back({name, (*dump)->pages});
        return true;
    }

    Outcome read_sql(const std::string& name, const fs::path& path) {
        AddressCounter addresses;
        PasswordColumnFinder passwords;
        const auto take = [&](std::span<const std::uint8_t> piece) {
            addresses.take(piece);
            passwords.take(piece);
            return !options_.stop.stop_requested();
        };
        if (auto read = is_packed(name) ? unpack(path, take) : read_in_pieces(path, take); !read)
            return read;
        if (options_.stop.stop_requested())
            return fail(Errc::cancelled, "cancelled", "interrupted");
        passwords.finish();
        add(addresses.finish());
        if (!passwords.column().empty()) {
            found(name, "password_column",
                  fmt::format("{} has a column of passwords, \"{}\", at line {}", name,
                              passwords.column(), format_count(passwords.line())));
        }
        return {};
    }

    Outcome read_text(const fs::path& path) {
        AddressCounter addresses;
        bool is_first = true, is_text = true;
        auto read = read_in_pieces(path, [&](std::span<const std::uint8_t> piece) {
            if (is_first) is_text = looks_like_text(piece);
            is_first = false;
            if (is_text) addresses.take(piece);
            return is_text && !options_.stop.stop_requested();
        });
        if (!read) return read;
        if (options_.stop.stop_requested())
            return fail(Errc::cancelled, "cancelled", "interrupted");
        if (is_text) add(addresses.finish());
        return {};
    }

    void add(std::uint64_t addresses) {
        result_.addresses += addresses;
        if (addresses > 0) ++result_.files_with_addresses;
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
