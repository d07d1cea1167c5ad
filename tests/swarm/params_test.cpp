#include "swarm/params_impl.h"
#include "testing/test_bundle.h"

#include <gtest/gtest.h>
#include <libtorrent/torrent_flags.hpp>
#include <libtorrent/torrent_info.hpp>

namespace croft::swarm {
namespace {

using test::TestBundle;

class Params : public testing::Test {
protected:
    Add add() const {
        Add add;
        add.torrent = bundle_.torrent();
        add.folder = root_.path() / "wiki-57";
        return add;
    }

    std::string resume_data(const std::function<void(lt::add_torrent_params&)>& change) const {
        auto saved = *make_params(add());
        saved.ti.reset();
        saved.have_pieces.resize(static_cast<int>(bundle_.torrent().piece_count()), true);
        change(saved);
        return encode_resume_data(saved);
    }

    test::TemporaryFolder root_;
    TestBundle bundle_{"wiki-57", 100'000};
};

TEST_F(Params, HoldsTheSignedTorrentAndNothingElse) {
    auto with_tracker = add();
    with_tracker.trackers = {"udp://tracker.example:6969"};
    const auto params = make_params(with_tracker);
    ASSERT_TRUE(params);
    EXPECT_EQ(id_of(params->info_hashes), bundle_.id());
    EXPECT_EQ(params->trackers, with_tracker.trackers);
    EXPECT_TRUE(params->url_seeds.empty());
    EXPECT_TRUE(params->dht_nodes.empty());
    EXPECT_FALSE(params->merkle_trees.empty());
    EXPECT_EQ(params->save_path, root_.path().native());
}

TEST_F(Params, LeavesNothingToLibtorrentsOwnQueue) {
    const auto params = make_params(add());
    EXPECT_FALSE(params->flags & lt::torrent_flags::auto_managed);
    EXPECT_FALSE(params->flags & lt::torrent_flags::paused);
    EXPECT_FALSE(params->flags & lt::torrent_flags::seed_mode);
}

TEST_F(Params, RefusesATorrentWhosePathsAreOthers) {
    auto other = add();
    other.torrent.files.front().path = "articles/0ne.txt";
    const auto params = make_params(other);
    ASSERT_FALSE(params);
    EXPECT_EQ(params.error().reason, "libtorrent_differs");
}

TEST_F(Params, RefusesATorrentWhoseSizesRootsOrHashesAreOthers) {
    const auto refused = [&](const std::function<void(bundle::Torrent&)>& change) {
        auto other = add();
        change(other.torrent);
        const auto params = make_params(other);
        return !params && params.error().reason == "libtorrent_differs";
    };
    EXPECT_TRUE(refused([](auto& torrent) { torrent.files.front().size += 1; }));
    EXPECT_TRUE(refused([](auto& torrent) { torrent.files.front().root->bytes[0] ^= 1; }));
    EXPECT_TRUE(refused([](auto& torrent) { torrent.files.pop_back(); }));
    EXPECT_TRUE(refused([](auto& torrent) { torrent.files.push_back(torrent.files.back()); }));
    EXPECT_TRUE(refused([](auto& torrent) { torrent.id.info_hash_v2.bytes[0] ^= 1; }));
    EXPECT_TRUE(refused([](auto& torrent) { torrent.btih.bytes[0] ^= 1; }));
    EXPECT_TRUE(refused([](auto& torrent) { torrent.info = "d4:name7:wiki-57e"; }));
    EXPECT_TRUE(refused([](auto& torrent) { torrent.info = "not bencoded"; }));
}

TEST_F(Params, TakesPiecesFromResumeDataAndNeverItsTrackersOrPaths) {
    auto again = add();
    again.resume_data = resume_data([](auto& saved) {
        saved.trackers = {"http://stranger.example/announce"};
        saved.url_seeds = {"http://stranger.example/"};
        saved.save_path = "/elsewhere";
        saved.flags |= lt::torrent_flags::paused | lt::torrent_flags::auto_managed;
    });
    const auto params = make_params(again);
    ASSERT_TRUE(params);
    EXPECT_EQ(params->have_pieces.count(), static_cast<int>(bundle_.torrent().piece_count()));
    EXPECT_TRUE(params->trackers.empty());
    EXPECT_TRUE(params->url_seeds.empty());
    EXPECT_EQ(params->save_path, root_.path().native());
    EXPECT_FALSE(params->flags & (lt::torrent_flags::paused | lt::torrent_flags::auto_managed));
}

TEST_F(Params, BelievesNoResumeDataOfAnotherBundle) {
    auto again = add();
    again.resume_data = resume_data([](auto& saved) { saved.info_hashes.v2[0] ^= 1; });
    const auto params = make_params(again);
    ASSERT_TRUE(params);
    EXPECT_TRUE(params->have_pieces.empty());
}

TEST_F(Params, BelievesNoResumeDataWithMorePiecesThanThereAre) {
    auto again = add();
    again.resume_data = resume_data([](auto& saved) { saved.have_pieces.resize(5000, true); });
    const auto params = make_params(again);
    ASSERT_TRUE(params);
    EXPECT_TRUE(params->have_pieces.empty());
}

TEST_F(Params, WhatWasProvedWholeIsHashedBeforeItIsSentWhateverResumeDataSays) {
    auto again = add();
    again.have_all = true;
    again.resume_data = resume_data([](auto&) {});
    const auto params = make_params(again);
    ASSERT_TRUE(params);
    EXPECT_TRUE(params->flags & lt::torrent_flags::seed_mode);
    EXPECT_TRUE(params->have_pieces.empty());
    EXPECT_TRUE(params->verified_pieces.empty());
}

TEST_F(Params, ForgetsHashTreesAndUnverifiedBlocksWhenItSaves) {
    const auto bytes = resume_data([](auto& saved) {
        EXPECT_FALSE(saved.merkle_trees.empty());
        saved.unfinished_pieces[lt::piece_index_t(1)].resize(1, true);
    });
    EXPECT_EQ(bytes.find("5:trees"), std::string::npos);
    EXPECT_EQ(bytes.find("10:unfinished"), std::string::npos);
    EXPECT_LT(bytes.size(), 1500U);
}

}  // namespace
}  // namespace croft::swarm
