#include "base/bencode.h"

#include <algorithm>
#include <charconv>

namespace croft::bencode {
namespace {

tl::unexpected<Error> refuse(std::string reason, std::string message) {
    return fail(Errc::malformed, "bencode_" + std::move(reason),
                "not bencoded: " + std::move(message));
}

}  // namespace

class Parser {
public:
    Parser(std::string_view bytes, Limits limits) : rest_(bytes), limits_(limits) {}

    Result<Value> document() {
        auto value = any(0);
        if (value && !rest_.empty()) return refuse("trailing", "bytes after the value");
        return value;
    }

private:
    Result<Value> any(std::size_t depth) {
        if (depth > limits_.depth) return refuse("depth", "nested too deep");
        if (items_++ >= limits_.items) return refuse("items", "too many values");
        if (rest_.empty()) return refuse("truncated", "ends too early");
        const std::string_view start = rest_;
        auto value = of_kind(rest_.front(), depth);
        if (value) value->raw_ = start.substr(0, start.size() - rest_.size());
        return value;
    }

    Result<Value> of_kind(char first, std::size_t depth) {
        switch (first) {
            case 'i': return integer();
            case 'l': return list(depth);
            case 'd': return dictionary(depth);
            default: return string();
        }
    }

    Result<Value> integer() {
        rest_.remove_prefix(1);
        const auto number = digits('e');
        if (!number) return tl::unexpected(number.error());
        Value value;
        value.value_ = *number;
        return value;
    }

    Result<Value> string() {
        const auto length = digits(':');
        if (!length) return tl::unexpected(length.error());
        if (*length < 0) return refuse("length", "a string of negative length");
        if (static_cast<std::uint64_t>(*length) > rest_.size()) {
            return refuse("truncated", "a string ends too early");
        }
        Value value;
        value.value_ = rest_.substr(0, static_cast<std::size_t>(*length));
        rest_.remove_prefix(static_cast<std::size_t>(*length));
        return value;
    }

    Result<Value> list(std::size_t depth) {
        rest_.remove_prefix(1);
        Value::List items;
        while (!rest_.starts_with('e')) {
            auto item = any(depth + 1);
            if (!item) return item;
            items.push_back(std::move(*item));
        }
        rest_.remove_prefix(1);
        items.shrink_to_fit();
        Value value;
        value.value_ = std::move(items);
        return value;
    }

    Result<Value> dictionary(std::size_t depth) {
        rest_.remove_prefix(1);
        Value::Dictionary members;
        while (!rest_.starts_with('e')) {
            if (rest_.empty()) return refuse("truncated", "a dictionary ends too early");
            if (rest_.front() < '0' || rest_.front() > '9')
                return refuse("key", "a key is not a string");
            auto key = string();
            if (!key) return key;
            if (!members.empty() && key->string() <= members.back().first) {
                return refuse("order", "keys are not in rising order");
            }
            auto member = any(depth + 1);
            if (!member) return member;
            members.emplace_back(key->string(), std::move(*member));
        }
        rest_.remove_prefix(1);
        members.shrink_to_fit();
        Value value;
        value.value_ = std::move(members);
        return value;
    }

    Result<std::int64_t> digits(char end) {
        const std::size_t length = rest_.substr(0, 24).find(end);
        if (length == std::string_view::npos || length == 0) {
            return refuse("number", "a number is missing or has no end");
        }
        const std::string_view text = rest_.substr(0, length);
        const std::string_view magnitude = text.substr(text.starts_with('-') ? 1 : 0);
        std::int64_t number = 0;
        const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (error != std::errc() || stop != text.data() + text.size()) {
            return refuse("number", "a number has other characters or is too large");
        }
        if ((magnitude.size() > 1 && magnitude.starts_with('0')) || text == "-0") {
            return refuse("number", "a number has leading zeros");
        }
        rest_.remove_prefix(length + 1);
        return number;
    }

    std::string_view rest_;
    Limits limits_;
    std::size_t items_ = 0;
};

const Value* Value::find(std::string_view key) const {
    const auto* members = std::get_if<Dictionary>(&value_);
    if (!members) return nullptr;
    const auto at =
        std::lower_bound(members->begin(), members->end(), key,
                         [](const auto& member, std::string_view k) { return member.first < k; });
    return at != members->end() && at->first == key ? &at->second : nullptr;
}

Result<Value> parse(std::string_view bytes, Limits limits) {
    return Parser(bytes, limits).document();
}

void append_integer(std::string& out, std::int64_t value) {
    out += 'i' + std::to_string(value) + 'e';
}

void append_string(std::string& out, std::string_view value) {
    out += std::to_string(value.size());
    out += ':';
    out += value;
}

}  // namespace croft::bencode
