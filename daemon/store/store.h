#pragma once

#include "base/result.h"
#include "base/time.h"
#include "loop/loop.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

/// What we decided, in SQLite: whom we follow, what we hold, settings, the journal. What is signed
/// lies in files, byte for byte; this database can be rebuilt from them.
///
/// Everything is read once, at the start (`open`); afterwards modules keep their state in memory
/// and hand changes to `commit`, which applies them as one transaction on the store's own thread.
namespace croft::store {

/// One followed publisher. The documents are the exact signed bytes.
struct Follow {
    std::string publisher;  ///< id, hex
    std::string petname;
    std::vector<std::string> sources;  ///< feeds to ask: folder paths, http(s) URLs
    std::vector<std::string> peers;    ///< host:port
    bool confirmed = false;            ///< the fingerprint was compared by the user
    bool own = false;                  ///< we publish it: `croft seed`
    Time followed_at{};
    std::vector<std::string> publisher_documents;                ///< from version 1 on
    std::vector<std::vector<std::string>> publisher_signatures;  ///< beside each
    std::string catalogue;
    std::vector<std::string> catalogue_signatures;
    std::uint64_t beacon_serial = 0;
    Time newest_created{};
    std::optional<Time> last_news;
    bool equivocated = false;
    std::map<std::string, std::pair<std::uint64_t, std::string>>
        floors;  ///< name -> serial, manifest hash
};

/// One release that we hold, fetch or pinned.
struct Holding {
    std::string bundle;     ///< v2 info-hash, hex
    std::string publisher;  ///< id, hex
    std::string name;
    std::uint64_t serial = 0;
    std::string manifest;  ///< SHA-256 of the release document, hex
    std::string state;     ///< library's word: wanted, fetching, complete, held, dropping, dropped
    bool pinned = false;
    bool paused = false;
    bool own = false;    ///< a publisher's bundle adopted in place: never evicted
    std::string folder;  ///< absolute; where the payload lies; empty until it is chosen
    std::uint64_t size_bytes = 0;
    std::optional<Time> held_since, proved_at;
    std::vector<std::string> peers;  ///< host:port given with `get --peer`
};

/// What the Activity page shows; append-only.
struct JournalEntry {
    std::uint64_t id = 0;  ///< given by the store, rising
    Time time{};
    std::string kind;  ///< "followed", "accepted", "held", "refused", …
    std::string publisher, bundle;
    std::string message;
    std::string level;  ///< info, warning, problem
};

struct PutFollow {
    Follow follow;
};
struct DeleteFollow {
    std::string publisher;
};
struct PutHolding {
    Holding holding;
};
struct DeleteHolding {
    std::string bundle;
};
struct PutResumeData {
    std::string bundle;  ///< a holding's; goes with it
    std::string bytes;
};
struct PutSetting {
    std::string key, value;
};
struct AppendJournal {
    JournalEntry entry;
};
using Change = std::variant<PutFollow, DeleteFollow, PutHolding, DeleteHolding, PutResumeData,
                            PutSetting, AppendJournal>;

/// All that modules need to start.
struct Snapshot {
    std::vector<Follow> follows;
    std::vector<Holding> holdings;
    std::map<std::string, std::string> resume_data;  ///< by bundle
    std::map<std::string, std::string> settings;
    std::vector<JournalEntry> journal;  ///< the newest 1,000, oldest first
    bool is_new = false;                ///< the database was made just now: the very first start
    bool is_restored = false;           ///< out of a backup: what came after it is lost
};

class Store {
public:
    virtual ~Store() = default;

    /// Applies all changes or none, durably, then calls `then` on the loop. Commits happen in the
    /// order of the calls. Say "done" to somebody only in `then`. From the loop's thread.
    virtual void commit(std::vector<Change> changes, std::function<void(Outcome)> then) = 0;

    /// Called on the loop for each journal entry, with its id, just before the commit's `then`.
    std::function<void(const JournalEntry&)> on_appended;
};

struct Opened {
    std::unique_ptr<Store> store;
    Snapshot snapshot;
};

/// Opens or makes `folder/croft.db`, brings its schema up to date (migrations/NNNN_*.sql, a backup
/// before each), checks every page and row, reads everything. `conflict` for a schema from the
/// future. A corrupt or vanished database is set aside and the newest good backup
/// (`croft.db.backup…`, made daily) taken; with none, `damaged`: we never start empty silently.
/// The caller holds the folder's lock.
Result<Opened> open(Loop& loop, const std::filesystem::path& folder);

}  // namespace croft::store
