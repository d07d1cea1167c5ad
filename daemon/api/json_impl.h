#pragma once

#include "base/result.h"
#include "base/time.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace croft::api {

/// Members in the order they were put in: replies read as API.md lists them.
using Json = nlohmann::ordered_json;

/// One line. Bytes that are no UTF-8 (a foreign peer's client name) become U+FFFD.
std::string text_of(const Json& value);

/// A request's body, strictly: one object, depth at most 16, no member twice, nothing after it.
/// No bytes at all are an empty object.
Result<Json> read_object(std::string_view body);

/// Absent instead of null.
template <class T>
void put(Json& object, const char* name, const std::optional<T>& value) {
    if (value) object[name] = *value;
}
void put(Json& object, const char* name, const std::optional<Time>& value);
void put_text(Json& object, const char* name, const std::string& value);  ///< absent where empty

/// Takes a request's object apart, member by member. The first thing that is wrong is kept; what
/// nobody asked for is wrong too.
class Members {
public:
    explicit Members(Result<Json> object);

    std::optional<std::string> text(const char* name);
    std::optional<std::uint64_t> number(const char* name);
    std::optional<bool> truth(const char* name);
    std::vector<std::string> texts(const char* name);
    std::string required_text(const char* name);

    /// After the last member was asked for.
    Outcome outcome();

private:
    const Json* take(const char* name);
    void refuse(std::string reason, std::string message);

    Result<Json> object_;
    std::vector<std::string> known_;
    Outcome outcome_;
};

}  // namespace croft::api
