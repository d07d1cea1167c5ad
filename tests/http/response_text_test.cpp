#include "http/response_text.h"

#include <gtest/gtest.h>

namespace croft::http {
namespace {

const Time moment = *parse_utc("1994-11-06T08:49:37Z");  // RFC 9110's own example

TEST(ResponseText, WritesStatusHeadersAndFrame) {
    EXPECT_EQ(
        response_head({.status = 404, .headers = {{"X-A", "1"}}, .body = "gone"}, {{"X-B", "2"}},
                      {.content_length = 4, .keep_alive = false}, moment),
        "HTTP/1.1 404 Not Found\r\nX-A: 1\r\nX-B: 2\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
        "Content-Length: 4\r\nConnection: close\r\n\r\n");
}

TEST(ResponseText, LetsTheResponseOverruleADefault) {
    const std::string head = response_head(
        {.status = 200, .headers = {{"cache-control", "no-cache"}}, .body = {}},
        {{"Cache-Control", "no-store"}}, {.content_length = 0, .keep_alive = true}, moment);
    EXPECT_NE(head.find("cache-control: no-cache"), std::string::npos);
    EXPECT_EQ(head.find("no-store"), std::string::npos);
}

TEST(ResponseText, LeavesOutHeadersThatWouldSplitTheResponse) {
    const std::string head = response_head(
        {.status = 200, .headers = {{"X", "a\r\nSet-Cookie: b"}, {"Y\n", "c"}}, .body = {}}, {},
        {.content_length = 0, .keep_alive = true}, moment);
    EXPECT_EQ(head.find("Set-Cookie"), std::string::npos);
    EXPECT_EQ(head.find('Y'), std::string::npos);
}

TEST(ResponseText, WritesEventsAsEventSourceReadsThem) {
    EXPECT_EQ(event_text("delta", "{\"a\":1}", 7), "id: 7\nevent: delta\ndata: {\"a\":1}\n\n");
    EXPECT_EQ(event_text("ping", "a\nb", std::nullopt), "event: ping\ndata: a\ndata: b\n\n");
}

}  // namespace
}  // namespace croft::http
