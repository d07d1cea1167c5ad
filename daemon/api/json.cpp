#include "api/json_impl.h"

#include <algorithm>
#include <set>

namespace croft::api {
namespace {

constexpr int depth_limit = 16;

/// Watches the parser: what nlohmann lets pass and we do not.
class Strictness {
public:
    bool operator()(int depth, Json::parse_event_t event, const Json& parsed) {
        using Event = Json::parse_event_t;
        if (depth >= depth_limit) is_too_deep = true;
        if (event == Event::object_start) names_.emplace_back();
        if (event == Event::object_end) names_.pop_back();
        if (event == Event::key && !names_.back().insert(parsed.get<std::string>()).second) {
            has_repeated_name = true;
        }
        return true;
    }

    bool is_too_deep = false, has_repeated_name = false;

private:
    std::vector<std::set<std::string>> names_;
};

}  // namespace

std::string text_of(const Json& value) {
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<Json> read_object(std::string_view body) {
    if (body.empty()) return Json::object();
    Strictness strictness;
    const Json parsed = Json::parse(body, std::ref(strictness), false);
    if (parsed.is_discarded()) {
        return fail(Errc::invalid_argument, "bad_json", "the request's body is no JSON");
    }
    if (strictness.is_too_deep) {
        return fail(Errc::invalid_argument, "json_too_deep",
                    "the request's JSON is nested more than 16 deep");
    }
    if (strictness.has_repeated_name) {
        return fail(Errc::invalid_argument, "repeated_member",
                    "the request's JSON has a member twice");
    }
    if (!parsed.is_object()) {
        return fail(Errc::invalid_argument, "not_an_object",
                    "the request's body must be one JSON object");
    }
    return parsed;
}

void put(Json& object, const char* name, const std::optional<Time>& value) {
    if (value) object[name] = format_utc(*value);
}

void put_text(Json& object, const char* name, const std::string& value) {
    if (!value.empty()) object[name] = value;
}

Members::Members(Result<Json> object) : object_(std::move(object)) {
    if (!object_) outcome_ = tl::unexpected(object_.error());
}

const Json* Members::take(const char* name) {
    known_.emplace_back(name);
    if (!object_) return nullptr;
    const auto at = object_->find(name);
    return at == object_->end() ? nullptr : &*at;
}

void Members::refuse(std::string reason, std::string message) {
    if (outcome_) outcome_ = fail(Errc::invalid_argument, std::move(reason), std::move(message));
}

std::optional<std::string> Members::text(const char* name) {
    const Json* value = take(name);
    if (value && value->is_string()) return value->get<std::string>();
    if (value) refuse("bad_member", std::string("'") + name + "' must be a text");
    return std::nullopt;
}

std::optional<std::uint64_t> Members::number(const char* name) {
    const Json* value = take(name);
    if (value && value->is_number_unsigned()) return value->get<std::uint64_t>();
    if (value)
        refuse("bad_member", std::string("'") + name + "' must be a whole number, 0 or more");
    return std::nullopt;
}

std::optional<bool> Members::truth(const char* name) {
    const Json* value = take(name);
    if (value && value->is_boolean()) return value->get<bool>();
    if (value) refuse("bad_member", std::string("'") + name + "' must be true or false");
    return std::nullopt;
}

std::vector<std::string> Members::texts(const char* name) {
    const Json* value = take(name);
    if (!value) return {};
    const bool all_texts = value->is_array() && std::ranges::all_of(*value, [](const Json& item) {
                               return item.is_string();
                           });
    if (all_texts) return value->get<std::vector<std::string>>();
    refuse("bad_member", std::string("'") + name + "' must be a list of texts");
    return {};
}

std::string Members::required_text(const char* name) {
    auto value = text(name);
    if (!value || value->empty())
        refuse("missing_member", std::string("'") + name + "' is missing");
    return value.value_or("");
}

Outcome Members::outcome() {
    if (object_) {
        for (const auto& [name, value] : object_->items()) {
            if (std::ranges::find(known_, name) == known_.end()) {
                refuse("unknown_member", "'" + name + "' is no member of this request");
            }
        }
    }
    return outcome_;
}

}  // namespace croft::api
