#pragma once

#include "store/store.h"

#include <SQLiteCpp/Database.h>

namespace croft::store {

/// Carries out one change inside the caller's transaction. Returns the entry with its id where it
/// was a journal entry. Throws what SQLiteCpp throws.
std::optional<JournalEntry> apply(SQLite::Database& database, const Change& change);

/// Reads every row and compares its checksum. Throws `Damage`, and what SQLiteCpp throws.
Snapshot read_all(SQLite::Database& database);

}  // namespace croft::store
