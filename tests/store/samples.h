#pragma once

#include "store/store.h"

namespace croft::test {

inline Time at(std::int64_t seconds) { return Time(std::chrono::seconds(seconds)); }

/// A follow in which every member differs from its default, with bytes that text would lose.
inline store::Follow sample_follow(const std::string& publisher = "df05") {
    store::Follow follow;
    follow.publisher = publisher;
    follow.petname = "p2pf";
    follow.sources = {"/media/stick/feed", "https://example.org/feed"};
    follow.peers = {"[::1]:7", "127.0.0.1:8"};
    follow.confirmed = follow.own = follow.equivocated = true;
    follow.followed_at = at(1'700'000'000);
    follow.publisher_documents = {std::string("one\0\xff", 5), "two"};
    follow.publisher_signatures = {{"s1", "s2"}, {"s3"}};
    follow.catalogue = std::string("\0catalogue\n", 11);
    follow.catalogue_signatures = {"c1", ""};
    follow.beacon_serial = (1ULL << 53) - 1;
    follow.newest_created = at(1'700'000'001);
    follow.last_news = at(-1);
    follow.floors = {{"wiki", {57, "aa"}}, {"papers", {1, ""}}};
    return follow;
}

inline store::Holding sample_holding(const std::string& bundle = "b0") {
    store::Holding holding;
    holding.bundle = bundle;
    holding.publisher = "df05";
    holding.name = "wiki";
    holding.serial = 57;
    holding.manifest = "aa";
    holding.state = "held";
    holding.pinned = holding.paused = holding.own = true;
    holding.folder = "/data/dir with blank\n/wiki-57";
    holding.size_bytes = 1ULL << 50;
    holding.held_since = at(5);
    holding.proved_at = at(6);
    holding.peers = {"127.0.0.1:8"};
    return holding;
}

/// As empty as they may be.
inline store::Follow bare_follow(const std::string& publisher) {
    store::Follow follow;
    follow.publisher = publisher;
    return follow;
}
inline store::Holding bare_holding(const std::string& bundle) {
    store::Holding holding;
    holding.bundle = bundle;
    return holding;
}

inline store::JournalEntry sample_entry(const std::string& message) {
    return {0, at(7), "held", "df05", "b0", message, "info"};
}

inline auto members(const store::Follow& f) {
    return std::tie(f.publisher, f.petname, f.sources, f.peers, f.confirmed, f.own, f.followed_at,
                    f.publisher_documents, f.publisher_signatures, f.catalogue,
                    f.catalogue_signatures, f.beacon_serial, f.newest_created, f.last_news,
                    f.equivocated, f.floors);
}
inline auto members(const store::Holding& h) {
    return std::tie(h.bundle, h.publisher, h.name, h.serial, h.manifest, h.state, h.pinned,
                    h.paused, h.own, h.folder, h.size_bytes, h.held_since, h.proved_at, h.peers);
}
inline auto members(const store::JournalEntry& e) {
    return std::tie(e.id, e.time, e.kind, e.publisher, e.bundle, e.message, e.level);
}

/// Commits and runs the loop until it is answered.
inline Outcome commit(Loop& loop, store::Store& store, std::vector<store::Change> changes) {
    Outcome answer;
    loop.post([&] {
        store.commit(std::move(changes), [&](const Outcome& outcome) {
            answer = outcome;
            loop.stop();
        });
    });
    loop.run();
    return answer;
}

}  // namespace croft::test
