#pragma once

#include "base/result.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// Bencoding (BEP 3), strictly: one value has exactly one encoding and we accept no other.
namespace croft::bencode {

struct Limits {
    std::size_t depth = 32;
    std::size_t items =
        4'000'000;  ///< values in all: what bounds the memory a document can make us take
};

/// A decoded value. Strings and `raw` point into the bytes that were parsed: keep those alive.
class Value {
public:
    using List = std::vector<Value>;
    using Dictionary =
        std::vector<std::pair<std::string_view, Value>>;  ///< sorted by key, no key twice

    bool is_integer() const { return std::holds_alternative<std::int64_t>(value_); }
    bool is_string() const { return std::holds_alternative<std::string_view>(value_); }
    bool is_list() const { return std::holds_alternative<List>(value_); }
    bool is_dictionary() const { return std::holds_alternative<Dictionary>(value_); }

    std::int64_t integer() const { return std::get<std::int64_t>(value_); }
    std::string_view string() const { return std::get<std::string_view>(value_); }
    const List& list() const { return std::get<List>(value_); }
    const Dictionary& dictionary() const { return std::get<Dictionary>(value_); }

    /// The member of a dictionary, or null: also where this is no dictionary.
    const Value* find(std::string_view key) const;

    /// The exact bytes of this value: what an info-hash is made over.
    std::string_view raw() const { return raw_; }

private:
    friend class Parser;
    std::variant<std::int64_t, std::string_view, List, Dictionary> value_;
    std::string_view raw_;
};

/// Refuses (malformed, each with its reason): leading zeros, `-0`, numbers outside int64, unsorted
/// or repeated keys, too deep, too many, truncated, and bytes after the value.
Result<Value> parse(std::string_view bytes, Limits limits = {});

/// The encoding of each kind; a dictionary's members are to be given in sorted order.
void append_integer(std::string& out, std::int64_t value);
void append_string(std::string& out, std::string_view value);

}  // namespace croft::bencode
