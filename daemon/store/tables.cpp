#include "store/row_impl.h"
#include "store/tables_impl.h"

#include <algorithm>
#include <utility>

namespace croft::store {
namespace {

constexpr int journal_entries_read = 1000;

void erase(SQLite::Database& database, const std::string& sql, const std::string& key) {
    SQLite::Statement statement(database, sql);
    statement.bind(1, key);
    statement.exec();
}

// --- follows ---------------------------------------------------------------------------------

void put_documents(SQLite::Database& database, const Follow& follow) {
    for (std::size_t i = 0; i < follow.publisher_documents.size(); ++i) {
        const std::uint64_t version = i + 1;
        write_row(database, "INSERT INTO publisher_document VALUES (?, ?, ?, ?)", follow.publisher,
                  version, Blob{follow.publisher_documents[i]});
        if (i >= follow.publisher_signatures.size()) continue;
        std::uint64_t position = 0;
        for (const std::string& signature : follow.publisher_signatures[i]) {
            write_row(database, "INSERT INTO publisher_signature VALUES (?, ?, ?, ?, ?)",
                      follow.publisher, version, position++, Blob{signature});
        }
    }
    std::uint64_t position = 0;
    for (const std::string& signature : follow.catalogue_signatures) {
        write_row(database, "INSERT INTO catalogue_signature VALUES (?, ?, ?, ?)", follow.publisher,
                  position++, Blob{signature});
    }
}

void put(SQLite::Database& database, const Follow& follow) {
    // Its children go with the old row: what remains is exactly what we were given.
    erase(database, "DELETE FROM follow WHERE publisher = ?", follow.publisher);
    write_row(database, "INSERT INTO follow VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
              follow.publisher, follow.petname, follow.confirmed, follow.own, follow.followed_at,
              Blob{follow.catalogue}, follow.beacon_serial, follow.newest_created, follow.last_news,
              follow.equivocated);
    std::uint64_t position = 0;
    for (const std::string& source : follow.sources) {
        write_row(database, "INSERT INTO follow_source VALUES (?, ?, ?, ?)", follow.publisher,
                  position++, source);
    }
    position = 0;
    for (const std::string& peer : follow.peers) {
        write_row(database, "INSERT INTO follow_peer VALUES (?, ?, ?, ?)", follow.publisher,
                  position++, peer);
    }
    for (const auto& [name, floor] : follow.floors) {
        write_row(database, "INSERT INTO floor VALUES (?, ?, ?, ?, ?)", follow.publisher, name,
                  floor.first, floor.second);
    }
    put_documents(database, follow);
}

using Follows = std::map<std::string, Follow>;

/// The row that a child belongs to. Foreign keys promise that there is one.
Follow& parent(Follows& follows, const std::string& publisher) {
    const auto at = follows.find(publisher);
    if (at == follows.end()) throw Damage("a row belongs to nobody");
    return at->second;
}

void read_documents(SQLite::Database& database, Follows& follows) {
    read_rows(database, "SELECT * FROM publisher_document ORDER BY publisher, version",
              [&](RowReader& row) {
                  Follow& follow = parent(follows, row.bytes());
                  const std::uint64_t version = row.number();
                  if (version != follow.publisher_documents.size() + 1) {
                      throw Damage("a publisher's document is missing");
                  }
                  follow.publisher_documents.push_back(row.bytes());
                  follow.publisher_signatures.emplace_back();
              });
    read_rows(database, "SELECT * FROM publisher_signature ORDER BY publisher, version, position",
              [&](RowReader& row) {
                  auto& signatures = parent(follows, row.bytes()).publisher_signatures;
                  const std::uint64_t version = row.number();
                  row.number();
                  if (version == 0 || version > signatures.size()) {
                      throw Damage("a signature belongs to no document");
                  }
                  signatures[version - 1].push_back(row.bytes());
              });
    read_rows(database, "SELECT * FROM catalogue_signature ORDER BY publisher, position",
              [&](RowReader& row) {
                  Follow& follow = parent(follows, row.bytes());
                  row.number();
                  follow.catalogue_signatures.push_back(row.bytes());
              });
}

void read_lists(SQLite::Database& database, Follows& follows) {
    read_rows(database, "SELECT * FROM follow_source ORDER BY publisher, position",
              [&](RowReader& row) {
                  Follow& follow = parent(follows, row.bytes());
                  row.number();
                  follow.sources.push_back(row.bytes());
              });
    read_rows(database, "SELECT * FROM follow_peer ORDER BY publisher, position",
              [&](RowReader& row) {
                  Follow& follow = parent(follows, row.bytes());
                  row.number();
                  follow.peers.push_back(row.bytes());
              });
    read_rows(database, "SELECT * FROM floor", [&](RowReader& row) {
        Follow& follow = parent(follows, row.bytes());
        auto& floor = follow.floors[row.bytes()];
        floor.first = row.number();
        floor.second = row.bytes();
    });
}

std::vector<Follow> read_follows(SQLite::Database& database) {
    Follows follows;
    read_rows(database, "SELECT * FROM follow", [&](RowReader& row) {
        Follow follow;
        follow.publisher = row.bytes();
        follow.petname = row.bytes();
        follow.confirmed = row.flag();
        follow.own = row.flag();
        follow.followed_at = row.time();
        follow.catalogue = row.bytes();
        follow.beacon_serial = row.number();
        follow.newest_created = row.time();
        follow.last_news = row.optional_time();
        follow.equivocated = row.flag();
        follows.emplace(follow.publisher, std::move(follow));
    });
    read_lists(database, follows);
    read_documents(database, follows);

    std::vector<Follow> result;
    for (auto& [publisher, follow] : follows)
        result.push_back(std::move(follow));
    return result;
}

// --- holdings --------------------------------------------------------------------------------

void put(SQLite::Database& database, const Holding& holding) {
    // Not a delete and an insert: its resume data stays.
    write_row(database,
              "INSERT INTO holding VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
              " ON CONFLICT (bundle) DO UPDATE SET publisher = excluded.publisher,"
              " name = excluded.name, serial = excluded.serial, manifest = excluded.manifest,"
              " state = excluded.state, pinned = excluded.pinned, paused = excluded.paused,"
              " own = excluded.own, folder = excluded.folder, size_bytes = excluded.size_bytes,"
              " held_since = excluded.held_since, proved_at = excluded.proved_at,"
              " row_sum = excluded.row_sum",
              holding.bundle, holding.publisher, holding.name, holding.serial, holding.manifest,
              holding.state, holding.pinned, holding.paused, holding.own, holding.folder,
              holding.size_bytes, holding.held_since, holding.proved_at);
    erase(database, "DELETE FROM holding_peer WHERE bundle = ?", holding.bundle);
    std::uint64_t position = 0;
    for (const std::string& peer : holding.peers) {
        write_row(database, "INSERT INTO holding_peer VALUES (?, ?, ?, ?)", holding.bundle,
                  position++, peer);
    }
}

Holding read_holding(RowReader& row) {
    Holding holding;
    holding.bundle = row.bytes();
    holding.publisher = row.bytes();
    holding.name = row.bytes();
    holding.serial = row.number();
    holding.manifest = row.bytes();
    holding.state = row.bytes();
    holding.pinned = row.flag();
    holding.paused = row.flag();
    holding.own = row.flag();
    holding.folder = row.bytes();
    holding.size_bytes = row.number();
    holding.held_since = row.optional_time();
    holding.proved_at = row.optional_time();
    return holding;
}

std::vector<Holding> read_holdings(SQLite::Database& database) {
    std::vector<Holding> holdings;
    std::map<std::string, std::size_t> by_bundle;
    read_rows(database, "SELECT * FROM holding ORDER BY bundle", [&](RowReader& row) {
        holdings.push_back(read_holding(row));
        by_bundle.emplace(holdings.back().bundle, holdings.size() - 1);
    });
    read_rows(database, "SELECT * FROM holding_peer ORDER BY bundle, position",
              [&](RowReader& row) {
                  const auto at = by_bundle.find(row.bytes());
                  if (at == by_bundle.end()) throw Damage("a row belongs to nobody");
                  row.number();
                  holdings[at->second].peers.push_back(row.bytes());
              });
    return holdings;
}

// --- the rest --------------------------------------------------------------------------------

JournalEntry append(SQLite::Database& database, JournalEntry entry) {
    SQLite::Statement newest(database, "SELECT seq FROM sqlite_sequence WHERE name = 'journal'");
    // Not left to SQLite: the checksum covers the id too.
    entry.id =
        newest.executeStep() ? static_cast<std::uint64_t>(newest.getColumn(0).getInt64()) + 1 : 1;
    write_row(database, "INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?, ?, ?)", entry.id, entry.time,
              entry.kind, entry.publisher, entry.bundle, entry.message, entry.level);
    return entry;
}

std::vector<JournalEntry> read_journal(SQLite::Database& database) {
    std::vector<JournalEntry> entries;
    read_rows(
        database,
        "SELECT * FROM journal ORDER BY id DESC LIMIT " + std::to_string(journal_entries_read),
        [&](RowReader& row) {
            JournalEntry entry;
            entry.id = row.number();
            entry.time = row.time();
            entry.kind = row.bytes();
            entry.publisher = row.bytes();
            entry.bundle = row.bytes();
            entry.message = row.bytes();
            entry.level = row.bytes();
            entries.push_back(std::move(entry));
        });
    std::ranges::reverse(entries);
    return entries;
}

std::map<std::string, std::string> read_pairs(SQLite::Database& database, const std::string& sql) {
    std::map<std::string, std::string> pairs;
    read_rows(database, sql, [&](RowReader& row) {
        std::string key = row.bytes();
        pairs.emplace(std::move(key), row.bytes());
    });
    return pairs;
}

/// One overload for each kind of change: a new kind does not compile until it is here.
struct Applier {
    SQLite::Database& database;
    using Appended = std::optional<JournalEntry>;

    Appended operator()(const PutFollow& change) const {
        put(database, change.follow);
        return {};
    }
    Appended operator()(const DeleteFollow& change) const {
        erase(database, "DELETE FROM follow WHERE publisher = ?", change.publisher);
        return {};
    }
    Appended operator()(const PutHolding& change) const {
        put(database, change.holding);
        return {};
    }
    Appended operator()(const DeleteHolding& change) const {
        erase(database, "DELETE FROM holding WHERE bundle = ?", change.bundle);
        return {};
    }
    Appended operator()(const PutResumeData& change) const {
        write_row(database, "INSERT OR REPLACE INTO resume_data VALUES (?, ?, ?)", change.bundle,
                  Blob{change.bytes});
        return {};
    }
    Appended operator()(const PutSetting& change) const {
        write_row(database, "INSERT OR REPLACE INTO setting VALUES (?, ?, ?)", change.key,
                  change.value);
        return {};
    }
    Appended operator()(const AppendJournal& change) const {
        return append(database, change.entry);
    }
};

}  // namespace

std::optional<JournalEntry> apply(SQLite::Database& database, const Change& change) {
    return std::visit(Applier{database}, change);
}

Snapshot read_all(SQLite::Database& database) {
    Snapshot snapshot;
    snapshot.follows = read_follows(database);
    snapshot.holdings = read_holdings(database);
    snapshot.resume_data = read_pairs(database, "SELECT * FROM resume_data");
    snapshot.settings = read_pairs(database, "SELECT * FROM setting");
    snapshot.journal = read_journal(database);
    return snapshot;
}

}  // namespace croft::store
