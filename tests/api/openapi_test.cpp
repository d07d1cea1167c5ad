#include "api/api_fixture.h"
#include "api/context_impl.h"
#include "base/text.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <regex>
#include <set>

namespace croft::api {
namespace {

class OpenApi : public test::ApiTest {
protected:
    static std::string lower(std::string text) {
        std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::tolower(c); });
        return text;
    }
};

TEST_F(OpenApi, DescribesEveryRouteAndNoOther) {
    start();
    const Json document = get("/api/v1/openapi.json").json();
    EXPECT_EQ(document.at("openapi"), "3.1.0");
    std::set<std::string> described, routed;
    for (const auto& [path, methods] : document.at("paths").items()) {
        for (const auto& [method, operation] : methods.items())
            described.insert(method + " " + path);
    }
    Loop idle;
    Context context =
        make_context(idle, [] { return test::world_now; }, options(), modules(), {}, {});
    const Routes routes = all_routes(context);
    for (const Route& route : routes.all()) {
        std::string path = route.pattern;
        std::erase(path, '*');
        routed.insert(lower(route.method) + " " + path);
    }
    EXPECT_EQ(described, routed);
}

TEST_F(OpenApi, SaysWhichRightEachRouteNeeds) {
    start();
    const Json document = get("/api/v1/openapi.json").json();
    Loop idle;
    Context context =
        make_context(idle, [] { return test::world_now; }, options(), modules(), {}, {});
    const Routes routes = all_routes(context);
    for (const Route& route : routes.all()) {
        std::string path = route.pattern;
        std::erase(path, '*');
        const Json& security = document.at("paths").at(path).at(lower(route.method)).at("security");
        const std::string first = security.empty() ? "" : security.at(0).begin().key();
        switch (route.access) {
            case Access::open: EXPECT_EQ(first, "") << path; break;
            case Access::metrics: EXPECT_EQ(first, "metrics_token") << path; break;
            case Access::token: EXPECT_EQ(first, "token") << path; break;
            case Access::socket: EXPECT_EQ(first, "unix_socket") << path; break;
        }
    }
}

/// Holds a value to as much of JSON Schema as our document uses; each complaint names its place.
class Schema {
public:
    explicit Schema(const Json& document) : document_(document) {}

    void check(const Json& schema, const Json& value, const std::string& where) {
        if (schema.contains("$ref")) {
            const Json::json_pointer target(schema.at("$ref").get<std::string>().substr(1));
            return check(document_.at(target), value, where);
        }
        if (schema.contains("type") && !has_type(value, schema.at("type"))) {
            complaints.push_back(where + " is no " + schema.at("type").get<std::string>());
        }
        if (schema.contains("pattern") &&
            !std::regex_search(value.get<std::string>(),
                               std::regex(schema.at("pattern").get<std::string>()))) {
            complaints.push_back(where + " does not fit its pattern");
        }
        for (const Json& name : schema.value("required", Json::array())) {
            if (!value.contains(name.get<std::string>()))
                complaints.push_back(where + " lacks " + name.get<std::string>());
        }
        if (value.is_object()) check_members(schema, value, where);
        if (value.is_array() && schema.contains("items")) {
            for (const Json& item : value)
                check(schema.at("items"), item, where + "[]");
        }
    }

    std::vector<std::string> complaints;

private:
    static bool has_type(const Json& value, const std::string& type) {
        if (type == "object") return value.is_object();
        if (type == "array") return value.is_array();
        if (type == "string") return value.is_string();
        if (type == "boolean") return value.is_boolean();
        if (type == "integer") return value.is_number_integer();
        return type == "number" && value.is_number();
    }

    void check_members(const Json& schema, const Json& value, const std::string& where) {
        const Json properties = schema.value("properties", Json::object());
        const Json others = schema.value("additionalProperties", Json(true));
        for (const auto& [name, member] : value.items()) {
            if (properties.contains(name)) {
                check(properties.at(name), member, where + "." + name);
            } else if (others.is_object()) {
                check(others, member, where + "." + name);
            } else if (!properties.empty()) {
                complaints.push_back(where + "." + name + " is not described");
            }
        }
    }

    const Json& document_;
};

TEST_F(OpenApi, DescribesEveryMemberOfEveryGoldenReply) {
    start();
    const Json document = get("/api/v1/openapi.json").json();
    std::set<std::string> used;
    for (const auto& entry : std::filesystem::directory_iterator(CROFT_TEST_SOURCE "/api/golden")) {
        std::string name = entry.path().stem().native();
        if (name == "events") continue;  // described in API.md
        const Json golden = Json::parse(read_file(entry.path(), 1 << 20).value());
        if (!name.ends_with(".request")) name = name.substr(0, name.find('.'));
        std::string schema;
        for (const std::string_view part :
             split(name, name.find('_') == std::string::npos ? '.' : '_'))
            schema += static_cast<char>(std::toupper(part.front())) + std::string(part.substr(1));
        ASSERT_TRUE(document.at("components").at("schemas").contains(schema)) << entry.path();
        Schema checker(document);
        checker.check(document.at("components").at("schemas").at(schema), golden, name);
        EXPECT_THAT(checker.complaints, testing::IsEmpty());
        used.insert(schema);
    }
    EXPECT_GT(used.size(), 20U);
}

}  // namespace
}  // namespace croft::api
