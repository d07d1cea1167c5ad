#include "cli/publish/sql_passwords.h"

#include "base/bytes.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace croft::publish {
namespace {

constexpr std::size_t word_cap = 128;  // names are shorter

char lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

bool is_one_of(std::string_view word, std::span<const std::string_view> words) {
    return std::ranges::find(words, word) != words.end();
}

bool speaks_of_a_password(std::string_view name) {
    constexpr std::array<std::string_view, 7> parts = {
        "password", "passwd", "passphrase", "passhash", "pass_hash", "pwd", "user_token"};
    return name == "pass" || name.ends_with("_pass") ||
           std::ranges::any_of(parts, [&](std::string_view part) {
               return name.find(part) != std::string_view::npos;
           });
}

}  // namespace

void PasswordColumnFinder::take(std::span<const std::uint8_t> piece) {
    for (const char c : as_text(piece)) {
        if (!column_.empty()) return;
        // UTF-16 has a NUL beside each letter; several in a row are a gap, as in a tar file.
        const bool is_gap = c == '\0' && after_nul_;
        after_nul_ = c == '\0';
        if (c == '\0' && !is_gap) continue;
        take(is_gap ? ' ' : c);
        if (c == '\n') ++line_;
        before_ = c;
    }
}

void PasswordColumnFinder::take(char c) {
    const bool is_line_end = c == '\n' || c == '\r';
    switch (inside_) {
        case Inside::sql: take_sql(c); return;
        case Inside::copied_rows: take_copied(c); return;
        case Inside::line_comment:
            if (is_line_end) inside_ = Inside::sql;
            return;
        case Inside::block_comment:
            if (before_ == '*' && (c == '/' || c == '!')) inside_ = Inside::sql;
            return;
        case Inside::string:
        case Inside::quoted_name:
            // A string ends with its line at the latest: dialects disagree about backslashes, and
            // one that was misread must not swallow the rest.
            if (is_line_end || (c == quote_ && !escaped_)) {
                if (inside_ == Inside::quoted_name) end_word();
                inside_ = Inside::sql;
            } else if (inside_ == Inside::quoted_name && word_.size() < word_cap) {
                word_ += lower(c);
            }
            escaped_ = c == '\\' && !escaped_;
            return;
    }
}

void PasswordColumnFinder::take_sql(char c) {
    if (is_word(c)) {
        if (word_.size() < word_cap) word_ += lower(c);
        return;
    }
    end_word();
    take_mark(c);
}

void PasswordColumnFinder::take_mark(char c) {
    const bool begins_comment = (c == '-' && before_ == '-') || c == '#';
    if (begins_comment) inside_ = Inside::line_comment;
    if (c == '*' && before_ == '/') inside_ = Inside::block_comment;
    if (c == '\'' || c == '"' || c == '`') {
        inside_ = c == '\'' ? Inside::string : Inside::quoted_name;
        quote_ = c;
        escaped_ = false;
    }
    if (c == '(' && ++depth_ == 1 && awaits_ == Awaits::columns) awaits_ = Awaits::column;
    if (c == ',' && depth_ == 1 && awaits_ == Awaits::next_column) awaits_ = Awaits::column;
    if (c == ')' && --depth_ <= 0 && (awaits_ == Awaits::column || awaits_ == Awaits::next_column))
        awaits_ = Awaits::statement;
    if (c != ';') return;
    awaits_ = Awaits::statement;
    depth_ = 0;
    if (rows_follow_) inside_ = Inside::copied_rows;
    rows_follow_ = false;
}

void PasswordColumnFinder::take_copied(char c) {
    // The rows end with a line "\." of their own.
    if (c == '\n' || c == '\r') {
        if (word_ == "\\.") inside_ = Inside::sql;
        word_.clear();
    } else if (word_.size() < 3) {
        word_ += c;
    }
}

void PasswordColumnFinder::end_word() {
    if (word_.empty()) return;
    const std::string word = std::move(word_);
    word_.clear();
    take_word(word);
}

void PasswordColumnFinder::take_word(std::string_view word) {
    constexpr std::array<std::string_view, 4> no_columns = {"values", "select", "as", "like"};
    switch (awaits_) {
        case Awaits::column:
            look_at_column(word);
            awaits_ = Awaits::next_column;
            return;
        case Awaits::next_column: return;
        case Awaits::alteration: take_alteration(word); return;
        case Awaits::columns:
            if (--names_ < 0 || is_one_of(word, no_columns)) awaits_ = Awaits::statement;
            return;
        case Awaits::new_table:
            if (word == "table") await_columns(6);  // IF NOT EXISTS database.schema.name
            return;
        case Awaits::altered_table:
            if (word == "table") awaits_ = Awaits::alteration;
            names_ = 0;
            return;
        case Awaits::statement: break;
    }
    if (word == "create") awaits_ = Awaits::new_table;
    if (word == "alter") awaits_ = Awaits::altered_table;
    if (word == "into" || word == "copy") await_columns(3);
    if (word == "stdin") rows_follow_ = true;
}

void PasswordColumnFinder::await_columns(int names) {
    awaits_ = Awaits::columns;
    names_ = names;
    depth_ = 0;
}

void PasswordColumnFinder::take_alteration(std::string_view word) {
    constexpr std::array<std::string_view, 6> verbs = {"add",    "change", "modify",
                                                       "rename", "column", "to"};
    constexpr std::array<std::string_view, 3> fillers = {"if", "not", "exists"};
    if (is_one_of(word, verbs)) {
        names_ = 2;  // CHANGE has an old and a new name
    } else if (!is_one_of(word, fillers) && names_ > 0) {
        --names_;
        look_at_column(word);
    }
}

void PasswordColumnFinder::look_at_column(std::string_view name) {
    if (!speaks_of_a_password(name)) return;
    column_ = name;
    found_at_ = line_;
}

}  // namespace croft::publish
