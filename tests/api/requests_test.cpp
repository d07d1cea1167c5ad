#include "api/api_fixture.h"
#include "api/problem_impl.h"
#include "api/signature_chain_impl.h"
#include "api/static_files.h"

#include <algorithm>
#include <fstream>

namespace croft::api {
namespace {

using test::Answer;
using test::demo_2;
using test::stand_ins;

class Requests : public test::ApiTest {};

TEST_F(Requests, AreTakenAsJsonOnly) {
    start();
    const std::string path = "/api/v1/releases/demo-2/get";
    EXPECT_EQ(ask_with(authorization() + "Content-Type: text/plain\r\n", "POST", path, "{}").status,
              415);
    EXPECT_EQ(ask_with(authorization() + "Content-Type: application/x-www-form-urlencoded\r\n",
                       "POST", path, "a=b")
                  .status,
              415);
    EXPECT_EQ(
        ask_with(authorization() + "Content-Type: multipart/form-data\r\n", "POST", path, "{}")
            .status,
        415);
    EXPECT_EQ(ask("POST", path, "[]").status, 400);
    EXPECT_EQ(ask("POST", path, "{").reason(), "bad_json");
    EXPECT_EQ(ask("POST", path, R"({"peers":[],"more":1})").reason(), "unknown_member");
    EXPECT_EQ(ask("POST", path, "{\"peers\":[" + std::string(65'000, ' ') + "]}").status, 202);
    EXPECT_EQ(ask("POST", path, "{\"peers\":[" + std::string(66'000, ' ') + "]}").status, 413);
    EXPECT_EQ(ask("GET", "/api/v1/status", "{}").status, 413);
    EXPECT_EQ(stand_ins().changes.size(), 1U);
}

TEST_F(Requests, GivePeersThatCanBeTriedAndNotMany) {
    start();
    const std::string path = "/api/v1/releases/demo-2/get";
    for (const char* peer : {"nonsense", "evil host:1", "127.0.0.1", "127.0.0.1:0",
                             "127.0.0.1:99999", "::1:6881", "", ":1", "host:1/path"}) {
        const Answer refused = ask("POST", path, Json{{"peers", {peer}}}.dump());
        EXPECT_EQ(refused.status, 400) << peer;
        EXPECT_EQ(refused.reason(), "bad_peer") << peer;
    }
    const std::vector<std::string> many(101, "127.0.0.1:6881");
    EXPECT_EQ(ask("POST", path, Json{{"peers", many}}.dump()).reason(), "too_many_peers");
    EXPECT_TRUE(stand_ins().changes.empty());
    const std::vector<std::string> good{"127.0.0.1:6881", "[::1]:6881", "peer.example:1"};
    EXPECT_EQ(ask("POST", path, Json{{"peers", good}}.dump()).status, 202);
}

TEST_F(Requests, ShareOnesOwnFeedAgain) {
    start();
    const std::string path = "/api/v1/publishers";
    ASSERT_EQ(ask_locally("POST", path, R"({"source":"/srv/feed"})").status, 200);
    EXPECT_EQ(stand_ins().changes.back(), "follow /srv/feed");
    ASSERT_EQ(ask_locally("POST", path, R"({"source":"/srv/feed","own":true})").status, 200);
    EXPECT_TRUE(stand_ins().changes.back().starts_with("share again "));
}

TEST_F(Requests, ShowWhatNeedsTheUserWithItsMend) {
    start();
    const auto mends = [&] {
        std::map<std::string, std::string> found;
        const Json problems = get("/api/v1/status").json()["problems"];
        for (const Json& problem : problems)
            found[problem["reason"]] = problem.value("command", "");
        return found;
    };
    stand_ins().problems = {
        {{Errc::conflict, "pins_over_budget", "too much"}, "the budget", "mend"}};
    EXPECT_EQ(mends()["pins_over_budget"], "mend");
    stand_ins().roots.front().problem = Error{Errc::not_found, "disk_absent", "absent"};
    EXPECT_EQ(mends()["disk_absent"], "mount " + stand_ins().roots.front().path.native());
    auto& release = stand_ins().releases.front();
    const std::string name = release.entry.release.text();
    release.problem = Error{Errc::unavailable, "no_peers", "nobody"};
    EXPECT_EQ(mends()["no_peers"], "croft get " + name + " --peer HOST:PORT");
    release.problem = Error{Errc::withdrawn, "malware", "taken back"};
    EXPECT_EQ(mends()["malware"], "croft mirror drop " + name);
}

TEST_F(Requests, NameFoldersOverTheUnixSocketOnly) {
    start();
    const std::string folder = R"({"source":"/srv/feed"})",
                      own = R"({"source":"https://a.example/","own":true})";
    for (const std::string& path :
         {std::string("/api/v1/publishers"), std::string("/api/v1/publishers/preview")}) {
        for (const std::string& body :
             {folder, own, std::string(R"({"source":"file:///srv/feed"})"),
              std::string(R"({"source":"feed"})")}) {
            const Answer refused = ask("POST", path, body);
            EXPECT_EQ(refused.status, 403) << body;
            EXPECT_EQ(refused.reason(), "socket_only");
        }
    }
    EXPECT_TRUE(stand_ins().changes.empty());
    EXPECT_EQ(ask_locally("POST", "/api/v1/publishers", folder).status, 200);
    EXPECT_EQ(stand_ins().changes.back(), "follow /srv/feed");
}

TEST_F(Requests, AnswerRefusalsOfTheModulesWithTheirCode) {
    start();
    const std::pair<Errc, int> cases[] = {{Errc::no_space, 507},    {Errc::conflict, 409},
                                          {Errc::withdrawn, 422},   {Errc::unavailable, 503},
                                          {Errc::not_allowed, 403}, {Errc::io, 500}};
    for (const auto& [code, status] : cases) {
        stand_ins().refuses = Error{code, "a_reason", "it says why"};
        for (const char* verb : {"get", "pin", "unpin", "pause", "resume", "drop"}) {
            const Answer answer = ask("POST", "/api/v1/releases/demo-2/" + std::string(verb), "{}");
            EXPECT_EQ(answer.status, status) << verb;
            EXPECT_TRUE(answer.has_header("Content-Type: application/problem+json"));
            EXPECT_EQ(answer.json().at("code"), name_of(code));
            EXPECT_EQ(answer.json().at("detail"), "it says why");
        }
    }
    EXPECT_EQ(ask("DELETE", "/api/v1/publishers/example").status, 500);
    EXPECT_EQ(ask("PUT", "/api/v1/mirror/policy", "{}").status, 500);
}

TEST_F(Requests, WaitForDocumentsThatNobodyHas) {
    start();
    for (const char* below : {"files", "pieces", "signatures", "torrent"}) {
        const Answer answer = get("/api/v1/releases/papers-12/" + std::string(below));
        EXPECT_EQ(answer.status, 503) << below;
        EXPECT_EQ(answer.reason(), "no_documents");
        EXPECT_TRUE(answer.has_header("Retry-After: 2"));
    }
    EXPECT_EQ(get("/api/v1/releases/papers-12").json().at("state"), "queued");
}

TEST_F(Requests, ListOneFolderAtATime) {
    start();
    const Json data = get("/api/v1/releases/demo-2/files?parent=data").json();
    EXPECT_EQ(data.at("total"), 3);
    EXPECT_EQ(data.at("entries")[0].at("path").get<std::string>().substr(0, 5), "data/");
    EXPECT_EQ(get("/api/v1/releases/demo-2/files?parent=no/such").json().at("entries"),
              Json::array());
    EXPECT_EQ(
        get("/api/v1/releases/demo-2/files?limit=1&offset=2").json().at("entries")[0].at("name"),
        "same");
}

// Strings that a publisher may choose reach the page as JSON text and as nothing else.
TEST_F(Requests, CarryForeignTextAsJsonOnly) {
    const std::vector<std::string> strings{"<script>alert(1)</script>",
                                           "\"><img src=x onerror=alert(1)>",
                                           "javascript:alert(1)",
                                           "</title><svg onload=alert(1)>",
                                           "\\u003cscript\\u003e",
                                           "${alert(1)}",
                                           "{{constructor}}",
                                           "\u2028\u2029",
                                           "\u202Egnp.exe",
                                           "a\r\nSet-Cookie: x=1",
                                           "<!--",
                                           "]]>"};
    stand_ins().releases.resize(1);
    for (const std::string& text : strings) {
        auto& release = stand_ins().releases.front();
        release.entry.title = {{"en", text}};
        release.petname = text;
        release.problem = Error{Errc::io, "x", text};
        release.waits_for = text;
        auto& publisher = stand_ins().publishers.front();
        publisher.claimed_name = text;
        publisher.last_error = Error{Errc::io, "x", text};
        if (!api_) start();
        for (const char* path : {"/api/v1/releases", "/api/v1/publishers", "/api/v1/status",
                                 "/api/v1/releases/demo-1"}) {
            const Answer answer = get(path);
            EXPECT_EQ(answer.status, 200);
            EXPECT_TRUE(answer.has_header("Content-Type: application/json"));
            EXPECT_TRUE(answer.has_header("X-Content-Type-Options: nosniff"));
            EXPECT_NE(answer.json().dump().find(Json(text).dump()), std::string::npos) << text;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(80));
    }
}

TEST_F(Requests, ShowThePageOrHowToGetOne) {
    const test::TemporaryFolder page;
    std::ofstream(page.path() / "index.html") << "<!doctype html>a page";
    std::ofstream(page.path() / "app.js") << "1";
    std::ofstream(page.path() / "licences.txt") << "whose work it is";
    std::ofstream(page.path() / ".env") << "secret";
    auto with_folder = options();
    with_folder.webui_folder = page.path();
    start(with_folder);
    const Answer index = ask_with("", "GET", "/");
    EXPECT_EQ(index.body, "<!doctype html>a page");
    EXPECT_TRUE(index.has_header("Content-Type: text/html; charset=utf-8"));
    EXPECT_TRUE(
        ask_with("", "GET", "/app.js").has_header("Content-Type: text/javascript; charset=utf-8"));
    const Answer licences = ask_with("", "GET", "/licences.txt");
    EXPECT_EQ(licences.body, "whose work it is");
    EXPECT_TRUE(licences.has_header("Content-Type: text/plain; charset=utf-8"));
    for (const char* path : {"/.env", "/nothing.js", "/%2e%2e/x", "/token"})
        EXPECT_GE(ask_with("", "GET", path).status, 400) << path;
    EXPECT_EQ(ask_with("", "POST", "/").status, 405);
}

TEST_F(Requests, ServeTheEmbeddedPage) {
    start();
    const Answer index = ask_with("", "GET", "/");
    EXPECT_EQ(index.status, 200);
    EXPECT_TRUE(index.has_header("Content-Type: text/html; charset=utf-8"));
    EXPECT_TRUE(index.body.starts_with("<!doctype html>")) << index.body;
    const auto at = index.head.find("ETag: ");
    if (at == std::string::npos) GTEST_SKIP() << "built without the page";
    const std::string etag = index.head.substr(at + 6, index.head.find('\r', at) - at - 6);
    EXPECT_EQ(ask_with("If-None-Match: " + etag + "\r\n", "GET", "/").status, 304);
    const Answer packed = ask_with("Accept-Encoding: gzip\r\n", "GET", "/");
    EXPECT_TRUE(packed.has_header("Content-Encoding: gzip"));
    EXPECT_TRUE(packed.body.starts_with("\x1f\x8b"));
    const Answer licences = ask_with("", "GET", "/licences.txt");
    EXPECT_TRUE(licences.has_header("Content-Type: text/plain; charset=utf-8"));
    EXPECT_NE(licences.body.find("Preact"), std::string::npos);
}

TEST_F(Requests, ShowTheBudgetThatWasSetMeanwhile) {
    start();
    const auto shown = [&] {
        const Json all = get("/api/v1/settings").json();
        for (const Json& setting : all["settings"]) {
            if (setting["key"] == "mirror.budget") return setting;
        }
        return Json();
    };
    stand_ins().budget = 12345;
    EXPECT_EQ(shown()["value"], "12345");
    EXPECT_EQ(shown()["origin"], "set");
    stand_ins().budget.reset();
    EXPECT_EQ(shown()["value"], "");
    EXPECT_EQ(shown()["origin"], "built_in");
}

TEST_F(Requests, CountAsHeldOfAPublisherOnlyWhatItOffers) {
    start();
    auto& release = stand_ins().releases.front();
    const auto row = [&] { return get("/api/v1/publishers/" + release.publisher.hex()).json(); };
    release.state = library::State::held;
    release.offered = true;
    const Json before = row();
    release.offered = false;
    const Json after = row();
    for (const char* count : {"releases", "held"})
        EXPECT_EQ(after[count].get<int>(), before[count].get<int>() - 1) << count;
    const auto size = release.entry.total_size;
    EXPECT_EQ(after["held_bytes"].get<std::uint64_t>() + size,
              before["held_bytes"].get<std::uint64_t>());
}

TEST_F(Requests, NameTheCommandThatTakesAnUpdateWhichWaits) {
    start();
    auto& publisher = stand_ins().publishers.front();
    publisher.last_error = Error{Errc::conflict, "mass_change", "takes much away"};
    publisher.waiting = feeds::Waiting{58, {"demo"}};
    const Json problems = get("/api/v1/status").json()["problems"];
    const auto named = std::ranges::find_if(problems, [&](const Json& problem) {
        return problem.value("publisher", "") == publisher.id.hex();
    });
    ASSERT_NE(named, problems.end());
    EXPECT_EQ((*named)["command"], "croft api POST /publishers/" + publisher.id.hex() + "/accept");
}

TEST_F(Requests, SayWhetherTheDiskIsThere) {
    start();
    EXPECT_EQ(ask_with("", "GET", "/health/live").status, 200);
    EXPECT_EQ(get("/health/ready").status, 200);
    stand_ins().roots.front().is_present = false;
    const Answer absent = get("/health/ready");
    EXPECT_EQ(absent.status, 503);
    EXPECT_EQ(absent.reason(), "disk_absent");
}

TEST_F(Requests, GuessCodesSlowly) {
    start();
    int slowed = 0;
    for (int i = 0; i < 40; ++i)
        slowed +=
            ask_with("", "POST", "/api/v1/session", R"({"code":"AAAA-AAAA-AAAA"})").status == 429
                ? 1
                : 0;
    EXPECT_GT(slowed, 0);
}

TEST(ShellWord, QuotesWhatAShellWouldReadOtherwise) {
    EXPECT_EQ(shell_word("bundles/demo-2"), "bundles/demo-2");
    EXPECT_EQ(shell_word(""), "''");
    EXPECT_EQ(shell_word("a b"), "'a b'");
    EXPECT_EQ(shell_word("$(rm -r ~)"), "'$(rm -r ~)'");
    EXPECT_EQ(shell_word("it's"), "'it'\\''s'");
    EXPECT_EQ(shell_word("~x"), "'~x'");
}

TEST(Problem, HasAStatusForEveryCode) {
    EXPECT_EQ(status_of(Errc::invalid_argument), 400);
    EXPECT_EQ(status_of(Errc::rollback), 422);
    EXPECT_EQ(status_of(Errc::no_space), 507);
    for (int code = 0; code <= static_cast<int>(Errc::io); ++code)
        EXPECT_GE(status_of(static_cast<Errc>(code)), 400);
}

}  // namespace
}  // namespace croft::api
