#include "bundle/torrent.h"

#include "base/bencode.h"
#include "bundle/sums.h"
#include "bundle/tree.h"
#include "bundle/v1_twin.h"
#include "bundle/vectors.h"
#include "testing/shared.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>

namespace croft::bundle {
namespace {

using test::slurp;
using test::torrent_vectors;

std::string hybrid() { return slurp(torrent_vectors() / "demo-1.hybrid.torrent"); }

std::string reason_of(std::string_view bytes) {
    const auto torrent = parse_torrent(bytes);
    return torrent ? "accepted" : torrent.error().reason;
}

/// The hybrid vector with the first `from` in it replaced.
std::string changed(std::string_view from, std::string_view to) {
    std::string bytes = hybrid();
    const std::size_t at = bytes.find(from);
    if (at == bytes.npos) throw std::logic_error("the vector has no " + std::string(from));
    return bytes.replace(at, from.size(), to);
}

TEST(Torrent, ReadsWhatLibtorrentMade) {
    const auto torrent = parse_torrent(hybrid());
    ASSERT_TRUE(torrent) << torrent.error().message;
    EXPECT_EQ(torrent->name, "demo-1");
    EXPECT_EQ(torrent->piece_length, 32768U);
    EXPECT_EQ(torrent->piece_count(), 13U);
    EXPECT_EQ(torrent->total_size, 249182U);
    ASSERT_EQ(torrent->files.size(), 8U);
    const Torrent::File& big = *torrent->find("data/big.bin");
    EXPECT_EQ(big.size, 100'000U);
    EXPECT_EQ(big.offset, 32768U);
    EXPECT_EQ(big.root->hex(), "3b03dba8289a91cd293ab5417ea6bd06792d5086b60fd73b61e3bd20e0bb14f1");
    EXPECT_EQ(torrent->find("papers/étude.txt")->offset, 262144U);
    EXPECT_EQ(torrent->find("empty.txt")->root, std::nullopt);
    EXPECT_EQ(torrent->find("absent"), nullptr);
}

TEST(Torrent, RefusesEachVectorForAReasonOfItsOwn) {
    const std::map<std::string, std::string> expected{
        {"deep_nesting", "bencode_depth"},        {"no_piece_layers", "torrent_v2_only"},
        {"paths_v1", "torrent_v1_only"},          {"paths_v2", "torrent_v2_only"},
        {"piece_layer_bit", "torrent_v2_only"},   {"similar_and_collections", "torrent_similar"},
        {"trailing_garbage", "bencode_trailing"}, {"truncated", "bencode_truncated"},
    };
    for (const auto& [name, reason] : expected) {
        EXPECT_EQ(reason_of(slurp(torrent_vectors() / "refuse" / (name + ".torrent"))), reason)
            << name;
    }
}

TEST(Torrent, RefusesPartsAndSingleFiles) {
    EXPECT_EQ(reason_of(slurp(torrent_vectors() / "demo-1.v1.torrent")), "torrent_v1_only");
    EXPECT_EQ(reason_of(slurp(torrent_vectors() / "demo-1.v2.torrent")), "torrent_v2_only");
    EXPECT_EQ(reason_of(changed("5:filesl", "6:lengthi1e5:filesl")), "bencode_order");
    EXPECT_EQ(reason_of(changed("12:meta version", "6:lengthi1e12:meta version")),
              "torrent_single_file");
}

TEST(Torrent, RefusesOtherKeysInTheInfoDictionary) {
    EXPECT_EQ(reason_of(changed("12:meta version", "11:collectionsle12:meta version")),
              "bencode_order");
    EXPECT_EQ(reason_of(changed("d9:file tree", "d11:collectionsle9:file tree")),
              "torrent_collections");
    EXPECT_EQ(reason_of(changed("6:pieces260:", "7:privatei1e6:pieces260:")), "bencode_order");
    EXPECT_EQ(reason_of(changed("d9:file tree", "d4:a.pyi1e9:file tree")), "torrent_unknown_key");
}

TEST(Torrent, RefusesAttributesThatChangeWhatAFileIs) {
    EXPECT_EQ(reason_of(changed("0:d6:lengthi23e", "0:d4:attr1:x6:lengthi23e")), "accepted");
    EXPECT_EQ(reason_of(changed("0:d6:lengthi23e", "0:d4:attr1:l6:lengthi23e")), "torrent_symlink");
    EXPECT_EQ(reason_of(changed("0:d6:lengthi23e", "0:d4:attr1:p6:lengthi23e")),
              "torrent_attribute");
    EXPECT_EQ(reason_of(changed("d6:lengthi23e4:path", "d4:attr1:l6:lengthi23e4:path")),
              "torrent_symlink");
    EXPECT_EQ(reason_of(changed("l10:README.txtee", "l10:README.txte12:symlink pathl1:aee")),
              "torrent_symlink");
    EXPECT_EQ(reason_of(changed("l10:README.txtee", "l10:README.txte10:path.utf-8l1:aee")),
              "torrent_unknown_key");
}

TEST(Torrent, RefusesPartsThatDiffer) {
    EXPECT_EQ(reason_of(changed("l10:README.txt", "l10:README.TXT")), "torrent_parts_differ");
    EXPECT_EQ(reason_of(changed("d6:lengthi23e4:path", "d6:lengthi24e4:path")),
              "torrent_parts_differ");
    EXPECT_EQ(reason_of(changed("d6:lengthi0e4:pathl9:empty.txtee", "")), "torrent_parts_differ");
    EXPECT_EQ(reason_of(changed("d6:lengthi0e4:pathl9:empty.txtee",
                                "d6:lengthi0e4:pathl9:empty.txteed6:lengthi0e4:pathl1:xee")),
              "torrent_parts_differ");
}

TEST(Torrent, RefusesPaddingThatDoesNotFillAPiece) {
    EXPECT_EQ(reason_of(changed("d4:attr1:p6:lengthi32745e4:pathl4:.pad5:32745ee", "")),
              "torrent_alignment");
    EXPECT_EQ(reason_of(changed("d4:attr1:p6:lengthi32745e", "d4:attr1:p6:lengthi32744e")),
              "torrent_padding");
    EXPECT_EQ(reason_of(changed("l4:.pad5:32745e", "l4:data5:32745e")), "torrent_pad_name");
    EXPECT_EQ(reason_of(changed("6:pieces260:", "6:pieces240:")), "bencode_key");
}

TEST(Torrent, AcceptsALastFileWithoutPadding) {
    EXPECT_EQ(reason_of(changed("d4:attr1:p6:lengthi31072e4:pathl4:.pad5:31072eee", "e")),
              "accepted");
}

TEST(Torrent, RefusesRootsAndLayersThatDoNotAgree) {
    const std::string root = *[] {
        const auto torrent = parse_torrent(hybrid());
        return std::optional(std::string(as_text(torrent->find("data/big.bin")->root->bytes)));
    }();
    std::string flipped = hybrid();
    flipped[flipped.rfind("128:") + 4] ^= 1;
    EXPECT_EQ(reason_of(flipped), "torrent_layer_root");

    std::string without = hybrid();
    without.erase(without.rfind("12:piece layers"));
    EXPECT_EQ(reason_of(without + "e"), "torrent_layer_missing");
    EXPECT_EQ(reason_of(without + "12:piece layersdee"), "torrent_layer_missing");

    EXPECT_EQ(reason_of(without + "12:piece layersi1ee"), "torrent_layer");
    const std::string shorter = "12:piece layersd32:" + root + "31:" + std::string(31, 'x') + "ee";
    EXPECT_EQ(reason_of(without + shorter), "torrent_layer");
}

TEST(Torrent, RefusesALayerOfNoFile) {
    std::string bytes = hybrid();
    const std::string layer(32, 'x');
    const Sha256 root = Sha256::from_hex(std::string(64, 'f')).value();
    // A layer of one hash is its own root.
    bytes.insert(bytes.size() - 2, "32:" + std::string(as_text(root.bytes)) +
                                       "32:" + std::string(as_text(root.bytes)));
    EXPECT_EQ(reason_of(bytes), "torrent_layer_unknown");
}

TEST(Torrent, RefusesRootsThatAreMissingOrOfAnotherLength) {
    EXPECT_EQ(reason_of(changed("0:d6:lengthi0e", "0:d6:lengthi1e")), "torrent_root");
    EXPECT_EQ(reason_of(changed("6:lengthi0ee", "6:lengthi0e11:pieces root1:xe")), "torrent_root");
}

TEST(Torrent, RefusesImpossibleNumbers) {
    EXPECT_EQ(reason_of(changed("i23e", "i-1e")), "torrent_length");
    EXPECT_EQ(reason_of(changed("i23e", "i9223372036854775807e")), "torrent_size");
    EXPECT_EQ(reason_of(changed("12:piece lengthi32768e", "12:piece lengthi0e")),
              "torrent_piece_length");
    EXPECT_EQ(reason_of(changed("12:piece lengthi32768e", "12:piece lengthi8192e")),
              "torrent_piece_length");
    EXPECT_EQ(reason_of(changed("12:piece lengthi32768e", "12:piece lengthi32769e")),
              "torrent_piece_length");
    EXPECT_EQ(reason_of(changed("12:piece lengthi32768e", "12:piece lengthi33554432e")),
              "torrent_piece_length");
    EXPECT_EQ(reason_of(changed("12:meta versioni2e", "12:meta versioni3e")), "torrent_version");
}

TEST(Torrent, RefusesUnsafeNames) {
    EXPECT_EQ(reason_of(changed("4:name6:demo-1", "4:name2:..")), "path_dotdot");
    EXPECT_EQ(reason_of(changed("4:name6:demo-1", "4:name3:a/b")), "torrent_slash");
    EXPECT_EQ(reason_of(changed("d10:README.txt", "d10:READ/E.txt")), "torrent_slash");
    EXPECT_NE(reason_of(changed("4:name6:demo-1", "4:name0:")), "accepted");
}

TEST(Torrent, RefusesEveryTruncation) {
    const std::string whole = hybrid();
    for (std::size_t length = 0; length < whole.size(); length += 7)
        EXPECT_NE(reason_of(std::string_view(whole).substr(0, length)), "accepted") << length;
}

TEST(Torrent, SurvivesEveryByteChanged) {
    const std::string whole = hybrid();
    for (std::size_t at = 0; at < whole.size(); at += 3) {
        std::string bytes = whole;
        bytes[at] = static_cast<char>(bytes[at] + 1);
        const auto torrent = parse_torrent(bytes);
        if (torrent) {
            EXPECT_EQ(torrent->files.size(), 8U) << at;
        }
    }
}

TEST(Torrent, IsMadeAnewWithoutWhatAStrangerWrote) {
    const auto torrent = parse_torrent(changed("d10:created by6:vector", "d8:announce6:http:/"));
    ASSERT_TRUE(torrent);
    const std::string made = with_trackers(*torrent, {});
    const auto value = bencode::parse(made);
    ASSERT_TRUE(value);
    EXPECT_EQ(value->dictionary().size(), 2U);
    EXPECT_EQ(parse_torrent(made)->id, torrent->id);
}

// What everybody else's torrents do: the corpora of libtorrent, Transmission, Deluge, …

void for_each_torrent(const std::filesystem::path& folder,
                      const std::function<void(const std::filesystem::path&)>& visit) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
        if (entry.path().extension() == ".torrent") visit(entry.path());
}

TEST(TorrentCorpus, AcceptsTheGoodHybridsOfOthersAndNothingElse) {
    CROFT_NEEDS(test::testdata() / "torrents");
    std::vector<std::string> accepted;
    for_each_torrent(test::testdata() / "torrents", [&](const auto& path) {
        const std::string bytes = slurp(path);
        if (reason_of(bytes) == "accepted") accepted.push_back(path.filename());
        const auto summary = summarise_torrent(bytes);
        EXPECT_TRUE(!summary || summary->refused || accepted.back() == path.filename());
    });
    std::ranges::sort(accepted);
    EXPECT_EQ(accepted, (std::vector<std::string>{"bittorrent-v2-hybrid-test.torrent",
                                                  "empty-files-5.torrent", "v2_empty_file.torrent",
                                                  "v2_hybrid.torrent"}));
}

TEST(TorrentCorpus, SummarisesForeignTorrentsAndSaysWhyTheyAreRefused) {
    CROFT_NEEDS(test::testdata() / "torrents");
    const auto folder = test::testdata() / "torrents";
    const auto v1 = summarise_torrent(slurp(folder / "webtorrent-fixtures/alice.torrent"));
    ASSERT_TRUE(v1);
    EXPECT_EQ(v1->name, "alice.txt");
    EXPECT_EQ(v1->total_size, 163783U);
    EXPECT_EQ(v1->btmh, std::nullopt);
    EXPECT_EQ(v1->refused->reason, "torrent_single_file");
    const auto v2 = summarise_torrent(slurp(folder / "transmission/bittorrent-v2-test.torrent"));
    ASSERT_TRUE(v2);
    EXPECT_EQ(v2->btmh->hex(), "caf1e1c30e81cb361b9ee167c4aa64228a7fa4fa9f6105232b28ad099f3a302e");
    EXPECT_EQ(v2->refused->reason, "torrent_v2_only");
}

// Releases and their torrents.

class TorrentAndRelease : public testing::Test {
protected:
    void SetUp() override {
        entries_ = test::hash_tree(torrent_vectors() / "demo-1", 32768);
        bytes_ = make_torrent("demo-1", 32768, entries_);
        torrent_ = parse_torrent(bytes_).value();
        release_ = test::release_of(torrent_, bytes_, entries_);
    }
    std::string answer(std::optional<std::string_view> sums = {}) const {
        const auto same = matches(torrent_, bytes_, release_, sums);
        return same ? "matches" : same.error().reason;
    }

    std::vector<TorrentFileEntry> entries_;
    std::string bytes_;
    Torrent torrent_;
    catalog::Release release_;
};

TEST_F(TorrentAndRelease, AgreeWhereAllIsTheSame) { EXPECT_EQ(answer(), "matches"); }

TEST_F(TorrentAndRelease, DifferInTheBytesOfTheTorrent) {
    bytes_ += ' ';
    EXPECT_EQ(answer(), "torrent_hash");
}

TEST_F(TorrentAndRelease, DifferInWhatIsSaidOfTheTorrent) {
    const catalog::Release whole = release_;
    release_.torrent.btih.bytes[0] ^= 1;
    EXPECT_EQ(answer(), "torrent_info_hash");
    release_ = whole;
    release_.torrent.btmh.info_hash_v2.bytes[0] ^= 1;
    EXPECT_EQ(answer(), "torrent_info_hash");
    release_ = whole;
    release_.torrent.name = "demo-2";
    EXPECT_EQ(answer(), "torrent_name");
    release_ = whole;
    release_.torrent.piece_length *= 2;
    EXPECT_EQ(answer(), "torrent_piece_length");
    release_ = whole;
    ++release_.total_size;
    EXPECT_EQ(answer(), "torrent_total_size");
}

TEST_F(TorrentAndRelease, DifferInTheTwin) {
    release_.torrent.v1_twin = v1_twin_of(torrent_).btih;
    EXPECT_EQ(answer(), "matches");
    release_.torrent.v1_twin->bytes[0] ^= 1;
    EXPECT_EQ(answer(), "torrent_v1_twin");
}

TEST_F(TorrentAndRelease, DifferInASingleFile) {
    const catalog::Release whole = release_;
    release_.files[0].root->bytes[0] ^= 1;
    EXPECT_EQ(answer(), "torrent_files");
    release_ = whole;
    ++release_.files[1].size;
    EXPECT_EQ(answer(), "torrent_files");
    release_ = whole;
    release_.files[2].path += "x";
    EXPECT_EQ(answer(), "torrent_files");
    release_ = whole;
    release_.files.pop_back();
    EXPECT_EQ(answer(), "torrent_files");
}

/// The same release as it is above 10,000 files: `SHA256SUMS` names the files.
class TorrentAndSums : public TorrentAndRelease {
protected:
    void SetUp() override {
        TorrentAndRelease::SetUp();
        std::vector<Sum> sums;
        for (const auto& entry : entries_)
            sums.push_back({entry.path, entry.hashes.sha256});
        sign(write_sums(sums));
    }
    void sign(const std::string& text) {
        text_ = text;
        std::erase_if(entries_, [](const auto& entry) { return entry.path == "SHA256SUMS"; });
        FileHashes hashes;
        hashes.root = trust::sha256(text);
        hashes.v1_pieces.resize(1);
        entries_.push_back({"SHA256SUMS", text.size(), hashes});
        bytes_ = make_torrent("demo-1", 32768, entries_);
        torrent_ = parse_torrent(bytes_).value();
        release_ = test::release_of(torrent_, bytes_, {});
        release_.files_list = {"SHA256SUMS", trust::sha256(text), text.size()};
    }
    std::string text_;
};

TEST_F(TorrentAndSums, AgreeWhereThePathsAreTheSame) { EXPECT_EQ(answer(text_), "matches"); }

TEST_F(TorrentAndSums, CannotBeComparedWithoutTheSums) { EXPECT_EQ(answer(), "no_sums"); }

TEST_F(TorrentAndSums, DifferWhereTheSumsAreOthers) {
    text_[0] = text_[0] == '0' ? '1' : '0';
    EXPECT_EQ(answer(text_), "sums_hash");
}

TEST_F(TorrentAndSums, DifferWhereThePathsAre) {
    const std::string line = std::string(64, '0') + "  ";
    sign(text_.substr(0, text_.rfind(' ') - 65));
    EXPECT_EQ(answer(text_), "torrent_files");
    sign(text_ + line + "zz\n");
    EXPECT_EQ(answer(text_), "torrent_files");
}

}  // namespace
}  // namespace croft::bundle
