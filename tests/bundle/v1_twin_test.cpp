#include "bundle/v1_twin.h"

#include "bundle/vectors.h"

#include <gtest/gtest.h>

namespace croft::bundle {
namespace {

Torrent hybrid() {
    return parse_torrent(test::slurp(test::torrent_vectors() / "demo-1.hybrid.torrent")).value();
}

TEST(V1Twin, HasTheInfoHashThatOthersMakeOfTheSameTorrent) {
    // As `aria2c -S` and `transmission-show` print it for this info dictionary.
    EXPECT_EQ(v1_twin_of(hybrid()).btih.hex(), "8f792185bee2b2a7a6e676946b1a12a30f76f51f");
}

TEST(V1Twin, IsAV1TorrentOfTheSameFilesWithPadding) {
    const auto summary = summarise_torrent(v1_torrent(v1_twin_of(hybrid()), {})).value();
    EXPECT_EQ(summary.btih, v1_twin_of(hybrid()).btih);
    EXPECT_EQ(summary.btmh, std::nullopt);
    EXPECT_EQ(summary.name, "demo-1");
    EXPECT_EQ(summary.piece_length, hybrid().piece_length);
    EXPECT_EQ(summary.file_count, hybrid().files.size());
}

TEST(V1Twin, IsNoReleasesTorrent) {
    const auto parsed = parse_torrent(v1_torrent(v1_twin_of(hybrid()), {}));
    EXPECT_EQ(parsed.error().reason, "torrent_v1_only");
}

TEST(V1Twin, NamesItsTrackers) {
    const auto summary =
        summarise_torrent(v1_torrent(v1_twin_of(hybrid()), {"http://127.0.0.1:1/announce"}))
            .value();
    EXPECT_EQ(summary.trackers, std::vector<std::string>{"http://127.0.0.1:1/announce"});
}

}  // namespace
}  // namespace croft::bundle
