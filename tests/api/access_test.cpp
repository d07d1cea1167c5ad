#include "api/api_fixture.h"
#include "api/context_impl.h"

#include <sys/stat.h>

namespace croft::api {
namespace {

using namespace std::chrono_literals;
using test::Answer;
using test::stand_ins;

/// Who may ask: SECURITY's rows 1 and 2 for every route there is, and the rest of its page.
class Access : public test::ApiTest {
protected:
    struct Asked {
        std::string method, path;
        croft::api::Access access;
        Body body;
    };

    /// One request for each route of the table, with something in place of its parameters.
    std::vector<Asked> every_route() {
        Loop idle;
        Context context =
            make_context(idle, [] { return test::world_now; }, options(), modules(), {}, {});
        const Routes routes = all_routes(context);
        std::vector<Asked> all;
        for (const Route& route : routes.all()) {
            std::string path = route.pattern;
            for (std::size_t at = 0; (at = path.find('{')) != std::string::npos;)
                path.replace(at, path.find('}') - at + 1,
                             at > 14 && path.find("jobs") != std::string::npos ? "1" : "example");
            all.push_back({route.method, path, route.access, route.body});
        }
        return all;
    }

    static std::string body_of(const Asked& asked) { return asked.body == Body::none ? "" : "{}"; }

    Answer ask_route(const Asked& asked, const std::string& headers) {
        return ask_with(headers, asked.method, asked.path, body_of(asked));
    }

    static bool needs_token(const Asked& asked) { return asked.access != croft::api::Access::open; }
};

TEST_F(Access, RefusesEveryRouteWithoutTheRightTokenInTheSameWords) {
    start();
    const auto routes = every_route();
    ASSERT_GT(routes.size(), 35U);
    std::string wrong = token_;
    wrong.back() = wrong.back() == '0' ? '1' : '0';
    const std::string constant = ask_with("", "GET", "/api/v1/status").body;
    for (const Asked& asked : routes) {
        if (!needs_token(asked)) continue;
        for (const std::string& headers :
             {std::string(), "Authorization: Bearer " + wrong + "\r\n",
              "Authorization: Bearer " + token_.substr(1) + "\r\n",
              std::string("Authorization: Bearer \r\n"), "Authorization: Basic " + token_ + "\r\n",
              "Authorization: bearer" + token_ + "\r\n", "Cookie: token=" + token_ + "\r\n"}) {
            const Answer answer = ask_route(asked, headers);
            EXPECT_EQ(answer.status, 401) << asked.method << " " << asked.path << " " << headers;
            EXPECT_EQ(answer.body, constant);
            EXPECT_TRUE(answer.has_header("WWW-Authenticate: Bearer"));
        }
    }
    EXPECT_TRUE(stand_ins().changes.empty()) << stand_ins().changes.front();
    EXPECT_EQ(stops_asked_, 0);
}

TEST_F(Access, RefusesTheTokenOfTheLastStart) {
    start();
    const std::string old = token_;
    TearDown();
    start();
    EXPECT_NE(old, token_);
    EXPECT_EQ(ask_with("Authorization: Bearer " + old + "\r\n", "GET", "/api/v1/status").status,
              401);
    EXPECT_EQ(get("/api/v1/status").status, 200);
}

TEST_F(Access, RefusesEveryRouteUnderAnotherHost) {
    start();
    const std::string port = address_.substr(address_.rfind(':'));
    for (const Asked& asked : every_route()) {
        for (const std::string& host :
             {std::string("evil.example"), "evil.example" + port, "localhost" + port,
              "127.0.0.1.evil.example" + port, std::string("127.0.0.1"), "127.0.0.2" + port,
              "[::1]" + port, std::string()}) {
            const Answer answer = ask_route(asked, authorization() + "Host: " + host + "\r\n");
            EXPECT_EQ(answer.status, 421) << asked.method << " " << asked.path << " " << host;
        }
        const Answer twice = ask_route(
            asked, authorization() + "Host: " + address_ + "\r\nHost: " + address_ + "\r\n");
        EXPECT_EQ(twice.status, 400) << asked.path;
        test::RawClient client(address_);
        EXPECT_EQ(answer_of(client, asked.method + " http://" + address_ + asked.path +
                                        " HTTP/1.1\r\nHost: " + address_ + "\r\n" +
                                        authorization() + "\r\n")
                      .status,
                  400)
            << asked.path;
        test::RawClient nameless(address_);
        EXPECT_EQ(answer_of(nameless, asked.method + " " + asked.path + " HTTP/1.1\r\n" +
                                          authorization() + "\r\n")
                      .status,
                  400)
            << asked.path;
    }
    EXPECT_TRUE(stand_ins().changes.empty());
}

TEST_F(Access, RefusesOtherPages) {
    start();
    const std::string other_port = "http://127.0.0.1:1";
    for (const Asked& asked : every_route()) {
        std::vector<std::string> foreign{"Sec-Fetch-Site: cross-site\r\n",
                                         "Sec-Fetch-Site: same-site\r\n",
                                         "Sec-Fetch-Site: none\r\n"};
        for (const std::string& origin :
             {std::string("http://evil.example"), other_port, std::string("null"),
              "https://" + address_, std::string()}) {
            foreign.push_back("Origin: " + origin + "\r\n");
        }
        for (const std::string& headers : foreign) {
            EXPECT_EQ(ask_route(asked, authorization() + headers).status, 403)
                << asked.method << " " << asked.path << " " << headers;
        }
    }
    EXPECT_TRUE(stand_ins().changes.empty());
    const std::string ours =
        authorization() + "Sec-Fetch-Site: same-origin\r\nOrigin: http://" + address_ + "\r\n";
    EXPECT_EQ(ask_with(ours, "GET", "/api/v1/status").status, 200);
}

TEST_F(Access, OpensThePageFromAnywhereButOnlyThePage) {
    start();
    const std::string navigation =
        "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: ";
    EXPECT_EQ(ask_with(navigation + "document\r\n", "GET", "/").status, 200);
    EXPECT_EQ(ask_with(navigation + "iframe\r\n", "GET", "/").status, 403);
    EXPECT_EQ(ask_with(navigation + "document\r\n", "POST", "/api/v1/session", "{}").status, 403);
    EXPECT_EQ(
        ask_with(navigation + "document\r\n" + authorization(), "GET", "/api/v1/status").status,
        403);
}

TEST_F(Access, PutsEveryHeaderOnEveryAnswer) {
    start();
    std::vector<Answer> answers{ask_with("", "GET", "/"),
                                ask_with("", "GET", "/nothing"),
                                ask_with("", "GET", "/api/v1/status"),
                                get("/api/v1/status"),
                                ask_with("Host: evil\r\n", "GET", "/"),
                                ask("OPTIONS", "/api/v1/status"),
                                ask_with("Host: a\r\nHost: b\r\n", "GET", "/")};
    test::RawClient chunked(address_);
    answers.push_back(
        answer_of(chunked, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"));
    EXPECT_EQ(answers.back().status, 411);
    for (const Answer& answer : answers) {
        for (const char* line :
             {"Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; "
              "img-src 'self' data:; font-src 'self'; connect-src 'self'; frame-src 'none'; "
              "form-action 'none'; base-uri 'none'; frame-ancestors 'none'; "
              "require-trusted-types-for 'script'; trusted-types 'none'",
              "X-Frame-Options: DENY", "X-Content-Type-Options: nosniff",
              "Referrer-Policy: no-referrer", "Cross-Origin-Opener-Policy: same-origin",
              "Cross-Origin-Resource-Policy: same-origin"}) {
            EXPECT_TRUE(answer.has_header(line)) << answer.status << line << "\n" << answer.head;
        }
        EXPECT_EQ(answer.head.find("Server:"), std::string::npos);
        EXPECT_EQ(answer.head.find("Access-Control"), std::string::npos);
        EXPECT_EQ(answer.head.find("Set-Cookie"), std::string::npos);
    }
    EXPECT_TRUE(get("/api/v1/status").has_header("Cache-Control: no-store"));
}

TEST_F(Access, AnswersWrongMethodsWith405) {
    start();
    for (const Asked& asked : every_route()) {
        EXPECT_EQ(ask("OPTIONS", asked.path).status, 405) << asked.path;
        EXPECT_EQ(ask("TRACE", asked.path).status, 405) << asked.path;
        std::this_thread::sleep_for(45ms);  // fifty requests a second
    }
    EXPECT_TRUE(ask("DELETE", "/api/v1/mirror/policy").has_header("Allow: GET, PUT"));
    EXPECT_TRUE(stand_ins().changes.empty());
}

TEST_F(Access, TellsNothingOfUnknownPathsWithoutAToken) {
    start();
    EXPECT_EQ(ask_with("", "GET", "/api/v1/nothing").status, 401);
    EXPECT_EQ(ask_with("", "GET", "/api/").status, 401);
    EXPECT_EQ(get("/api/v1/nothing").status, 404);
    EXPECT_EQ(get("/api/v1/status/").status, 404);
    EXPECT_EQ(ask_with("", "GET", "/no/such/file").status, 404);
}

TEST_F(Access, KeepsSomeRoutesForTheUnixSocket) {
    start();
    for (const char* path : {"/api/v1/session/code", "/api/v1/daemon/stop"}) {
        const Answer answer = ask("POST", path, "{}");
        EXPECT_EQ(answer.status, 403);
        EXPECT_EQ(answer.reason(), "socket_only");
    }
    EXPECT_EQ(stops_asked_, 0);
    EXPECT_EQ(ask_locally("POST", "/api/v1/daemon/stop", "{}").status, 202);
    for (int i = 0; i < 100 && stops_asked_ == 0; ++i)
        std::this_thread::sleep_for(10ms);
    EXPECT_EQ(stops_asked_, 1);
}

TEST_F(Access, ServesTheOwnersSocketWithoutAToken) {
    start();
    EXPECT_EQ(ask_locally("GET", "/api/v1/status").status, 200);
    struct stat made {};
    ASSERT_EQ(::stat((folder_.path() / "croftd.sock").c_str(), &made), 0);
    EXPECT_EQ(made.st_mode & 0777, 0660U);
    EXPECT_TRUE(may_use_socket({.uid = ::getuid(), .gid = 12345, .pid = 1}));
    EXPECT_TRUE(may_use_socket({.uid = 0, .gid = 0, .pid = 1}));
    EXPECT_FALSE(may_use_socket({.uid = 54321, .gid = 54321, .pid = 1}));
}

TEST_F(Access, GivesTheMetricsTokenNothingButMetrics) {
    start();
    const std::string token =
        read_file(folder_.path() / "metrics_token", 100).value().substr(0, 64);
    const std::string headers = "Authorization: Bearer " + token + "\r\n";
    EXPECT_NE(ask_with(headers, "GET", "/metrics").body.find("croft_releases{state=\"held\"} 1\n"),
              std::string::npos);
    EXPECT_EQ(ask_with(headers, "GET", "/health/ready").status, 200);
    for (const Asked& asked : every_route()) {
        const bool is_denied =
            asked.access == croft::api::Access::token || asked.access == croft::api::Access::socket;
        if (is_denied) {
            EXPECT_EQ(ask_route(asked, headers).status, 401) << asked.path;
        }
        std::this_thread::sleep_for(25ms);
    }
    TearDown();
    start();
    EXPECT_EQ(ask_with(headers, "GET", "/metrics").status, 200) << "it outlives a restart";
}

TEST_F(Access, KeepsTokensForTheirOwner) {
    start();
    for (const char* name : {"token", "metrics_token"}) {
        struct stat made {};
        ASSERT_EQ(::stat((folder_.path() / name).c_str(), &made), 0);
        EXPECT_EQ(made.st_mode & 0777, 0400U) << name;
        EXPECT_EQ(made.st_size, 65);
    }
}

TEST_F(Access, TakesFiftyRequestsASecond) {
    start();
    test::RawClient client(address_);
    int refused = 0;
    for (int i = 0; i < 80; ++i) {
        const Answer answer =
            answer_of(client, request("GET", "/api/v1/jobs/1", "", authorization()));
        if (answer.status == 429) ++refused;
    }
    EXPECT_GT(refused, 0);
    EXPECT_EQ(ask_with("", "GET", "/health/live").status, 200);
    std::this_thread::sleep_for(200ms);
    EXPECT_EQ(get("/api/v1/status").status, 200);
}

TEST_F(Access, NeverListensBeyondThisComputer) {
    auto far = options();
    far.control_listen = {"0.0.0.0:0"};
    api::Api api(loop_, [] { return test::world_now; }, far, modules(), {}, {});
    const auto started = api.start();
    ASSERT_FALSE(started);
    EXPECT_EQ(started.error().reason, "not_loopback");
}

}  // namespace
}  // namespace croft::api
