#include "base/file.h"
#include "base/log.h"
#include "base/time.h"
#include "store/backups_impl.h"
#include "store/database_impl.h"
#include "store/row_impl.h"
#include "store/tables_impl.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace croft::store {
namespace {

namespace fs = std::filesystem;

fs::path with_suffix(fs::path file, const std::string& suffix) { return file += suffix; }

void require(const Outcome& outcome) {
    if (!outcome) throw std::runtime_error(outcome.error().message);
}

/// SQLite does not make the result of VACUUM INTO durable.
void sync_file(const fs::path& file) {
    const Descriptor open_file(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (!open_file || ::fsync(open_file.number()) != 0) {
        throw std::runtime_error(system_error("fsync", file.native(), errno).message);
    }
}

/// A bit that flipped in the database must not push the last good backup out. A schema of an
/// earlier program has other tables: there only the structure can be looked at.
void check_copy(const fs::path& file) {
    SQLite::Database copy(file.native(), SQLite::OPEN_READONLY);
    check_structure(copy);
    if (schema_version(copy) == migrations().back().number) read_all(copy);
}

}  // namespace

void back_up(SQLite::Database& database, const fs::path& file) {
    const fs::path temporary = with_suffix(file, ".tmp");
    fs::remove(temporary);
    SQLite::Statement vacuum(database, "VACUUM INTO ?");
    vacuum.bind(1, temporary.native());
    vacuum.exec();
    check_copy(temporary);
    sync_file(temporary);
    fs::rename(temporary, file);
    require(sync_folder(file.parent_path()));
}

void back_up_daily(SQLite::Database& database, const fs::path& database_file) {
    const fs::path newest = with_suffix(database_file, ".backup");
    std::error_code missing;
    const auto made = fs::last_write_time(newest, missing);
    const auto now = fs::file_time_type::clock::now();
    // One from the future is a clock that was set back: no reason to wait for years.
    if (!missing && made <= now && now - made < std::chrono::hours(24)) return;

    const fs::path fresh = with_suffix(database_file, ".backup.new");
    back_up(database, fresh);
    if (!missing) fs::rename(newest, with_suffix(database_file, ".backup.1"));
    fs::rename(fresh, newest);
    require(sync_folder(database_file.parent_path()));
}

std::vector<fs::path> backups_of(const fs::path& database_file) {
    const std::string prefix = database_file.filename().native() + ".backup";
    std::vector<std::pair<fs::file_time_type, fs::path>> found;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(database_file.parent_path(), error)) {
        const std::string name = entry.path().filename().native();
        if (!name.starts_with(prefix) || name.ends_with(".tmp")) continue;
        const auto made = entry.last_write_time(error);
        if (!error) found.emplace_back(made, entry.path());
    }
    std::ranges::sort(found, std::greater{});
    std::vector<fs::path> backups;
    backups.reserve(found.size());
    for (auto& [made, path] : found)
        backups.push_back(std::move(path));
    return backups;
}

Outcome set_aside(const fs::path& database_file) {
    std::string suffix = ".damaged-" + format_utc(system_clock()());
    for (int again = 1; fs::exists(with_suffix(database_file, suffix)); ++again)
        suffix += "-" + std::to_string(again);
    for (const char* part : {"", "-wal", "-shm"}) {
        const fs::path from = with_suffix(database_file, part);
        const fs::path to = with_suffix(with_suffix(database_file, suffix), part);
        if (::rename(from.c_str(), to.c_str()) != 0 && errno != ENOENT) {
            return tl::unexpected(system_error("set aside", from.native(), errno));
        }
    }
    log::error("store: damaged database set aside",
               {{"as", with_suffix(database_file, suffix).native()}});
    return sync_folder(database_file.parent_path());
}

}  // namespace croft::store
