#pragma once

#include "base/time.h"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

/// Rows with a checksum as their last column. SQLite checks the shape of its pages, not the values
/// in them; a flipped bit inside a petname or a serial would be believed without this.
namespace croft::store {

/// What the database holds is not what we wrote.
struct Damage : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Bytes bound as a BLOB; a plain string is TEXT.
struct Blob {
    const std::string& bytes;
};

/// FNV-1a (64 bit) over typed values with their lengths: finds accidents, not attackers.
class RowSum {
public:
    void add(std::int64_t number);
    void add(std::string_view bytes);
    void add_null();
    std::int64_t value() const { return static_cast<std::int64_t>(sum_); }

private:
    void mix(std::string_view bytes);
    std::uint64_t sum_ = 0xcbf29ce484222325;
};

/// Binds one value after another to a statement's parameters, the checksum last.
class RowWriter {
public:
    RowWriter(SQLite::Database& database, const std::string& sql) : statement_(database, sql) {}

    void put(std::int64_t number);
    void put(std::uint64_t number) { put(static_cast<std::int64_t>(number)); }
    void put(bool flag) { put(std::int64_t{flag}); }
    void put(Time time) { put(std::int64_t{time.time_since_epoch().count()}); }
    void put(const std::string& text);
    void put(Blob blob);
    template <class T>
    void put(const std::optional<T>& value) {
        value ? put(*value) : put_null();
    }
    void put(const char*) = delete;  // would become a bool

    void finish();

private:
    void put_null();

    SQLite::Statement statement_;
    RowSum sum_;
    int next_ = 1;
};

/// `INSERT … VALUES` of one row. The values live until it returns.
template <class... Values>
void write_row(SQLite::Database& database, const std::string& sql, const Values&... values) {
    RowWriter row(database, sql);
    (row.put(values), ...);
    row.finish();
}

/// Reads one value after another out of a result's row, in the order in which they were written.
class RowReader {
public:
    explicit RowReader(SQLite::Statement& statement) : statement_(statement) {}

    std::int64_t integer();
    std::uint64_t number() { return static_cast<std::uint64_t>(integer()); }
    bool flag() { return integer() != 0; }
    Time time() { return Time(std::chrono::seconds(integer())); }
    std::optional<Time> optional_time();
    std::string bytes();  ///< TEXT or BLOB

    /// Throws `Damage` where the checksum, the next column, differs.
    void finish();

private:
    SQLite::Statement& statement_;
    RowSum sum_;
    int next_ = 0;
};

/// Calls `each` for every row; it reads all columns but the checksum, which is compared here.
void read_rows(SQLite::Database& database, const std::string& sql,
               const std::function<void(RowReader&)>& each);

}  // namespace croft::store
