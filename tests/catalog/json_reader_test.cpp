#include "catalog/json_reader_impl.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace croft::catalog::json {
namespace {

std::string reason_of(std::string_view text) {
    const auto value = parse(text);
    return value ? "fine" : value.error().reason;
}

TEST(StrictJson, RefusesEachFaultWithItsOwnReason) {
    using namespace std::string_view_literals;
    EXPECT_EQ(reason_of("\xef\xbb\xbf{}"), "json_bom");
    EXPECT_EQ(reason_of("{\"a\": \"\xe9\"}"), "json_utf8");
    EXPECT_EQ(reason_of(R"({"a": 1, "b": 2, "a": 1})"), "json_duplicate");
    EXPECT_EQ(reason_of(R"({"a": 1, "\u0061": 1})"), "json_duplicate");
    EXPECT_EQ(reason_of(R"({"a": {"b": [{"c": 1, "c": 1}]}})"), "json_duplicate");
    EXPECT_EQ(reason_of(R"({"a": 1.0})"), "json_float");
    EXPECT_EQ(reason_of(R"({"a": 1e3})"), "json_float");
    EXPECT_EQ(reason_of(R"({"a": -1})"), "json_negative");
    EXPECT_EQ(reason_of(R"({"a": -0})"), "json_negative");
    EXPECT_EQ(reason_of(R"({"a": 9007199254740992})"), "json_integer_range");
    EXPECT_EQ(reason_of(R"({"a": 99999999999999999999999})"), "json_float");
    EXPECT_EQ(reason_of(R"({"a": 9007199254740991})"), "fine");
    EXPECT_EQ(reason_of("{}\n {}"), "json_syntax");
    EXPECT_EQ(reason_of("{}\0junk"sv), "json_syntax");
    EXPECT_EQ(reason_of("{} // and so on"), "json_syntax");
    EXPECT_EQ(reason_of("{'a': 1}"), "json_syntax");
    EXPECT_EQ(reason_of(R"({"a": 01})"), "json_syntax");
    EXPECT_EQ(reason_of(R"({"a": 1,})"), "json_syntax");
    EXPECT_EQ(reason_of(R"({"a": NaN})"), "json_syntax");
    EXPECT_EQ(reason_of(R"({"a": "\ud800"})"), "json_syntax");
    EXPECT_EQ(reason_of("{\"a\": \"\n\"}"), "json_syntax");
    EXPECT_EQ(reason_of(""), "json_syntax");
}

TEST(StrictJson, NestsSixteenDeepAndNoDeeper) {
    const auto nested = [](std::size_t depth) {
        return std::string(depth, '[') + std::string(depth, ']');
    };
    EXPECT_EQ(reason_of(nested(16)), "fine");
    EXPECT_EQ(reason_of(nested(17)), "json_depth");
    EXPECT_EQ(reason_of(nested(1'000'000)), "json_depth");
}

TEST(StrictJson, LimitsTheNumberOfValues) {
    std::string many = "[0";
    for (int i = 0; i < 1'000'000; ++i)
        many += ",0";
    EXPECT_EQ(reason_of(many + "]"), "json_values");
}

Result<std::uint64_t> read_number(std::string_view document) {
    return read<std::uint64_t>(document, {"croft.test/1", 100}, [](Reader& in) {
        const std::uint64_t number = in.positive("number");
        in.has("other");
        return number;
    });
}

TEST(Document, SaysItsTypeAndItsMembers) {
    EXPECT_EQ(read_number(R"({"type": "croft.test/1", "number": 7, "more": null})").value(), 7U);
    const auto reason = [](std::string_view document) {
        return read_number(document).error().reason;
    };
    EXPECT_EQ(reason("[]"), "wrong_type");
    EXPECT_EQ(reason(R"({"number": 7})"), "wrong_type");
    EXPECT_EQ(reason(R"({"type": "croft.test/2", "number": 7})"), "wrong_type");
    EXPECT_EQ(reason(R"({"type": "croft.test/1"})"), "member_missing");
    EXPECT_EQ(reason(R"({"type": "croft.test/1", "number": "7"})"), "member_kind");
    EXPECT_EQ(reason(R"({"type": "croft.test/1", "number": null})"), "member_kind");
    EXPECT_EQ(reason(R"({"type": "croft.test/1", "number": 0})"), "member_zero");
    EXPECT_EQ(reason(std::string(101, ' ')), "too_large");
}

TEST(Document, IsRefusedWhereItNeedsMoreThanWeKnow) {
    EXPECT_TRUE(
        read_number(R"({"type": "croft.test/1", "number": 7, "critical": ["number", "other"]})"));
    EXPECT_EQ(read_number(R"({"type": "croft.test/1", "number": 7, "critical": ["new"], "new": 1})")
                  .error()
                  .reason,
              "critical_unknown");
}

RC_GTEST_PROP(StrictJsonProperty, NoTextMakesTheParserFail, (const std::string& text)) {
    const auto value = parse(text);
    RC_ASSERT(value.has_value() || value.error().code == Errc::malformed);
}

}  // namespace
}  // namespace croft::catalog::json
