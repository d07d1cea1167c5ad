#include "api/problem_impl.h"
#include "api/shapes_impl.h"
#include "bundle/feed_folder.h"
#include "catalog/follow_uri.h"

#include <algorithm>
#include <set>

namespace croft::api {
namespace {

Json translations(const catalog::Translations& texts) {
    Json object = Json::object();
    for (const auto& [language, text] : texts)
        object[language] = text;
    return object;
}

/// What a publisher prints for others to follow it; none while its documents are not here.
std::optional<std::string> follow_uri(const feeds::Publisher& publisher) {
    const catalog::Publisher& document = publisher.state->publisher;
    if (document.beacon.keys.empty()) return std::nullopt;
    return catalog::FollowUri{.beacon_key = document.beacon.keys.front().ed25519,
                              .salt = document.beacon_salt,
                              .name = document.name,
                              .publisher = publisher.id,
                              .feeds = document.feeds,
                              .peers = publisher.peers}
        .text();
}

Json languages_of(const std::optional<catalog::Catalogue>& catalogue) {
    std::set<std::string> languages;
    if (catalogue) {
        for (const auto& entry : catalogue->releases)
            languages.insert(entry.languages.begin(), entry.languages.end());
    }
    return languages;
}

Json role(const catalog::Publisher::Role& role) {
    Json keys = Json::array();
    for (const auto& each : role.keys)
        keys.push_back(key(each));
    return {{"threshold", role.threshold}, {"keys", std::move(keys)}};
}

Json document_row(const std::string& name, const Sha256& hash, std::string_view bytes) {
    return {{"name", name}, {"sha256", hash.hex()}, {"size_bytes", bytes.size()}};
}

Json documents_of(const catalog::FollowerState& state) {
    Json documents = Json::array();
    for (std::size_t i = 0; i < state.publisher_chain.size(); ++i) {
        const std::string& bytes = state.publisher_chain[i];
        documents.push_back(
            document_row(bundle::layout::publisher(i + 1), trust::sha256(bytes), bytes));
    }
    if (!state.catalogue_bytes.empty()) {
        documents.push_back(document_row(std::string(bundle::layout::catalogue),
                                         state.catalogue_hash, state.catalogue_bytes));
    }
    return documents;
}

std::string_view name_of_state(Jobs::State state) {
    switch (state) {
        case Jobs::State::running: return "running";
        case Jobs::State::done: return "done";
        case Jobs::State::failed: return "failed";
    }
    return "failed";
}

void put_progress(Json& row, const library::ReleaseView& release) {
    row["done_bytes"] = release.done_bytes;
    row["down_rate"] = release.down_rate;
    row["up_rate"] = release.up_rate;
    row["sent_bytes"] = release.sent_bytes;
    row["peers"] = release.peers;
    row["seeds"] = release.seeds;
    put(row, "known_seeds", release.known_seeds);
    put(row, "held_since", release.held_since);
    put(row, "proved_at", release.proved_at);
    put_text(row, "folder", release.folder);
    if (release.problem) row["problem"] = problem_member(*release.problem);
    put_text(row, "waits_for", release.waits_for);
}

}  // namespace

std::map<catalog::PublisherId, Figures> figures_of(
    std::span<const library::ReleaseView* const> releases) {
    std::map<catalog::PublisherId, Figures> all;
    for (const library::ReleaseView* release : releases) {
        if (!release->offered) continue;
        Figures& figures = all[release->publisher];
        ++figures.releases;
        figures.offered_bytes += release->entry.total_size;
        if (release->state == library::State::held) {
            ++figures.held;
            figures.held_bytes += release->entry.total_size;
        }
    }
    return all;
}

Json key(const trust::PublicKey& key) {
    return {{"key", key.hex()}, {"key_id", key.id.text()}, {"minisign", key.minisign()}};
}

Json publisher_row(const feeds::Publisher& publisher, const Figures& figures) {
    const catalog::FollowerState& state = *publisher.state;
    Json row{{"id", publisher.id.hex()},
             {"fingerprint", catalog::fingerprint(publisher.id)},
             {"petname", publisher.petname},
             {"claimed_name", publisher.claimed_name}};
    put_text(row, "homepage", state.publisher.homepage);
    row["sources"] = publisher.sources;
    row["peers"] = publisher.peers;
    put(row, "uri", follow_uri(publisher));
    row["confirmed"] = publisher.confirmed;
    row["own"] = publisher.own;
    row["followed_at"] = format_utc(publisher.followed_at);
    put(row, "last_news", publisher.last_news);
    row["stale"] = publisher.stale;
    row["final"] = state.catalogue && state.catalogue->final;
    row["equivocated"] = publisher.equivocated;
    row["clock_warning"] = publisher.clock_warning;
    row["version"] = state.publisher.version;
    if (state.catalogue) {
        row["catalogue_version"] = state.catalogue->version;
        row["catalogue_created"] = format_utc(state.catalogue->created);
        put(row, "catalogue_expires", state.catalogue->expires);
    }
    row["languages"] = languages_of(state.catalogue);
    row["releases"] = figures.releases;
    row["held"] = figures.held;
    row["offered_bytes"] = figures.offered_bytes;
    row["held_bytes"] = figures.held_bytes;
    if (publisher.waiting) {
        row["waiting"] = {{"catalogue_version", publisher.waiting->catalogue_version},
                          {"lost_names", publisher.waiting->lost_names}};
    }
    if (publisher.last_error) row["problem"] = problem_member(*publisher.last_error);
    return row;
}

Json publisher_alone(const feeds::Publisher& publisher, const Figures& figures) {
    const catalog::Publisher& document = publisher.state->publisher;
    Json alone = publisher_row(publisher, figures);
    alone["roles"] = {{"root", role(document.root)},
                      {"release", role(document.release)},
                      {"beacon", role(document.beacon)}};
    alone["revoked"] = Json::array();
    for (const auto& revoked : document.revoked) {
        alone["revoked"].push_back({{"key", revoked.key.hex()},
                                    {"from_catalogue", revoked.from_catalogue},
                                    {"reason", revoked.reason}});
    }
    alone["documents"] = documents_of(*publisher.state);
    return alone;
}

Json preview(const feeds::Preview& preview) {
    std::uint64_t releases = 0, size = 0;
    Json kinds = Json::array();
    for (const auto& [kind, offer] : preview.offers) {
        releases += offer.releases;
        size += offer.size_bytes;
        kinds.push_back({{"kind", catalog::name_of(kind)},
                         {"releases", offer.releases},
                         {"size_bytes", offer.size_bytes}});
    }
    return {{"id", preview.id.hex()},
            {"fingerprint", preview.fingerprint},
            {"claimed_name", preview.claimed_name},
            {"newest_created", format_utc(preview.newest_created)},
            {"stale", preview.stale},
            {"anchored", preview.anchored},
            {"already_followed", preview.already_followed},
            {"warnings", preview.warnings},
            {"releases", releases},
            {"size_bytes", size},
            {"kinds", std::move(kinds)}};
}

std::string verdict_of(const library::ReleaseView& release) {
    if (release.withdrawn) return "withdrawn";
    if (release.problem && release.problem->code == Errc::damaged) return "damaged";
    return release.state == library::State::held ? "valid" : "signed";
}

Json release_name(const library::ReleaseView& release) {
    return {{"id", release.id.hex()},
            {"publisher", release.publisher.hex()},
            {"petname", release.petname},
            {"name", release.entry.release.name},
            {"serial", release.entry.release.serial}};
}

Json release_row(const library::ReleaseView& release) {
    const catalog::Catalogue::Entry& entry = release.entry;
    Json row{{"id", release.id.hex()},
             {"btih", entry.btih.hex()},
             {"publisher", release.publisher.hex()},
             {"petname", release.petname},
             {"name", entry.release.name},
             {"serial", entry.release.serial}};
    put_text(row, "version", release.version);
    row["kind"] = name_of(entry.kind);
    row["title"] = translations(entry.title);
    row["languages"] = entry.languages;
    row["licence"] = entry.licence;
    row["created"] = format_utc(release.created);
    row["size_bytes"] = entry.total_size;
    row["state"] = name_of(release.state);
    row["verdict"] = verdict_of(release);
    row["pinned"] = release.pinned;
    row["own"] = release.own;
    row["offered"] = release.offered;
    row["newest"] = release.newest;
    if (release.withdrawn) row["withdrawn"] = catalog::name_of(*release.withdrawn);
    put_progress(row, release);
    return row;
}

Json release_alone(const library::ReleaseView& view, const library::Documents* documents) {
    Json alone = release_row(view);
    if (!documents) return alone;
    const catalog::Release& release = documents->release;
    if (!release.version.empty()) alone["version"] = release.version;
    if (!release.description.empty()) alone["description"] = translations(release.description);
    put_text(alone, "source", release.source);
    put_text(alone, "doi", release.doi);
    alone["authors"] = Json::array();
    for (const auto& author : release.authors) {
        Json each{{"name", author.name}};
        put_text(each, "id", author.id);
        alone["authors"].push_back(std::move(each));
    }
    alone["subjects"] = release.subjects;
    alone["files"] = documents->torrent.files.size();
    alone["piece_bytes"] = documents->torrent.piece_length;
    alone["pieces"] = documents->torrent.piece_count();
    alone["torrent"] = {{"sha256", release.torrent.sha256.hex()},
                        {"size_bytes", release.torrent.size}};
    alone["trackers"] = release.trackers;
    alone["webseeds"] = release.webseeds;
    if (release.previous) {
        alone["previous"] = {{"serial", release.previous->serial},
                             {"id", release.previous->btmh.hex()}};
    }
    return alone;
}

Json version_row(const library::ReleaseView& release) {
    Json row{{"id", release.id.hex()},
             {"name", release.entry.release.name},
             {"serial", release.entry.release.serial},
             {"created", format_utc(release.created)},
             {"size_bytes", release.entry.total_size},
             {"state", name_of(release.state)},
             {"verdict", verdict_of(release)},
             {"offered", release.offered},
             {"newest", release.newest}};
    if (release.withdrawn) row["withdrawn"] = catalog::name_of(*release.withdrawn);
    return row;
}

Json job(const Jobs::Job& job) {
    Json shape{{"id", job.id},
               {"kind", job.kind},
               {"subject", job.subject},
               {"state", name_of_state(job.state)},
               {"done", job.done}};
    if (job.total > 0) shape["total"] = job.total;
    if (job.error) shape["problem"] = problem_member(*job.error);
    return shape;
}

Json journal_entry(const store::JournalEntry& entry) {
    Json shape{{"id", entry.id},
               {"time", format_utc(entry.time)},
               {"kind", entry.kind},
               {"level", entry.level},
               {"message", entry.message}};
    put_text(shape, "publisher", entry.publisher);
    put_text(shape, "release", entry.bundle);
    return shape;
}

Json setting(const Setting& setting) {
    Json shape{{"key", setting.key}, {"value", setting.value}, {"origin", setting.origin}};
    put_text(shape, "origin_detail", setting.origin_detail);
    shape["locked"] = setting.locked;
    return shape;
}

Json speed(const swarm::Totals& totals) {
    return {{"down_rate", totals.down_rate},
            {"up_rate", totals.up_rate},
            {"received_bytes", totals.received_bytes},
            {"sent_bytes", totals.sent_bytes},
            {"peers", totals.peers},
            {"dht_nodes", totals.dht_nodes}};
}

Json peer(const swarm::Peer& peer) {
    return {{"address", peer.address},     {"client", peer.client},   {"progress", peer.progress},
            {"down_rate", peer.down_rate}, {"up_rate", peer.up_rate}, {"is_seed", peer.is_seed}};
}

}  // namespace croft::api
