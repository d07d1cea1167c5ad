#pragma once

#include "base/result.h"

#include <SQLiteCpp/Database.h>

#include <filesystem>
#include <string>
#include <vector>

/// Copies of the database beside it: `croft.db.backup` and the one before, `croft.db.backup.1`,
/// made daily; `croft.db.backup.schema-N` from before a migration. And what was set aside:
/// `croft.db.damaged-…`.
namespace croft::store {

/// Writes a whole, checked, durable copy to `file`, by `VACUUM INTO`. What stood there stays until
/// the new one is known to be good. Throws what SQLiteCpp throws, and `Damage`.
void back_up(SQLite::Database& database, const std::filesystem::path& file);

/// The daily one, where the newest is older than a day; keeps the one before.
void back_up_daily(SQLite::Database& database, const std::filesystem::path& database_file);

/// Every backup of this database, newest first.
std::vector<std::filesystem::path> backups_of(const std::filesystem::path& database_file);

/// Renames the database and what SQLite keeps beside it, so that nothing is overwritten.
Outcome set_aside(const std::filesystem::path& database_file);

}  // namespace croft::store
