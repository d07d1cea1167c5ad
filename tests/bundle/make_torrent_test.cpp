#include "bundle/make_torrent.h"

#include "base/bencode.h"
#include "bundle/tree.h"
#include "bundle/vectors.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace croft::bundle {
namespace {

using test::hash_tree;
using test::torrent_vectors;

constexpr std::uint64_t piece_length = 32 * 1024;

std::string make_demo(const std::string& name, bool backwards = false) {
    auto entries = hash_tree(torrent_vectors() / name, piece_length);
    if (backwards) std::ranges::reverse(entries);
    return make_torrent(name, piece_length, entries);
}

class MakeTorrent : public testing::TestWithParam<std::string> {};

// The vectors were made by libtorrent 2.0.8.

TEST_P(MakeTorrent, MakesTheInfoDictionaryThatLibtorrentMakes) {
    const std::string theirs = test::slurp(torrent_vectors() / (GetParam() + ".hybrid.torrent"));
    const std::string ours = make_demo(GetParam());
    const auto their_value = bencode::parse(theirs);
    const auto our_value = bencode::parse(ours);
    ASSERT_TRUE(their_value && our_value);
    EXPECT_EQ(our_value->find("info")->raw(), their_value->find("info")->raw());
    EXPECT_EQ(our_value->find("piece layers")->raw(), their_value->find("piece layers")->raw());
}

TEST_P(MakeTorrent, WritesNothingThatDependsOnTimeOrMaker) {
    const std::string bytes = make_demo(GetParam());
    const auto value = bencode::parse(bytes);
    EXPECT_EQ(value->dictionary().size(), 2U);
}

TEST_P(MakeTorrent, DoesNotMindTheOrderOfItsFiles) {
    EXPECT_EQ(make_demo(GetParam(), true), make_demo(GetParam()));
}

INSTANTIATE_TEST_SUITE_P(Demos, MakeTorrent, testing::Values("demo-1", "demo-2"),
                         [](const auto& demo) {
                             return demo.param.substr(0, 4) + demo.param.back();
                         });

TEST(MakeTorrentInfo, HasTheHashesOfTheVectors) {
    const auto one = parse_torrent(make_demo("demo-1"));
    const auto two = parse_torrent(make_demo("demo-2"));
    ASSERT_TRUE(one && two);
    EXPECT_EQ(one->btih.hex(), "558823fbc4c383d80d111f6a4ba962d9923e165d");
    EXPECT_EQ(one->id.hex(), "5bd106f8c8cac854fc4bf53833ea58d4d9dd7f86ba7f2a9efdbeeaa7ab6cde19");
    EXPECT_EQ(two->btih.hex(), "30c5b3da203c391c77f9b4d23738ba2518748ba7");
    EXPECT_EQ(two->id.hex(), "2ac1302bfacb3e51b06ed75720ea6203a1c0ece5d4d5372353b84141d1e1a915");
}

TEST(MakeTorrentInfo, OrdersByFolderAsTheTreeDoesNotByPath) {
    FileHashes hashes;
    hashes.root = Sha256{};
    hashes.v1_pieces.resize(1);
    // As bytes `a.txt` < `a/b`; as names `a` < `a.txt`.
    const std::vector<TorrentFileEntry> entries{{"a.txt", 1, hashes}, {"a/b", 1, hashes}};
    const auto torrent = parse_torrent(make_torrent("t-1", piece_length, entries));
    ASSERT_TRUE(torrent) << torrent.error().message;
    EXPECT_EQ(torrent->find("a/b")->offset, 0U);
    EXPECT_EQ(torrent->find("a.txt")->offset, piece_length);
    EXPECT_EQ(torrent->files.front().path, "a.txt");
}

TEST(MakeTorrentInfo, GivesEachTrackerATierOfItsOwn) {
    const std::vector<std::string> trackers{"http://a/announce", "udp://b:1"};
    const auto entries = hash_tree(torrent_vectors() / "demo-1", piece_length);
    const auto summary = summarise_torrent(make_torrent("demo-1", piece_length, entries, trackers));
    ASSERT_TRUE(summary);
    EXPECT_EQ(summary->trackers, trackers);
    EXPECT_EQ(summary->btih->hex(), "558823fbc4c383d80d111f6a4ba962d9923e165d");
}

}  // namespace
}  // namespace croft::bundle
