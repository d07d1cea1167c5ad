#include "api/world.h"

#include "api/stand_ins.h"
#include "bundle/feed_folder.h"
#include "bundle/torrent.h"
#include "testing/vectors.h"

#include <algorithm>

namespace croft::test {
namespace {

using library::ReleaseView;
using library::State;

Time time_of(const char* text) { return *parse_utc(text); }

catalog::FollowerState follower_state() {
    const auto feed = bundle::read_feed(vector_folder() / "docs/feed-58").value();
    const auto begun =
        catalog::begin(*catalog::PublisherId::parse(publisher_id), feed.publishers, world_now);
    return catalog::accept(begun.value(), feed, world_now).value().state;
}

feeds::Publisher publisher() {
    feeds::Publisher made;
    made.state = std::make_shared<const catalog::FollowerState>(follower_state());
    made.id = made.state->id;
    made.petname = "example";
    made.claimed_name = made.state->publisher.name;
    made.sources = {"https://archive.example/feed/"};
    made.peers = {"192.0.2.7:51413"};
    made.confirmed = true;
    made.followed_at = time_of("2026-11-02T07:59:00Z");
    made.last_news = time_of("2026-11-20T06:00:00Z");
    return made;
}

/// Documents as the vectors hold them.
std::shared_ptr<const library::Documents> documents_of(const std::string& release) {
    const auto folder = vector_folder() / "docs/feed-58";
    auto bytes = bundle::read_signed(folder, "releases/" + release + ".json", 1 << 20).value();
    const auto pinned = trust::pinned(bytes.document, trust::sha256(bytes.document));
    library::Documents documents{
        .release = catalog::parse_release(*pinned).value(),
        .release_bytes = std::move(bytes),
        .torrent_bytes = read_vector("docs/feed-58/torrents/" + release + ".torrent"),
        .torrent = {},
        .sums = {}};
    documents.torrent = bundle::parse_torrent(documents.torrent_bytes).value();
    return std::make_shared<const library::Documents>(std::move(documents));
}

ReleaseView view_of(const library::Documents& documents) {
    const catalog::Release& release = documents.release;
    ReleaseView view;
    view.id = release.torrent.btmh;
    view.publisher = release.publisher;
    view.petname = "example";
    view.entry = {.release = release.release,
                  .kind = release.kind,
                  .title = release.title,
                  .languages = release.languages,
                  .licence = release.licence,
                  .total_size = release.total_size,
                  .btih = release.torrent.btih,
                  .bundle = release.torrent.btmh,
                  .manifest = {}};
    view.created = release.created;
    view.folder = "/var/lib/croft/df053e80dcc48621/bundles/" + release.release.text();
    return view;
}

/// A release that only the catalogue knows.
ReleaseView offered_view(const char* name, std::uint64_t serial, catalog::Kind kind) {
    ReleaseView view;
    view.publisher = *catalog::PublisherId::parse(publisher_id);
    view.petname = "example";
    view.entry.release = {name, serial};
    view.entry.kind = kind;
    view.entry.languages = {"en"};
    view.entry.licence = "CC-BY-4.0";
    view.offered = view.newest = true;
    return view;
}

Sha256 repeated(const char* pair) {
    std::string digits;
    for (int i = 0; i < 32; ++i)
        digits += pair;
    return *Sha256::from_hex(digits);
}

Sha1 repeated_sha1(const char* pair) {
    std::string digits;
    for (int i = 0; i < 20; ++i)
        digits += pair;
    return *Sha1::from_hex(digits);
}

void add_demos(StandIns& world) {
    const auto demo_1_documents = documents_of("demo-1"), demo_2_documents = documents_of("demo-2");
    ReleaseView first = view_of(*demo_1_documents);
    first.state = State::fetching;
    first.done_bytes = 131072;
    first.down_rate = 65536;
    first.peers = first.seeds = 1;
    ReleaseView second = view_of(*demo_2_documents);
    second.version = demo_2_documents->release.version;
    second.state = State::held;
    second.pinned = second.offered = second.newest = true;
    second.done_bytes = second.entry.total_size;
    second.up_rate = 16384;
    second.sent_bytes = 618362;
    second.peers = 2;
    second.seeds = 1;
    second.known_seeds = 3;
    second.held_since = second.proved_at = time_of("2026-11-02T08:00:00Z");
    world.releases = {first, second};
    world.documents = {{first.id, demo_1_documents}, {second.id, demo_2_documents}};
}

void add_others(StandIns& world) {
    ReleaseView media = offered_view("media", 7, catalog::Kind::media);
    media.id = {repeated("5c")};
    media.entry.btih = repeated_sha1("1f");
    media.entry.title = {{"en", "Recordings"}};
    media.created = time_of("2026-10-01T00:00:00Z");
    media.entry.total_size = 4'294'967'296;
    media.done_bytes = 4'290'772'992;
    media.state = State::failed;
    media.folder = "/var/lib/croft/df053e80dcc48621/bundles/media-7";
    media.problem =
        Error{Errc::damaged, "files_damaged", "2 of 40 files differ from what was signed"};
    ReleaseView papers = offered_view("papers", 12, catalog::Kind::papers);
    papers.id = {repeated("7e")};
    papers.entry.btih = repeated_sha1("2a");
    papers.entry.title = {{"en", "Papers"}};
    papers.created = time_of("2026-09-15T12:30:00Z");
    papers.entry.total_size = 2'147'483'648;
    papers.state = State::queued;
    papers.waits_for = "no source has answered yet";
    world.releases.push_back(std::move(media));
    world.releases.push_back(std::move(papers));
}

}  // namespace

void fill_world() {
    renew_stand_ins();
    StandIns& world = stand_ins();
    world.publishers = {publisher()};
    add_demos(world);
    add_others(world);
    world.budget = 536'870'912'000;
    world.used_bytes = 4'295'276'477;
    world.roots = {{.path = "/var/lib/croft",
                    .is_present = true,
                    .free_bytes = 871'878'361'088,
                    .problem = std::nullopt}};
}

void add_releases(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        ReleaseView view = stand_ins().releases[i % 2];
        view.entry.release = {"work-" + std::to_string(i * 7919 % count) + "x", i};
        std::copy_n(reinterpret_cast<const std::uint8_t*>(&i), sizeof i,
                    view.id.info_hash_v2.bytes.begin());
        stand_ins().releases.push_back(std::move(view));
    }
}

}  // namespace croft::test
