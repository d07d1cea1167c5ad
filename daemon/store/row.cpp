#include "store/row_impl.h"

#include <cstring>

namespace croft::store {

void RowSum::mix(std::string_view bytes) {
    for (const char byte : bytes)
        sum_ = (sum_ ^ static_cast<unsigned char>(byte)) * 0x100000001b3;
}

void RowSum::add(std::int64_t number) {
    char raw[sizeof number];
    std::memcpy(raw, &number, sizeof number);
    mix("i");
    mix({raw, sizeof raw});
}

void RowSum::add(std::string_view bytes) {
    add(static_cast<std::int64_t>(bytes.size()));
    mix(bytes);
}

void RowSum::add_null() { mix("n"); }

void RowWriter::put(std::int64_t number) {
    sum_.add(number);
    statement_.bind(next_++, number);
}

void RowWriter::put(const std::string& text) {
    sum_.add(text);
    statement_.bindNoCopy(next_++, text);
}

void RowWriter::put(Blob blob) {
    sum_.add(blob.bytes);
    statement_.bindNoCopy(next_++, blob.bytes.data(), static_cast<int>(blob.bytes.size()));
}

void RowWriter::put_null() {
    sum_.add_null();
    statement_.bind(next_++);
}

void RowWriter::finish() {
    statement_.bind(next_, sum_.value());
    statement_.exec();
}

std::int64_t RowReader::integer() {
    const std::int64_t number = statement_.getColumn(next_++).getInt64();
    sum_.add(number);
    return number;
}

std::optional<Time> RowReader::optional_time() {
    if (!statement_.getColumn(next_).isNull()) return time();
    ++next_;
    sum_.add_null();
    return std::nullopt;
}

std::string RowReader::bytes() {
    std::string bytes = statement_.getColumn(next_++).getString();
    sum_.add(bytes);
    return bytes;
}

void RowReader::finish() {
    if (statement_.getColumn(next_).getInt64() == sum_.value()) return;
    throw Damage("a row's checksum does not fit: " + statement_.getQuery());
}

void read_rows(SQLite::Database& database, const std::string& sql,
               const std::function<void(RowReader&)>& each) {
    SQLite::Statement statement(database, sql);
    while (statement.executeStep()) {
        RowReader row(statement);
        each(row);
        row.finish();
    }
}

}  // namespace croft::store
