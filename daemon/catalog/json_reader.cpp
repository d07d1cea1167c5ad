#include "base/text.h"
#include "catalog/json_reader_impl.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace croft::catalog::json {
namespace {

constexpr std::size_t depth_cap = 16;
constexpr std::size_t value_cap = 1'000'000;
constexpr std::uint64_t integer_cap = (1ULL << 53) - 1;

Error malformed(std::string reason, const std::string& message) {
    return {Errc::malformed, std::move(reason), message};
}

/// Builds our tree from nlohmann's events and stops at the first thing that is not ours.
class Builder : public nlohmann::json_sax<nlohmann::json> {
public:
    bool null() override { return add(Value()); }
    bool boolean(bool value) override { return add(Value(value)); }
    bool number_integer(number_integer_t) override {
        return stop("json_negative", "a number below 0");
    }
    bool number_unsigned(number_unsigned_t value) override {
        if (value > integer_cap) return stop("json_integer_range", "a number above 2^53-1");
        return add(Value(std::uint64_t{value}));
    }
    bool number_float(number_float_t, const string_t& text) override {
        return stop("json_float",
                    "the number " + text.substr(0, 40) + " is not an integer in range");
    }
    bool string(string_t& value) override { return add(Value(std::move(value))); }
    bool binary(binary_t&) override { return stop("json_syntax", "not JSON"); }
    bool start_object(std::size_t) override { return open(Value(Value::Object())); }
    bool start_array(std::size_t) override { return open(Value(Value::Array())); }
    bool end_array() override { return close(); }
    bool end_object() override {
        auto& members = *open_.back().get<Value::Object>();
        std::ranges::sort(members, {}, &Value::Object::value_type::first);
        const auto twice =
            std::ranges::adjacent_find(members, {}, &Value::Object::value_type::first);
        if (twice != members.end()) {
            return stop("json_duplicate",
                        "member " + escape_control(twice->first) + " stands twice");
        }
        return close();
    }
    bool key(string_t& name) override {
        open_.back().get<Value::Object>()->emplace_back(std::move(name), Value());
        return true;
    }
    bool parse_error(std::size_t position, const std::string&,
                     const nlohmann::detail::exception&) override {
        return stop("json_syntax", "not JSON from byte " + std::to_string(position) + " on");
    }

    Result<Value> result() && {
        if (error_) return tl::unexpected(*std::move(error_));
        return std::move(root_);
    }

private:
    bool stop(std::string reason, const std::string& message) {
        if (!error_) error_ = malformed(std::move(reason), message);
        return false;
    }

    bool open(Value container) {
        if (open_.size() >= depth_cap) return stop("json_depth", "nested deeper than 16 levels");
        open_.push_back(std::move(container));
        return true;
    }

    bool close() {
        Value finished = std::move(open_.back());
        open_.pop_back();
        return add(std::move(finished));
    }

    bool add(Value value) {
        if (++values_ > value_cap) return stop("json_values", "more than a million values");
        if (open_.empty()) {
            root_ = std::move(value);
        } else if (auto* array = open_.back().get<Value::Array>()) {
            array->push_back(std::move(value));
        } else {
            open_.back().get<Value::Object>()->back().second = std::move(value);
        }
        return true;
    }

    std::vector<Value> open_;
    Value root_;
    std::size_t values_ = 0;
    std::optional<Error> error_;
};

const Value* member(const Value::Object& members, std::string_view name) {
    const auto at = std::ranges::lower_bound(members, name, {}, &Value::Object::value_type::first);
    return at != members.end() && at->first == name ? &at->second : nullptr;
}

bool is_url(std::string_view text) {
    const auto is_plain = [](char c) { return c > ' ' && c < 0x7f; };
    const std::size_t end = text.find("://");
    return text.size() <= 2048 && std::ranges::all_of(text, is_plain) &&
           end != std::string_view::npos && end > 0 && text.size() > end + 3;
}

bool is_language_tag(std::string_view text) {
    const auto is_plain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-';
    };
    return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, is_plain);
}

}  // namespace

Result<Value> parse(std::string_view bytes) {
    const auto refuse = [](std::string reason, const std::string& message) {
        return tl::unexpected(malformed(std::move(reason), message));
    };
    if (bytes.starts_with("\xef\xbb\xbf"))
        return refuse("json_bom", "begins with a byte order mark");
    if (!is_utf8(bytes)) return refuse("json_utf8", "not valid UTF-8");
    // nlohmann's lexer takes a NUL for the end of the input, whatever follows.
    if (bytes.find('\0') != std::string_view::npos) return refuse("json_syntax", "holds a NUL");
    Builder builder;
    nlohmann::json::sax_parse(bytes, &builder);
    return std::move(builder).result();
}

Result<std::string> type_of(std::string_view document) {
    const auto value = parse(document);
    if (!value) return tl::unexpected(value.error());
    const auto* members = value->get<Value::Object>();
    const Value* type = members ? member(*members, "type") : nullptr;
    const auto* name = type ? type->get<std::string>() : nullptr;
    if (!name) return fail(Errc::malformed, "type_missing", "it does not say what it is (type)");
    return *name;
}

Result<Value> open(std::string_view document, Shape shape) {
    if (document.size() > shape.size_cap) {
        return fail(Errc::malformed, "too_large",
                    format_size(document.size()) + ", where " + std::string(shape.type) +
                        " may have " + format_size(shape.size_cap));
    }
    auto value = parse(document);
    if (!value) return value;
    const auto* members = value->get<Value::Object>();
    const Value* type = members ? member(*members, "type") : nullptr;
    const auto* name = type ? type->get<std::string>() : nullptr;
    if (!name || *name != shape.type) {
        return fail(Errc::malformed, "wrong_type",
                    "its type is " + (name ? escape_control(*name) : "missing") + ", not " +
                        std::string(shape.type));
    }
    return value;
}

Reader::Reader(const Value& value, std::string where, Document& document)
    : members_(value.get<Value::Object>()), where_(std::move(where)), document_(&document) {
    if (!members_) refuse("member_kind", where_ + " is not an object");
}

void Reader::refuse(std::string reason, const std::string& message) {
    if (!document_->fault) document_->fault = malformed(std::move(reason), message);
}

void Reader::require(const Outcome& outcome) {
    if (!outcome && !document_->fault) document_->fault = outcome.error();
}

std::string Reader::place(std::string_view name) const {
    return where_.empty() ? std::string(name) : where_ + "." + std::string(name);
}

const Value* Reader::find(std::string_view name, Presence presence) {
    if (where_.empty()) document_->known.emplace(name);
    const Value* value = members_ ? member(*members_, name) : nullptr;
    if (!value && presence == required) {
        refuse("member_missing", place(name) + " is missing");
    }
    return value;
}

template <class T>
const T* Reader::get(std::string_view name, Presence presence, std::string_view kind) {
    const Value* value = find(name, presence);
    const T* content = value ? value->get<T>() : nullptr;
    if (value && !content) refuse("member_kind", place(name) + " is not " + std::string(kind));
    return content;
}

bool Reader::has(std::string_view name) { return find(name, optional) != nullptr; }

bool Reader::flag(std::string_view name) {
    const bool* value = get<bool>(name, optional, "true or false");
    return value && *value;
}

std::uint64_t Reader::number(std::string_view name, Presence presence) {
    const auto* value = get<std::uint64_t>(name, presence, "a number");
    return value ? *value : 0;
}

std::uint64_t Reader::positive(std::string_view name) {
    const std::uint64_t value = number(name);
    require(value > 0, "member_zero", place(name) + " is 0");
    return value;
}

std::string Reader::text(std::string_view name, Presence presence) {
    const auto* value = get<std::string>(name, presence, "text");
    return value ? *value : "";
}

Time Reader::time(std::string_view name) {
    const std::string digits = text(name);
    const auto value = parse_utc(digits);
    require(value.has_value(), "member_time", place(name) + " is not YYYY-MM-DDTHH:MM:SSZ");
    return value.value_or(Time{});
}

template <class T>
T Reader::fixed(std::string_view name, std::string_view prefix, std::string_view kind) {
    const std::string digits = text(name);
    const auto value = digits.starts_with(prefix)
                           ? T::from_hex(std::string_view(digits).substr(prefix.size()))
                           : std::nullopt;
    require(value.has_value(), "member_hex", place(name) + " is not " + std::string(kind));
    return value.value_or(T{});
}

Sha256 Reader::sha256(std::string_view name) {
    return fixed<Sha256>(name, "", "64 lower-case hex digits");
}

Sha1 Reader::sha1(std::string_view name) {
    return fixed<Sha1>(name, "", "40 lower-case hex digits");
}

BundleId Reader::bundle(std::string_view name) {
    return {fixed<Sha256>(name, "1220", "1220 and 64 lower-case hex digits")};
}

DocumentRef Reader::reference(std::string_view name) {
    Reader in = object(name);
    return {in.positive("version"), in.sha256("sha256"), in.positive("size")};
}

Translations Reader::translations(std::string_view name, Presence presence) {
    Translations texts;
    const auto* members = get<Value::Object>(name, presence, "an object");
    if (!members) return texts;
    for (const auto& [language, value] : *members) {
        const auto* content = value.get<std::string>();
        require(content && is_language_tag(language), "member_translation",
                place(name) + " does not map language tags to texts");
        if (content) texts.emplace(language, *content);
    }
    return texts;
}

std::vector<std::string> Reader::texts(std::string_view name, Presence presence) {
    std::vector<std::string> texts;
    const auto* array = get<Value::Array>(name, presence, "a list");
    if (!array) return texts;
    for (const Value& value : *array) {
        const auto* content = value.get<std::string>();
        require(content, "member_kind", place(name) + " is not a list of texts");
        if (content) texts.push_back(*content);
    }
    return texts;
}

std::vector<std::string> Reader::urls(std::string_view name) {
    auto urls = texts(name, optional);
    require(std::ranges::all_of(urls, is_url), "member_url", place(name) + " holds what is no URL");
    return urls;
}

Reader Reader::object(std::string_view name) {
    static const Value empty{Value::Object()};
    const Value* value = find(name, required);
    return {value ? *value : empty, place(name), *document_};
}

std::vector<Reader> Reader::objects(std::string_view name, Presence presence) {
    std::vector<Reader> readers;
    const auto* array = get<Value::Array>(name, presence, "a list");
    if (!array) return readers;
    readers.reserve(array->size());
    for (const Value& value : *array) {
        readers.emplace_back(value, place(name) + "[" + std::to_string(readers.size()) + "]",
                             *document_);
    }
    return readers;
}

std::vector<std::pair<std::string, Reader>> Reader::named_objects(std::string_view name) {
    std::vector<std::pair<std::string, Reader>> readers;
    const auto* members = get<Value::Object>(name, required, "an object");
    if (!members) return readers;
    for (const auto& [key, value] : *members) {
        readers.emplace_back(key,
                             Reader(value, place(name) + "." + escape_control(key), *document_));
    }
    return readers;
}

void Reader::check_critical() {
    for (const std::string& name : texts("critical", optional)) {
        if (!document_->known.contains(name)) {
            refuse("critical_unknown", "it needs \"" + escape_control(name) +
                                           "\" to be understood: a newer croft may know it");
        }
    }
}

}  // namespace croft::catalog::json
