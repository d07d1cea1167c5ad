#include "http/request_rule.h"

#include <gtest/gtest.h>

namespace croft::http {
namespace {

/// The refusal of a request, as "400 second_host"; empty where it is taken.
std::string refusal_of(const std::string& block) {
    const auto head = read_head(block, Limits{});
    return head ? "" : std::to_string(head.error().status) + " " + head.error().reason;
}

std::string with_headers(const std::string& headers) {
    return "GET / HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n";
}

std::string with_target(const std::string& target) {
    return "GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
}

TEST(RequestRule, ReadsAnOrdinaryRequest) {
    const auto head = read_head(
        "POST /api/v1/publishers/preview?dry+run=a%20b&x HTTP/1.1\r\nHost: 127.0.0.1:7400\r\n"
        "Content-Length: 12\r\nAccept: a\r\nACCEPT: b\r\n\r\n",
        Limits{});
    ASSERT_TRUE(head);
    EXPECT_EQ(head->request.method, "POST");
    EXPECT_EQ(head->request.path, "/api/v1/publishers/preview");
    EXPECT_EQ(head->request.query.at("dry run"), "a b");
    EXPECT_EQ(head->request.query.at("x"), "");
    EXPECT_EQ(head->request.header("accept"), "a, b");
    EXPECT_EQ(head->content_length, 12U);
    EXPECT_TRUE(head->keep_alive);
}

TEST(RequestRule, FindsWhereTheHeaderEnds) {
    EXPECT_EQ(header_end("GET / HTTP/1.1\r\n\r\nbody"), 18U);
    EXPECT_EQ(header_end("GET / HTTP/1.1\r\n\r"), std::nullopt);
}

TEST(RequestRule, RefusesEveryTransferEncoding) {
    for (const char* value : {"chunked", "identity", "gzip, chunked", "xchunked", "\vchunked"}) {
        const std::string said =
            refusal_of(with_headers(std::string("Transfer-Encoding: ") + value + "\r\n"));
        EXPECT_TRUE(said == "411 transfer_encoding" || said == "400 bad_request") << value << said;
    }
    EXPECT_NE(refusal_of(with_headers("transfer-encoding: chunked\r\nContent-Length: 4\r\n")), "");
}

TEST(RequestRule, RefusesContentLengthThatIsNotOneRowOfDigits) {
    for (const char* value : {"+5", "-5", "0x10", "5 5", "5,5", "5.0", "", "1e3",
                              "18446744073709551616", "99999999999999999999999"}) {
        const std::string said =
            refusal_of(with_headers(std::string("Content-Length: ") + value + "\r\n"));
        EXPECT_TRUE(said == "400 bad_content_length" || said == "400 bad_request") << value << said;
    }
    EXPECT_NE(refusal_of(with_headers("Content-Length: 5\r\nContent-Length: 6\r\n")), "");
    EXPECT_EQ(refusal_of(with_headers("Content-Length: 5\r\nContent-Length: 5\r\n")),
              "400 second_content_length");
}

TEST(RequestRule, RefusesMissingAndSecondHost) {
    EXPECT_EQ(refusal_of("GET / HTTP/1.1\r\n\r\n"), "400 no_host");
    EXPECT_EQ(refusal_of("GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n"),
              "400 second_host");
    EXPECT_EQ(refusal_of("GET / HTTP/1.1\r\nHost: localhost\r\nX: y\r\nhost: evil\r\n\r\n"),
              "400 second_host");
}

TEST(RequestRule, RefusesHeadersThatBelongOnceAndComeTwice) {
    for (const char* name : {"Authorization", "Origin", "Sec-Fetch-Site", "Content-Type"}) {
        const std::string line = std::string(name) + ": x\r\n";
        EXPECT_EQ(refusal_of(with_headers(line + line)), "400 repeated_header") << name;
    }
}

TEST(RequestRule, RefusesTargetsThatAreNotOriginForm) {
    for (const char* target :
         {"http://localhost/", "*", "localhost:80", "api", "//\x01", "/a#b", "http:/x"}) {
        EXPECT_TRUE(refusal_of(with_target(target)).starts_with("400")) << target;
    }
    EXPECT_EQ(refusal_of(with_target("http://localhost/")), "400 not_origin_form");
    EXPECT_EQ(refusal_of("OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n"), "400 not_origin_form");
}

TEST(RequestRule, RefusesPathsThatCouldMeanAnotherPlace) {
    const std::pair<const char*, const char*> cases[] = {
        {"/../etc/passwd", "dot_segment"},
        {"/a/%2e%2E/b", "dot_segment"},
        {"/a/./b", "dot_segment"},
        {"/a/..", "dot_segment"},
        {"/a%2Fb", "encoded_slash"},
        {"/a%2fb", "encoded_slash"},
        {"/a%5cb", "bad_path"},
        {"/a%00b", "bad_path"},
        {"/a%0d%0aX:", "bad_path"},
        {"/%ff", "bad_path"},
        {"/%c0%ae%c0%ae/", "bad_path"},
        {"/%", "bad_percent_encoding"},
        {"/%4", "bad_percent_encoding"},
        {"/%zz", "bad_percent_encoding"},
        {"/?a=%zz", "bad_percent_encoding"},
        {"/?a=1&a=2", "repeated_query"},
        {"/?a=%ff", "bad_query"},
        {"/?=1", "bad_query"},
    };
    for (const auto& [target, reason] : cases)
        EXPECT_EQ(refusal_of(with_target(target)), std::string("400 ") + reason) << target;
    EXPECT_EQ(read_target("/%252e%252e/")->path, "/%2e%2e/") << "decoded once, not twice";
}

TEST(RequestRule, RefusesFoldedHeadersAndOddLineEnds) {
    EXPECT_EQ(refusal_of(with_headers("X: a\r\n b\r\n")), "400 folded_header");
    EXPECT_EQ(refusal_of(with_headers("X: a\r\n\tTransfer-Encoding: chunked\r\n")),
              "400 folded_header");
    EXPECT_EQ(refusal_of("GET / HTTP/1.1\r\n Host: localhost\r\n\r\n"), "400 folded_header");
    EXPECT_EQ(refusal_of("GET / HTTP/1.1\nHost: localhost\r\n\r\n"), "400 bare_line_feed");
    EXPECT_EQ(refusal_of(with_headers("X: a\rb\r\n")), "400 bare_carriage_return");
    EXPECT_EQ(refusal_of("\r\nGET / HTTP/1.1\r\nHost: localhost\r\n\r\n"), "400 bad_request");
}

TEST(RequestRule, RefusesBrokenGrammar) {
    for (const char* block :
         {"\r\n\r\n", "GET\r\n\r\n", "GET / \r\n\r\n", "GET / HTTP/1.1 x\r\nHost: a\r\n\r\n",
          "G<T / HTTP/1.1\r\nHost: a\r\n\r\n", "GET / HTTP/1.1\r\nHost : a\r\n\r\n",
          "GET / HTTP/1.1\r\nHost\r\n\r\n", "GET / HTTP/1.1\r\n: a\r\nHost: a\r\n\r\n",
          "GET / HTP/1.1\r\nHost: a\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\x01\r\n\r\n"}) {
        EXPECT_TRUE(refusal_of(block).starts_with("400")) << block;
    }
}

TEST(RequestRule, RefusesOtherVersions) {
    EXPECT_EQ(refusal_of("GET / HTTP/1.0\r\nHost: a\r\n\r\n"), "505 http_version");
    EXPECT_NE(refusal_of("GET / HTTP/2.0\r\nHost: a\r\n\r\n"), "");
    EXPECT_NE(refusal_of("PRI * HTTP/2.0\r\n\r\n"), "");
}

TEST(RequestRule, RefusesTooManyAndTooLargeHeaders) {
    std::string many;
    for (int i = 0; i < 63; ++i)
        many += "X" + std::to_string(i) + ": y\r\n";
    EXPECT_EQ(refusal_of(with_headers(many)), "") << "64 with Host";
    EXPECT_EQ(refusal_of(with_headers(many + "Z: y\r\n")), "431 too_many_headers");
    EXPECT_EQ(refusal_of(with_headers("X: " + std::string(8 * 1024, 'a') + "\r\n")),
              "431 header_too_large");
}

TEST(RequestRule, UnderstandsExpectAndClose) {
    const auto head =
        read_head(with_headers("Expect: 100-Continue\r\nConnection: TE , Close\r\n"), Limits{});
    ASSERT_TRUE(head);
    EXPECT_TRUE(head->expects_continue);
    EXPECT_FALSE(head->keep_alive);
    EXPECT_EQ(refusal_of(with_headers("Expect: a-miracle\r\n")), "417 unknown_expectation");
}

}  // namespace
}  // namespace croft::http
