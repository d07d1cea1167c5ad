#pragma once

#include "base/time.h"
#include "catalog/catalogue.h"
#include "catalog/ids.h"

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

/// Private to this module: JSON as our documents have it (FORMATS "Strict reader"), and nothing
/// else.
namespace croft::catalog::json {

/// A parsed value. Numbers are integers in 0..2^53-1; there are no others.
class Value {
public:
    using Array = std::vector<Value>;
    using Object = std::vector<std::pair<std::string, Value>>;  ///< sorted by name, none twice

    Value() = default;
    template <class T>
    explicit Value(T value) : value_(std::move(value)) {}

    template <class T>
    const T* get() const {
        return std::get_if<T>(&value_);
    }
    template <class T>
    T* get() {
        return std::get_if<T>(&value_);
    }

private:
    std::variant<std::monostate, bool, std::uint64_t, std::string, Array, Object> value_;
};

/// Refuses with a reason each: a BOM, invalid UTF-8, duplicate members, nesting above 16, numbers
/// that are no integers in 0..2^53-1, bytes after the value, and more values than any document of
/// ours can need (they bound the memory).
Result<Value> parse(std::string_view bytes);

/// What a document calls itself: its member `type`.
Result<std::string> type_of(std::string_view document);

enum class Presence {
    required,
    optional
};
using enum Presence;

/// One object of a document, read member by member. The first fault of the whole document is kept,
/// and reads after it answer empty values: so a parser reads like the format's table, and whether
/// all was well is asked once, at its end.
class Reader {
public:
    /// State shared by the readers of one document.
    struct Document {
        std::optional<Error> fault;
        std::set<std::string, std::less<>> known;  ///< the top-level members asked for
    };

    Reader(const Value& value, std::string where, Document& document);

    bool has(std::string_view name);
    bool flag(std::string_view name);  ///< false where absent
    std::uint64_t number(std::string_view name, Presence presence = required);
    std::uint64_t positive(std::string_view name);
    std::string text(std::string_view name, Presence presence = required);
    Time time(std::string_view name);
    Sha256 sha256(std::string_view name);
    Sha1 sha1(std::string_view name);
    BundleId bundle(std::string_view name);  ///< a multihash: `1220` and 64 digits
    PublisherId publisher() { return {sha256("publisher")}; }
    DocumentRef reference(std::string_view name);
    Translations translations(std::string_view name, Presence presence = required);
    std::vector<std::string> texts(std::string_view name, Presence presence = required);
    std::vector<std::string> urls(std::string_view name);  ///< none where absent
    Reader object(std::string_view name);
    std::vector<Reader> objects(std::string_view name, Presence presence = required);
    /// The objects of an object, by name.
    std::vector<std::pair<std::string, Reader>> named_objects(std::string_view name);

    /// Keeps the document's first fault.
    void refuse(std::string reason, const std::string& message);
    void require(bool holds, std::string_view reason, std::string_view message) {
        if (!holds) refuse(std::string(reason), std::string(message));
    }
    void require(const Outcome& outcome);

    /// Refuses what the document calls critical and nobody asked for.
    void check_critical();

private:
    const Value* find(std::string_view name, Presence presence);
    template <class T>
    const T* get(std::string_view name, Presence presence, std::string_view kind);
    template <class T>
    T fixed(std::string_view name, std::string_view prefix, std::string_view kind);
    std::string place(std::string_view name) const;

    const Value::Object* members_ = nullptr;
    std::string where_;
    Document* document_;
};

struct Shape {
    std::string_view type;
    std::size_t size_cap;
};

Result<Value> open(std::string_view document, Shape shape);

/// Reads a document of this shape with `read(Reader&)`, which gives a `T`.
template <class T, class Read>
Result<T> read(std::string_view document, Shape shape, Read read) {
    const auto value = open(document, shape);
    if (!value) return tl::unexpected(value.error());
    Reader::Document state;
    Reader root(*value, "", state);
    root.has("type");
    T result = read(root);
    root.check_critical();
    if (state.fault) return tl::unexpected(*state.fault);
    return result;
}

}  // namespace croft::catalog::json
