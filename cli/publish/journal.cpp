#include "cli/publish/journal.h"

#include "base/text.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>

namespace croft::publish {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t journal_cap = 64ULL * 1024 * 1024;

/// `catalogue 58 beacon 58 release wiki-57`, without the release where none is signed.
std::string line_of(const Burnt& numbers) {
    std::string line = fmt::format("catalogue {} beacon {}", numbers.catalogue, numbers.beacon);
    if (numbers.release) line += " release " + numbers.release->text();
    return line + "\n";
}

std::optional<std::uint64_t> number(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() ? std::optional(value)
                                                                    : std::nullopt;
}

std::optional<Burnt> parse_line(std::string_view line) {
    const auto words = split(line, ' ');
    const bool has_release = words.size() == 6 && words[4] == "release";
    if ((words.size() != 4 && !has_release) || words[0] != "catalogue" || words[2] != "beacon")
        return std::nullopt;
    const auto catalogue = number(words[1]), beacon = number(words[3]);
    if (!catalogue || !beacon) return std::nullopt;
    Burnt numbers{*catalogue, *beacon, {}};
    if (has_release) {
        auto release = catalog::ReleaseName::parse(words[5]);
        if (!release) return std::nullopt;
        numbers.release = std::move(*release);
    }
    return numbers;
}

}  // namespace

fs::path Journal::path_for(const fs::path& feed) {
    // "~/feed/" and "~/feed" are the same feed.
    const fs::path named = feed.has_filename() ? feed : feed.parent_path();
    return named.native() + ".journal";
}

Result<Journal> Journal::open(const fs::path& feed) {
    Journal journal(path_for(fs::absolute(feed).lexically_normal()));
    const auto& path = journal.path_;
    journal.file_ = Descriptor(::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
    if (!journal.file_) return tl::unexpected(system_error("open", path.native(), errno));
    if (::flock(journal.file_.number(), LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK) return tl::unexpected(system_error("lock", path.native(), errno));
        return fail(Errc::conflict, "locked",
                    feed.native() + " is being published to by another process");
    }
    if (auto read = journal.read(); !read) return tl::unexpected(read.error());
    if (auto synced = sync_folder(path.parent_path()); !synced)
        return tl::unexpected(synced.error());
    return journal;
}

Outcome Journal::read() {
    auto text = read_file(path_, journal_cap);
    if (!text) return tl::unexpected(text.error());
    // A line without its end was cut by a crash, before anything of it was signed.
    const std::size_t whole = text->rfind('\n') == std::string::npos ? 0 : text->rfind('\n') + 1;
    if (whole < text->size()) {
        if (::ftruncate(file_.number(), static_cast<off_t>(whole)) != 0) {
            return tl::unexpected(system_error("truncate", path_.native(), errno));
        }
        text->resize(whole);
    }
    for (std::string_view rest = *text; !rest.empty();) {
        const std::size_t end = rest.find('\n');
        const auto numbers = parse_line(rest.substr(0, end));
        if (!numbers) {
            return fail(
                Errc::malformed, "journal_damaged",
                path_.native() +
                    " is damaged: a line is not \"catalogue N beacon N [release NAME-SERIAL]\"");
        }
        remember(*numbers);
        rest.remove_prefix(end + 1);
    }
    return {};
}

void Journal::remember(const Burnt& numbers) {
    last_.catalogue = std::max(last_.catalogue, numbers.catalogue);
    last_.beacon = std::max(last_.beacon, numbers.beacon);
    last_.release = numbers.release;
    if (numbers.release) {
        auto& serial = serials_[numbers.release->name];
        serial = std::max(serial, numbers.release->serial);
    }
}

std::uint64_t Journal::last_serial(const std::string& name) const {
    const auto found = serials_.find(name);
    return found == serials_.end() ? 0 : found->second;
}

Outcome Journal::burn(const Burnt& numbers) {
    const std::string line = line_of(numbers);
    // One write of a short line at the end of the file: whole, or cut and then cut off by the next
    // `open`.
    if (::write(file_.number(), line.data(), line.size()) != static_cast<ssize_t>(line.size())) {
        return tl::unexpected(system_error("write", path_.native(), errno));
    }
    if (::fsync(file_.number()) != 0)
        return tl::unexpected(system_error("fsync", path_.native(), errno));
    remember(numbers);
    return {};
}

}  // namespace croft::publish
