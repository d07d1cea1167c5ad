#include "api/json_impl.h"

#include <gtest/gtest.h>

namespace croft::api {
namespace {

std::string refusal_of(const std::string& body) {
    const auto read = read_object(body);
    return read ? "" : read.error().reason;
}

TEST(ReadObject, TakesOneObjectAndNothingElse) {
    EXPECT_EQ(refusal_of(""), "");
    EXPECT_EQ(refusal_of("{}"), "");
    EXPECT_EQ(refusal_of("[]"), "not_an_object");
    EXPECT_EQ(refusal_of("null"), "not_an_object");
    for (const char* body :
         {"{", "{}x", "{} {}", "{\"a\":1,}", "{'a':1}", "{\"a\":01}", "{\"a\":NaN}",
          "{\"a\":\"\xff\"}", "\xef\xbb\xbf", "// hi\n{}", "{\"a\":\"\n\"}"}) {
        EXPECT_EQ(refusal_of(body), "bad_json") << body;
    }
}

TEST(ReadObject, RefusesMembersThatComeTwice) {
    EXPECT_EQ(refusal_of(R"({"a":1,"a":2})"), "repeated_member");
    EXPECT_EQ(refusal_of(R"({"a":{"b":1,"b":1}})"), "repeated_member");
    EXPECT_EQ(refusal_of(R"({"a":{"b":1},"b":{"a":1}})"), "");
}

TEST(ReadObject, RefusesDeepNesting) {
    const auto nested = [](int depth) {
        return "{\"a\":" + std::string(static_cast<std::size_t>(depth), '[') +
               std::string(static_cast<std::size_t>(depth), ']') + "}";
    };
    EXPECT_EQ(refusal_of(nested(15)), "");
    EXPECT_EQ(refusal_of(nested(16)), "json_too_deep");
    EXPECT_EQ(refusal_of(nested(20'000)), "json_too_deep");
}

TEST(MembersOfARequest, RefusesWrongTypesUnknownNamesAndWhatIsMissing) {
    const auto reason_of = [](const char* body) {
        Members members(read_object(body));
        members.text("text");
        members.number("number");
        members.truth("truth");
        members.texts("texts");
        const auto outcome = members.outcome();
        return outcome ? "" : outcome.error().reason;
    };
    EXPECT_EQ(reason_of(R"({"text":"a","number":1,"truth":true,"texts":["b"]})"), "");
    for (const char* body :
         {R"({"text":1})", R"({"number":-1})", R"({"number":1.5})", R"({"number":"1"})",
          R"({"truth":0})", R"({"texts":"a"})", R"({"texts":[1]})", R"({"text":null})"}) {
        EXPECT_EQ(reason_of(body), "bad_member") << body;
    }
    EXPECT_EQ(reason_of(R"({"other":1})"), "unknown_member");
    Members without(read_object("{}"));
    without.required_text("source");
    EXPECT_EQ(without.outcome().error().reason, "missing_member");
}

TEST(TextOf, ReplacesBytesThatAreNoUtf8) {
    EXPECT_EQ(text_of(Json{{"client", "a\xff"}}), "{\"client\":\"a\xef\xbf\xbd\"}");
}

}  // namespace
}  // namespace croft::api
