#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace croft::publish {

/// Looks for columns of passwords in SQL that comes in pieces: in the column lists of `CREATE
/// TABLE`, `INSERT`, `REPLACE` and `COPY`, and in what `ALTER TABLE` adds. It reads words, strings,
/// comments and parentheses, as every dialect has them, and no grammar: damaged SQL, SQL inside a
/// tar file and UTF-16 (whose NUL bytes are skipped) are read as well as they can be.
class PasswordColumnFinder {
public:
    void take(std::span<const std::uint8_t> piece);
    void finish() { end_word(); }

    /// The first one's name, in lower case; empty where there is none.
    const std::string& column() const { return column_; }
    std::uint64_t line() const { return found_at_; }

private:
    enum class Inside {
        sql,
        string,         // '…'
        quoted_name,    // "…" and `…`: strings of some dialects, names of others
        line_comment,   // -- … and # …
        block_comment,  // but not /*! … */, which MySQL carries out
        copied_rows,    // what follows COPY … FROM stdin;
    };
    enum class Awaits {
        statement,
        new_table,      // CREATE was read
        altered_table,  // ALTER was read
        columns,        // the table's name is next, then its columns
        column,         // inside the columns: the next word is one
        next_column,    // it was read: wait for the comma
        alteration,     // ADD, CHANGE, …, and then a name
    };

    void take(char c);
    void take_sql(char c);
    void take_mark(char c);
    void take_copied(char c);
    void end_word();
    void take_word(std::string_view word);
    void take_alteration(std::string_view word);
    void await_columns(int names);
    void look_at_column(std::string_view name);

    Inside inside_ = Inside::sql;
    Awaits awaits_ = Awaits::statement;
    char quote_ = 0, before_ = 0;
    bool escaped_ = false, rows_follow_ = false, after_nul_ = false;
    int depth_ = 0, names_ = 0;  // names_: how many words may still name something
    std::string word_;           // its beginning
    std::string column_;
    std::uint64_t line_ = 1, found_at_ = 0;
};

}  // namespace croft::publish
