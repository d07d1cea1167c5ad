#include "api/api_fixture.h"

namespace croft::api {
namespace {

using test::Answer;
using test::demo_2;
using test::publisher_id;
using test::stand_ins;

/// Every reply as the page and the command know it: tests/api/golden.
class Golden : public test::ApiTest {
protected:
    static nlohmann::json golden(const std::string& name) {
        return nlohmann::json::parse(
            read_file(CROFT_TEST_SOURCE "/api/golden/" + name + ".json", 1 << 20).value());
    }

    static void expect_golden(const Answer& answer, const std::string& name, int status = 200) {
        EXPECT_EQ(answer.status, status) << answer.body;
        const auto actual = nlohmann::json::parse(answer.body, nullptr, false);
        const auto expected = golden(name);
        EXPECT_EQ(actual, expected) << nlohmann::json::diff(expected, actual).dump(1);
    }

    void play_totals() {
        on_loop([this] {
            api_->publish(
                swarm::Event(swarm::Totals{.down_rate = 65536,
                                           .up_rate = 16384,
                                           .received_bytes = 440253,
                                           .sent_bytes = 618362,
                                           .peers = 3,
                                           .dht_nodes = 214,
                                           .listening = {"127.0.0.1:51413", "[::1]:51413"}}));
        });
    }

    static Error source_failed() {
        return {Errc::unavailable, "http_status",
                "https://archive.example/feed/catalogue.json answered 502; trying again within the "
                "hour"};
    }
};

TEST_F(Golden, Status) {
    stand_ins().publishers.front().last_error = source_failed();
    start();
    play_totals();
    Answer answer = get("/api/v1/status");
    Json status = answer.json();
    EXPECT_EQ(status["control"], Json::array({address_}));
    EXPECT_EQ(status["started_at"], "2026-11-22T10:15:30Z");
    const auto expected = golden("status");
    for (const char* differs : {"control", "started_at", "loop_lag_ms"})
        status[differs] = expected.at(differs);
    answer.body = text_of(status);
    expect_golden(answer, "status");
}

TEST_F(Golden, Publishers) {
    stand_ins().releases.resize(2);
    start();
    expect_golden(get("/api/v1/publishers/example"), "publisher");
    expect_golden(get("/api/v1/publishers/" + publisher_id), "publisher");
    stand_ins().publishers.front().last_error = source_failed();
    expect_golden(get("/api/v1/publishers"), "publishers");
}

TEST_F(Golden, Following) {
    stand_ins().releases.resize(2);
    const auto& state = stand_ins().publishers.front().state;
    stand_ins().preview = feeds::Preview{
        .id = state->id,
        .fingerprint = catalog::fingerprint(state->id),
        .claimed_name = state->publisher.name,
        .newest_created = state->catalogue->created,
        .stale = false,
        .anchored = true,
        .already_followed = false,
        .warnings = {"its name looks like “example open archive”, which you follow already"},
        .offers = {{catalog::Kind::other, {1, 309'181}}},
        .state = state};
    start();
    const std::string request = golden("follow.request").dump();
    expect_golden(ask("POST", "/api/v1/publishers/preview", request), "preview");
    expect_golden(ask("POST", "/api/v1/publishers", request), "publisher");
    expect_golden(
        ask("PATCH", "/api/v1/publishers/example", R"({"petname":"p2","confirmed":true})"),
        "publisher");
    expect_golden(ask("POST", "/api/v1/publishers/example/check", "{}"), "check");
    expect_golden(ask("POST", "/api/v1/publishers/example/accept", "{}"), "publisher");
    EXPECT_EQ(ask("DELETE", "/api/v1/publishers/example").json(), Json({{"id", publisher_id}}));
    EXPECT_THAT(stand_ins().changes,
                testing::ElementsAre(testing::StartsWith("follow magnet:?xs=urn:btpk:"),
                                     "rename " + publisher_id + " p2", "confirm " + publisher_id,
                                     "check " + publisher_id, "accept " + publisher_id,
                                     "unfollow " + publisher_id));
}

TEST_F(Golden, Releases) {
    start();
    expect_golden(get("/api/v1/releases"), "releases");
    expect_golden(get("/api/v1/releases/" + demo_2), "release");
    expect_golden(get("/api/v1/releases/demo-2"), "release");
    expect_golden(get("/api/v1/releases/demo-2/files"), "files");
    expect_golden(get("/api/v1/releases/demo-2/signatures"), "signatures");
}

TEST_F(Golden, Versions) {
    stand_ins().releases.front().state = library::State::held;
    start();
    expect_golden(get("/api/v1/releases/demo-2/versions"), "versions");
}

TEST_F(Golden, PeersAndPieces) {
    const test::TemporaryFolder root;
    start();
    on_loop([&] {
        const catalog::BundleId id = stand_ins().releases.at(1).id;
        swarm_.add({.torrent = stand_ins().documents.at(id)->torrent,
                    .trackers = {},
                    .peers = {},
                    .folder = root.path() / "demo-2",
                    .resume_data = {},
                    .have_all = true});
        swarm_.set_peers(id, {{.address = "192.0.2.7:51413",
                               .client = "croft/0.1.0",
                               .progress = 1,
                               .down_rate = 0,
                               .up_rate = 0,
                               .is_seed = true},
                              {.address = "[2001:db8::2]:6881",
                               .client = "aria2/1.36.0",
                               .progress = 0.5,
                               .down_rate = 0,
                               .up_rate = 16384,
                               .is_seed = false}});
    });
    expect_golden(get("/api/v1/releases/demo-2/peers"), "peers");
    expect_golden(get("/api/v1/releases/demo-2/pieces"), "pieces");
}

TEST_F(Golden, ExactBytes) {
    start();
    const Answer torrent = get("/api/v1/releases/demo-2/torrent");
    EXPECT_EQ(torrent.body, test::read_vector("docs/feed-58/torrents/demo-2.torrent"));
    EXPECT_TRUE(torrent.has_header("Content-Type: application/x-bittorrent"));
    EXPECT_TRUE(torrent.has_header("Content-Disposition: attachment; filename=\"demo-2.torrent\""));
    for (const char* name :
         {"publisher.1.json", "publisher.1.json.minisig",
          "publisher.1.json.E7AB74853166E261.minisig", "publisher.2.json.160CF29E96BFD103.minisig",
          "catalogue.json", "catalogue.json.minisig", "releases/demo-2.json",
          "releases/demo-2.json.minisig", "torrents/demo-2.torrent"}) {
        const Answer document = get("/api/v1/publishers/example/documents/" + std::string(name));
        EXPECT_EQ(document.body, test::read_vector("docs/feed-58/" + std::string(name))) << name;
        EXPECT_TRUE(document.has_header("Content-Type: application/octet-stream"));
    }
    for (const char* name :
         {"publisher.3.json", "catalogue.json.x", "releases/demo-9.json", "a/b/c"})
        EXPECT_EQ(get("/api/v1/publishers/example/documents/" + std::string(name)).status, 404)
            << name;
}

TEST_F(Golden, Changes) {
    start();
    Answer got = ask("POST", "/api/v1/releases/demo-2/get", R"({"peers":["192.0.2.7:51413"]})");
    Json accepted = got.json();
    EXPECT_EQ(accepted["job"]["id"], 1);
    accepted["job"]["id"] = 7;
    got.body = text_of(accepted);
    expect_golden(got, "accepted", 202);
    for (const char* verb : {"pin", "unpin", "pause", "resume"})
        expect_golden(ask("POST", "/api/v1/releases/demo-2/" + std::string(verb)), "release");
    expect_golden(ask("POST", "/api/v1/releases/demo-2/drop", "{}"), "gone");
    EXPECT_THAT(stand_ins().changes,
                testing::ElementsAre("get " + demo_2 + " 192.0.2.7:51413", "pin " + demo_2,
                                     "unpin " + demo_2, "pause " + demo_2, "resume " + demo_2,
                                     "drop " + demo_2));
}

TEST_F(Golden, Mirror) {
    stand_ins().plan = {
        .fetch = {{stand_ins().releases[3].id, "newest, and it fits"}},
        .keep = {{stand_ins().releases[1].id, "pinned by you"}},
        .evict = {{stand_ins().releases[0].id, "no longer offered, and a newer edition is held"}},
        .skip = {{stand_ins().releases[2].id, "does not fit: needs 4 TiB, 494 GiB are left"}},
        .planned_bytes = 6'442'760'125};
    stand_ins().releases[2].entry.total_size = 4'398'046'511'104;
    start();
    expect_golden(get("/api/v1/mirror/plan"), "plan");
    expect_golden(ask("POST", "/api/v1/mirror/plan", R"({"budget_bytes":536870912000})"), "plan");
    expect_golden(get("/api/v1/mirror/policy"), "policy");
    expect_golden(ask("PUT", "/api/v1/mirror/policy", R"({"budget_bytes":536870912000})"),
                  "policy");
    EXPECT_FALSE(ask("PUT", "/api/v1/mirror/policy", "{}").json().contains("budget_bytes"));
    EXPECT_THAT(stand_ins().changes, testing::ElementsAre("budget 536870912000", "budget none"));
}

TEST_F(Golden, LockedPolicy) {
    settings_[3] = {"mirror.budget", "536870912000", "file", "/etc/croft/croft.toml", true};
    start();
    expect_golden(get("/api/v1/mirror/policy"), "policy.locked");
    const Answer refused = ask("PUT", "/api/v1/mirror/policy", R"({"budget_bytes":1})");
    EXPECT_EQ(refused.status, 409);
    EXPECT_EQ(refused.reason(), "setting_locked");
    EXPECT_TRUE(stand_ins().changes.empty());
}

TEST_F(Golden, Settings) {
    settings_.pop_back();
    start();
    expect_golden(get("/api/v1/settings"), "settings");
}

TEST_F(Golden, Journal) {
    for (std::uint64_t id = 1; id <= 40; ++id)
        journal_.push_back({id, test::world_now, "accepted", "", "", "an older line", "info"});
    journal_.push_back({41, *parse_utc("2026-11-02T08:00:00Z"), "held", publisher_id, demo_2,
                        "demo-2 is held: 8 files, each proved", "info"});
    start();
    on_loop([&] {
        api_->publish(
            store::JournalEntry{42, *parse_utc("2026-11-22T10:15:00Z"), "refused", publisher_id, "",
                                "an older catalogue was offered: 57, we have 58", "problem"});
    });
    expect_golden(get("/api/v1/journal?limit=2"), "journal");
    EXPECT_EQ(get("/api/v1/journal?before=3").json().at("entries").size(), 2U);
}

TEST_F(Golden, Jobs) {
    Jobs& jobs = stand_ins().jobs;
    for (int i = 0; i < 6; ++i)
        jobs.start("get", "another");
    jobs.progress(jobs.start("get", "demo-2"), 131072, 309181);
    jobs.finish(
        jobs.start("get", "papers-12"),
        fail(Errc::no_space, "disk_full", "writing papers-12: no space is left on the disk"));
    start();
    expect_golden(get("/api/v1/jobs/7"), "job");
    expect_golden(get("/api/v1/jobs/8"), "job.failed");
    EXPECT_EQ(get("/api/v1/jobs/9").status, 404);
    EXPECT_EQ(get("/api/v1/jobs/x").status, 404);
}

TEST_F(Golden, Problems) {
    library::ReleaseView other = stand_ins().releases[1];
    std::string digits;
    for (int i = 0; i < 32; ++i)
        digits += "3b";
    other.id = {*Sha256::from_hex(digits)};
    other.publisher = *catalog::PublisherId::parse(std::string(64, 'a'));
    other.petname = "mirror";
    stand_ins().releases.push_back(other);
    start();
    expect_golden(get("/api/v1/releases/wiki-58"), "problem", 404);
    expect_golden(get("/api/v1/releases/demo-2"), "problem.ambiguous", 409);
    expect_golden(get("/api/v1/releases/demo-2?publisher=example"), "release");
    expect_golden(ask_with("", "GET", "/api/v1/status"), "problem.unauthorized", 401);
}

TEST_F(Golden, Session) {
    start();
    const Json code = ask_locally("POST", "/api/v1/session/code", "{}").json();
    EXPECT_THAT(code.at("code").get<std::string>(),
                testing::MatchesRegex("[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}"));
    EXPECT_EQ(code.at("expires_in"), golden("session_code").at("expires_in"));
    EXPECT_EQ(code.at("url"), "http://" + address_ + "/#c=" + code.at("code").get<std::string>());
    const std::string request = text_of({{"code", code.at("code")}});
    const Answer session = ask_with("", "POST", "/api/v1/session", request);
    EXPECT_EQ(session.json(), Json({{"token", token_}}));
    const Answer again = ask_with("", "POST", "/api/v1/session", request);
    EXPECT_EQ(again.status, 401);
    EXPECT_EQ(again.reason(), "bad_code");
}

}  // namespace
}  // namespace croft::api
