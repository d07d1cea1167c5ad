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

Result<BurntNumbers> BurntNumbers::read(const fs::path& feed) {
    const fs::path path = Journal::path_for(feed);
    BurntNumbers numbers;
    const auto text = read_file(path, journal_cap);
    if (!text && text.error().code == Errc::not_found) return numbers;
    if (!text) return tl::unexpected(text.error());
    std::string_view rest = *text;
    // A line without its end was cut by a crash, before anything of it was signed.
    for (std::size_t end = 0; (end = rest.find('\n')) != std::string_view::npos;
         rest.remove_prefix(end + 1)) {
        if (numbers.take_line(rest.substr(0, end))) continue;
        return fail(Errc::malformed, "journal_damaged",
                    path.native() +
                        " is damaged: a line is neither \"catalogue N beacon N [release "
                        "NAME-SERIAL]\" nor \"done N\"");
    }
    return numbers;
}

bool BurntNumbers::take_line(std::string_view line) {
    if (const auto burnt = parse_line(line)) {
        remember(*burnt);
        return true;
    }
    constexpr std::string_view begin = "done ";
    const auto catalogue =
        line.starts_with(begin) ? number(line.substr(begin.size())) : std::nullopt;
    if (!catalogue) return false;
    done_ = std::max(done_, *catalogue);
    return true;
}

void BurntNumbers::remember(const Burnt& numbers) {
    last_.catalogue = std::max(last_.catalogue, numbers.catalogue);
    last_.beacon = std::max(last_.beacon, numbers.beacon);
    last_.release = numbers.release;
    if (numbers.release) {
        auto& serial = serials_[numbers.release->name];
        serial = std::max(serial, numbers.release->serial);
    }
}

std::uint64_t BurntNumbers::last_serial(const std::string& name) const {
    const auto found = serials_.find(name);
    return found == serials_.end() ? 0 : found->second;
}

fs::path Journal::path_for(const fs::path& feed) {
    // "~/feed/", "~/feed" and a symbolic link to it are the same feed.
    std::error_code error;
    const fs::path resolved = fs::weakly_canonical(feed, error);
    const fs::path full = error ? fs::absolute(feed).lexically_normal() : resolved;
    return (full.has_filename() ? full : full.parent_path()).native() + ".journal";
}

Result<Journal> Journal::open(const fs::path& feed) {
    Journal journal(path_for(feed));
    const auto& path = journal.path_;
    journal.file_ = Descriptor(::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
    if (!journal.file_) return tl::unexpected(system_error("open", path.native(), errno));
    if (auto locked = journal.lock(feed); !locked) return tl::unexpected(locked.error());
    auto numbers = BurntNumbers::read(feed);
    if (!numbers) return tl::unexpected(numbers.error());
    journal.numbers_ = std::move(*numbers);
    if (auto whole = journal.cut_off_half_line(); !whole) return tl::unexpected(whole.error());
    if (auto synced = sync_folder(path.parent_path()); !synced)
        return tl::unexpected(synced.error());
    return journal;
}

Outcome Journal::lock(const fs::path& feed) {
    const auto held_by_another = [&] {
        return fail(Errc::conflict, "locked",
                    feed.native() + " is being published to by another process");
    };
    if (::flock(file_.number(), LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK) return held_by_another();
        return tl::unexpected(system_error("lock", path_.native(), errno));
    }
    // The folder too: mounted at two places it has two journals. Network file systems can't lock
    // folders; there the journal's lock has to do.
    folder_ = Descriptor(::open(feed.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder_ && ::flock(folder_.number(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
        return held_by_another();
    return {};
}

Outcome Journal::cut_off_half_line() {
    const auto text = read_file(path_, journal_cap);
    if (!text) return tl::unexpected(text.error());
    const std::size_t whole = text->rfind('\n') == std::string::npos ? 0 : text->rfind('\n') + 1;
    if (whole == text->size() || ::ftruncate(file_.number(), static_cast<off_t>(whole)) == 0)
        return {};
    return tl::unexpected(system_error("truncate", path_.native(), errno));
}

Outcome Journal::burn(const Burnt& numbers) {
    if (auto appended = append(line_of(numbers)); !appended) return appended;
    numbers_.remember(numbers);
    return {};
}

Outcome Journal::finish(std::uint64_t catalogue) {
    if (catalogue <= numbers_.done_) return {};
    if (auto appended = append(fmt::format("done {}\n", catalogue)); !appended) return appended;
    numbers_.done_ = catalogue;
    return {};
}

Outcome Journal::append(const std::string& line) {
    // One write of a short line at the end of the file: whole, or cut and then cut off by the next
    // `open`.
    if (::write(file_.number(), line.data(), line.size()) != static_cast<ssize_t>(line.size())) {
        return tl::unexpected(system_error("write", path_.native(), errno));
    }
    if (::fsync(file_.number()) != 0)
        return tl::unexpected(system_error("fsync", path_.native(), errno));
    return {};
}

}  // namespace croft::publish
