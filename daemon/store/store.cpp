#include "store/store.h"

#include "base/log.h"
#include "store/backups_impl.h"
#include "store/database_impl.h"
#include "store/row_impl.h"
#include "store/tables_impl.h"

#include <SQLiteCpp/Transaction.h>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>

namespace croft::store {
namespace {

namespace fs = std::filesystem;

/// The connection and the thread that alone uses it.
class SqliteStore final : public Store {
public:
    SqliteStore(Loop& loop, SQLite::Database database, fs::path file)
        : loop_(loop),
          database_(std::move(database)),
          file_(std::move(file)),
          writer_([this](const std::stop_token& stop) { serve(stop); }) {}

    SqliteStore(const SqliteStore&) = delete;
    SqliteStore& operator=(const SqliteStore&) = delete;

    /// What was handed in is still committed.
    ~SqliteStore() override {
        writer_.request_stop();
        writer_.join();
    }

    void commit(std::vector<Change> changes, std::function<void(Outcome)> then) override {
        const std::lock_guard lock(mutex_);
        queue_.push_back({std::move(changes), std::move(then)});
        wake_.notify_one();
    }

private:
    struct Request {
        std::vector<Change> changes;
        std::function<void(Outcome)> then;
    };

    void serve(const std::stop_token& stop) {
        // At once, so that there is a backup from the first day on.
        back_up_if_due();
        std::unique_lock lock(mutex_);
        while (true) {
            wake_.wait_for(lock, stop, std::chrono::hours(1), [this] { return !queue_.empty(); });
            if (queue_.empty()) {
                if (stop.stop_requested()) return;
                lock.unlock();
                back_up_if_due();
                lock.lock();
                continue;
            }
            Request request = std::move(queue_.front());
            queue_.pop_front();
            lock.unlock();
            perform(std::move(request));
            lock.lock();
        }
    }

    void perform(Request request) {
        std::vector<JournalEntry> appended;
        Outcome outcome = transact(request.changes, appended);
        if (!outcome) log::error("store: commit failed", {{"why", outcome.error().message}});
        loop_.post([this, here = std::weak_ptr(here_), outcome = std::move(outcome),
                    appended = std::move(appended), then = std::move(request.then)] {
            if (here.expired()) return;
            if (outcome && on_appended) {
                for (const JournalEntry& entry : appended)
                    on_appended(entry);
            }
            if (then) then(outcome);
        });
    }

    Outcome transact(const std::vector<Change>& changes, std::vector<JournalEntry>& appended) {
        try {
            SQLite::Transaction transaction(database_, SQLite::TransactionBehavior::IMMEDIATE);
            for (const Change& change : changes) {
                if (auto entry = apply(database_, change)) appended.push_back(std::move(*entry));
            }
            transaction.commit();
            return {};
        } catch (...) {
            return tl::unexpected(error_of_this_exception("write", file_));
        }
    }

    void back_up_if_due() {
        try {
            back_up_daily(database_, file_);
        } catch (...) {
            log::error("store: no backup was made",
                       {{"why", error_of_this_exception("back up", file_).message}});
        }
    }

    Loop& loop_;
    SQLite::Database database_;
    const fs::path file_;
    std::mutex mutex_;
    std::condition_variable_any wake_;
    std::deque<Request> queue_;
    const std::shared_ptr<int> here_ = std::make_shared<int>();  ///< gone with us, on the loop
    std::jthread writer_;                                        // last: it uses everything above
};

struct Loaded {
    SQLite::Database database;
    Snapshot snapshot;
};

Result<Loaded> load(const fs::path& file) {
    try {
        SQLite::Database database = connect(file);
        check_structure(database);
        const bool is_new = schema_version(database) == 0;
        if (is_new && !backups_of(file).empty()) throw Damage("it is empty, and was not");
        const auto before_step = [&](int from_version) {
            if (from_version == 0) return;  // empty: nothing to keep
            back_up(database, file.native() + ".backup.schema-" + std::to_string(from_version));
        };
        if (auto done = migrate(database, migrations(), before_step); !done) {
            return tl::unexpected(done.error());
        }
        Snapshot snapshot = read_all(database);
        snapshot.is_new = is_new;
        return Loaded{std::move(database), std::move(snapshot)};
    } catch (...) {
        return tl::unexpected(error_of_this_exception("open", file));
    }
}

void note_restored(Loaded& loaded, const fs::path& backup) {
    loaded.snapshot.is_restored = true;
    const std::string message =
        "the database was damaged or gone; what was decided is as in the backup " +
        backup.native() +
        ": see whether whom you follow, what you pinned and the budget are as you want them";
    log::error("store: restored from a backup", {{"backup", backup.native()}});
    const JournalEntry entry{.id = 0,
                             .time = system_clock()(),
                             .kind = "restored",
                             .publisher = {},
                             .bundle = {},
                             .message = message,
                             .level = "problem"};
    loaded.snapshot.journal.push_back(*apply(loaded.database, AppendJournal{entry}));
}

Result<Loaded> restore(const fs::path& file, const Error& why) {
    for (const fs::path& backup : backups_of(file)) {
        std::error_code failed;
        fs::copy_file(backup, file, failed);
        if (failed) {
            return fail(Errc::io, "database_failed",
                        "copy " + backup.native() + ": " + failed.message());
        }
        auto loaded = load(file);
        if (loaded) note_restored(*loaded, backup);
        if (loaded || loaded.error().code != Errc::damaged) return loaded;
        if (auto aside = set_aside(file); !aside) return tl::unexpected(aside.error());
    }
    return fail(Errc::damaged, why.reason,
                why.message +
                    "; no good backup lies beside it, and what was there is set aside. To "
                    "begin anew, move the files croft.db* out of " +
                    file.parent_path().native() +
                    " and follow again: bundles on the disk are checked, not fetched again");
}

/// Whether a database was ever here: then a missing one is a loss, not a first start.
bool has_traces(const fs::path& file) {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(file.parent_path(), error)) {
        if (entry.path().filename().native().starts_with(file.filename().native() + "-") ||
            entry.path().filename().native().starts_with(file.filename().native() + ".")) {
            return true;
        }
    }
    return false;
}

Result<Loaded> load_or_restore(const fs::path& file) {
    if (!fs::exists(fs::symlink_status(file))) {
        if (!has_traces(file)) return load(file);
        if (auto aside = set_aside(file); !aside) return tl::unexpected(aside.error());
        return restore(file, {Errc::damaged, "database_gone", file.native() + " is gone"});
    }
    auto loaded = load(file);
    if (loaded || loaded.error().code != Errc::damaged) return loaded;
    log::error("store: database is damaged", {{"why", loaded.error().message}});
    if (auto aside = set_aside(file); !aside) return tl::unexpected(aside.error());
    return restore(file, loaded.error());
}

}  // namespace

Result<Opened> open(Loop& loop, const fs::path& folder) {
    const fs::path file = folder / "croft.db";
    try {
        auto loaded = load_or_restore(file);
        if (!loaded) return tl::unexpected(loaded.error());
        return Opened{std::make_unique<SqliteStore>(loop, std::move(loaded->database), file),
                      std::move(loaded->snapshot)};
    } catch (...) {
        return tl::unexpected(error_of_this_exception("open", file));
    }
}

}  // namespace croft::store
