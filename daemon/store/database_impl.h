#pragma once

#include "base/result.h"
#include "store/migrations.h"

#include <SQLiteCpp/Database.h>

#include <filesystem>
#include <functional>
#include <span>
#include <string_view>

/// One SQLite file, opened as we want it: checked, durable, up to date.
namespace croft::store {

/// What an exception of SQLiteCpp means for a caller: `no_space`, `damaged`, `not_allowed`, else
/// `io`. Called in a handler.
Error error_of_this_exception(std::string_view what, const std::filesystem::path& file);

/// Opens (or makes) the file with every setting of ours. Throws what SQLiteCpp throws.
SQLite::Database connect(const std::filesystem::path& file);

/// `PRAGMA user_version`.
int schema_version(SQLite::Database& database);

/// Throws `Damage` where pages, indexes or references are not in order.
void check_structure(SQLite::Database& database);

/// Brings the schema up to date, each step in one transaction; `before_step` makes the backup that
/// has to exist first. `conflict`, reason `newer_schema`, where a newer program made it.
Outcome migrate(SQLite::Database& database, std::span<const Migration> steps,
                const std::function<void(int from_version)>& before_step);

}  // namespace croft::store
