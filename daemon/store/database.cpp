#include "store/database_impl.h"
#include "store/row_impl.h"

#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Transaction.h>
#include <sqlite3.h>

#include <string>

namespace croft::store {

Error error_of_this_exception(std::string_view what, const std::filesystem::path& file) {
    const std::string message = std::string(what) + " " + file.native() + ": ";
    try {
        throw;
    } catch (const SQLite::Exception& error) {
        switch (error.getErrorCode() & 0xff) {  // the low byte is the plain code
            case SQLITE_FULL: return {Errc::no_space, "disk_full", message + error.what()};
            case SQLITE_CORRUPT:
            case SQLITE_NOTADB: return {Errc::damaged, "database_damaged", message + error.what()};
            case SQLITE_PERM:
            case SQLITE_READONLY:
            case SQLITE_CANTOPEN:
                return {Errc::not_allowed, "database_not_writable", message + error.what()};
            default: return {Errc::io, "database_failed", message + error.what()};
        }
    } catch (const Damage& damage) {
        return {Errc::damaged, "database_damaged", message + damage.what()};
    } catch (const std::exception& error) {
        return {Errc::io, "database_failed", message + error.what()};
    }
}

SQLite::Database connect(const std::filesystem::path& file) {
    SQLite::Database database(file.native(),
                              SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLite::OPEN_NOFOLLOW);
    database.check(sqlite3_db_config(database.getHandle(), SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr));
    // We hold the folder's lock, so nobody else writes; then WAL needs no memory-mapped file, which
    // could be truncated below us.
    database.exec(
        "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
        "PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;"
        "PRAGMA mmap_size = 0");
    return database;
}

int schema_version(SQLite::Database& database) {
    return database.execAndGet("PRAGMA user_version").getInt();
}

void check_structure(SQLite::Database& database) {
    const std::string verdict = database.execAndGet("PRAGMA integrity_check(1)").getString();
    if (verdict != "ok") throw Damage(verdict);
    SQLite::Statement orphans(database, "PRAGMA foreign_key_check");
    if (orphans.executeStep()) {
        throw Damage("a row of " + orphans.getColumn(0).getString() + " belongs to nobody");
    }
}

Outcome migrate(SQLite::Database& database, std::span<const Migration> steps,
                const std::function<void(int from_version)>& before_step) {
    const int newest = steps.empty() ? 0 : steps.back().number;
    const int found = schema_version(database);
    if (found > newest) {
        return fail(Errc::conflict, "newer_schema",
                    database.getFilename() + " was made by a newer Croft (its schema is " +
                        std::to_string(found) + ", we know " + std::to_string(newest) +
                        "); install that one again, or restore a backup beside it");
    }
    for (const Migration& step : steps) {
        if (step.number <= found) continue;
        before_step(step.number - 1);
        SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
        database.exec(std::string(step.sql));
        database.exec("PRAGMA user_version = " + std::to_string(step.number));
        transaction.commit();
    }
    return {};
}

}  // namespace croft::store
