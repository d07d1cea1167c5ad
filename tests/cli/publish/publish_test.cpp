#include "cli/publish/publish.h"

#include "bundle/check.h"
#include "cli/publish/journal.h"
#include "cli/publish/refresh.h"
#include "cli/publish/sign.h"
#include "publisher_folder.h"
#include "testing/shared.h"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <thread>

namespace croft::publish {
namespace {

namespace fs = std::filesystem;
using test::shell;

class Publish : public test::PublisherFolder {
protected:
    void expect_stock_tools_agree(const std::string& release) const {
        const auto minisign = [&](const std::string& document) {
            const auto checked = shell(fmt::format("cd '{}' && minisign -HVm '{}' -P {}",
                                                   feed().native(), document, public_key()));
            EXPECT_EQ(checked.status, 0) << checked.output;
        };
        for (const std::string document : {"publisher.1.json", "catalogue.json", "beacon.json"})
            minisign(document);
        minisign("releases/" + release + ".json");
        minisign("bundles/" + release + "/SHA256SUMS");
        const auto sums =
            shell(fmt::format("cd '{}/bundles/{}' && sha256sum --strict --quiet -c SHA256SUMS",
                              feed().native(), release));
        EXPECT_EQ(sums.status, 0) << sums.output;
    }

    /// The files that SHA256SUMS does not name, as find and comm see it.
    std::string unlisted(const std::string& release) const {
        return shell(fmt::format(
                         "cd '{}/bundles/{}' && find . -type f | cut -c3- | sort > ../all && "
                         "cut -c67- SHA256SUMS | sort > ../listed && comm -3 ../all ../listed; "
                         "rm ../all ../listed",
                         feed().native(), release))
            .output;
    }
};

TEST_F(Publish, MakesAFeedThatStockToolsAndAFollowerAccept) {
    const auto done = publish(request());
    ASSERT_TRUE(done) << done.error().message;
    EXPECT_EQ(done->release.text(), "wiki-1");
    expect_stock_tools_agree("wiki-1");
    EXPECT_EQ(unlisted("wiki-1"), "SHA256SUMS\nSHA256SUMS.minisig\n");

    const auto seen = follow(feed(), day(1));
    ASSERT_TRUE(seen) << seen.error().message;
    ASSERT_TRUE(seen->state.catalogue);
    EXPECT_EQ(seen->state.catalogue->version, 1U);
    const auto release = catalog::accept_release(seen->state, {"wiki", 1},
                                                 test::read(feed() / "releases/wiki-1.json"));
    ASSERT_TRUE(release) << release.error().message;
    EXPECT_EQ(release->files.size(), 7U);
    EXPECT_EQ(release->version, "November 2026");

    const auto torrent = bundle::parse_torrent(test::read(feed() / "torrents/wiki-1.torrent"));
    ASSERT_TRUE(torrent) << torrent.error().message;
    const auto checked =
        bundle::check_folder(feed() / "bundles/wiki-1", *release, *torrent, {.sums = true});
    ASSERT_TRUE(checked) << checked.error().message;
    EXPECT_TRUE(checked->is_whole());
}

TEST_F(Publish, LeavesTheSourceAsItWas) {
    const auto before = everything_in(source());
    ASSERT_TRUE(publish(request()));
    EXPECT_EQ(everything_in(source()), before);
}

TEST_F(Publish, LeavesNothingInTheFeedButItsLayout) {
    ASSERT_TRUE(publish(request()));
    std::vector<std::string> names;
    for (const auto& [path, content] : content_of(feed())) {
        if (!path.starts_with("bundles/wiki-1/")) names.push_back(path);
    }
    EXPECT_EQ(names, (std::vector<std::string>{
                         "beacon.json", "beacon.json.minisig", "bundles", "bundles/wiki-1",
                         "catalogue.json", "catalogue.json.minisig", "publisher.1.json",
                         "publisher.1.json.minisig", "releases", "releases/wiki-1.json",
                         "releases/wiki-1.json.minisig", "torrents", "torrents/wiki-1.torrent"}));
}

TEST_F(Publish, PutsATwinBesideTheTorrentWhereItIsWanted) {
    auto with_twin = request();
    with_twin.edition.v1_twin = true;
    const auto done = publish(with_twin);
    ASSERT_TRUE(done) << done.error().message;
    const auto twin =
        bundle::summarise_torrent(test::read(feed() / "torrents/wiki-1.v1.torrent")).value();
    EXPECT_EQ(twin.btih, done->document.torrent.v1_twin);
    EXPECT_EQ(twin.file_count, done->document.files.size());
    expect_stock_tools_agree("wiki-1");
    EXPECT_TRUE(follow(feed(), day(1)));
}

TEST_F(Publish, TakesATwinForAChange) {
    ASSERT_TRUE(publish(request(1)));
    auto with_twin = request(2);
    with_twin.edition.v1_twin = true;
    const auto done = publish(with_twin);
    ASSERT_TRUE(done) << done.error().message;
    EXPECT_FALSE(done->unchanged_since);
}

TEST_F(Publish, GivesIdenticalBytesForTheSameInputKeyAndDate) {
    const fs::path other = folder() / "other";
    make_feed(other);
    auto on_one_core = request();
    on_one_core.watch.threads = 1;
    ASSERT_TRUE(publish(request()));
    ASSERT_TRUE(publish_to(other, on_one_core));
    EXPECT_EQ(content_of(feed()), content_of(other));
}

TEST_F(Publish, SaysThatNothingChangedAndDoesNothing) {
    ASSERT_TRUE(publish(request(1)));
    const auto before = everything_in(feed());
    const auto again = publish(request(2));
    ASSERT_TRUE(again) << again.error().message;
    ASSERT_TRUE(again->unchanged_since);
    EXPECT_EQ(again->unchanged_since->text(), "wiki-1");
    EXPECT_EQ(everything_in(feed()), before);
}

TEST_F(Publish, TellsWhatTheLastEditionSaid) {
    EXPECT_EQ(*last_edition(*open_own_feed(feed(), day(1)), "wiki"), std::nullopt);
    auto wanted = request(1);
    wanted.edition.description = {{"en", "All pages"}};
    wanted.edition.source = "https://wiki.example.org/";
    wanted.edition.doi = "10.5281/zenodo.1";
    wanted.edition.authors = {{"Jane", "https://orcid.org/0000-0002-1825-0097"}};
    wanted.edition.subjects = {"commons"};
    wanted.edition.trackers = {"udp://t.example.org:1/announce"};
    wanted.edition.webseeds = {"https://w.example.org/"};
    wanted.edition.v1_twin = true;
    ASSERT_TRUE(publish(wanted));
    const auto last = last_edition(*open_own_feed(feed(), day(2)), "wiki");
    ASSERT_TRUE(last && *last);
    auto again = request(2);
    again.edition = **last;
    EXPECT_TRUE(publish(again)->unchanged_since) << "it says the same in everything";
    EXPECT_EQ((*last)->version, "");
}

TEST_F(Publish, TakesANewTitleForAChange) {
    ASSERT_TRUE(publish(request(1)));
    auto renamed = request(2);
    renamed.edition.title = {{"en", "Another title"}};
    const auto done = publish(renamed);
    ASSERT_TRUE(done) << done.error().message;
    EXPECT_EQ(done->release.text(), "wiki-2");
}

TEST_F(Publish, CountsWhatAFollowerOfTheEditionBeforeHasToFetch) {
    ASSERT_TRUE(publish(request(1)));
    test::write(source() / "new.txt", "twelve bytes");
    fs::rename(source() / "big.bin", source() / "moved.bin");
    auto dry = request(2);
    dry.dry_run = true;
    const auto before = everything_in(feed());
    const auto planned = publish(dry);
    ASSERT_TRUE(planned) << planned.error().message;
    EXPECT_EQ(everything_in(feed()), before);

    const auto done = publish(request(2));
    ASSERT_TRUE(done) << done.error().message;
    // One block each: new.txt, SHA256SUMS and its signature, ro-crate-metadata.json.
    std::uint64_t expected = 4UL * 16384;
    for (const char* path :
         {"torrents/wiki-2.torrent", "releases/wiki-2.json", "releases/wiki-2.json.minisig",
          "catalogue.json", "catalogue.json.minisig", "beacon.json", "beacon.json.minisig"}) {
        expected += fs::file_size(feed() / path);
    }
    EXPECT_EQ(done->update_bytes, expected);
    EXPECT_EQ(planned->update_bytes, done->update_bytes);
    EXPECT_EQ(planned->first_fetch_bytes, done->first_fetch_bytes);
    // 300,000 bytes are 19 blocks; the two small files are one each.
    EXPECT_EQ(done->first_fetch_bytes, done->update_bytes + (19UL + 2) * 16384);
    EXPECT_EQ(done->wire_size, (4UL + 19 + 2) * 16384);
    EXPECT_EQ(done->document.previous->serial, 1U);
}

TEST_F(Publish, DryRunNeedsNoKeyAndMakesNoFile) {
    auto dry = request();
    dry.dry_run = true;
    const auto before = everything_in(folder());
    const auto planned = publish::publish(lint(), feed(), dry, {});
    ASSERT_TRUE(planned) << planned.error().message;
    EXPECT_EQ(everything_in(folder()), before);
}

TEST_F(Publish, RefusesWhatLintFound) {
    test::write(source() / ".env", "PASSWORD=x");
    EXPECT_EQ(publish(request()).error().reason, "lint_refuses");
    EXPECT_FALSE(fs::exists(feed() / "catalogue.json"));
}

TEST_F(Publish, RefusesAKeyThatMayNotSign) {
    std::vector<SecretKey> others;
    others.push_back(SecretKey::generate());
    const auto done = publish::publish(lint(), feed(), request(), others);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().reason, "key_not_in_role");
    EXPECT_FALSE(fs::exists(feed() / "bundles"));
    EXPECT_FALSE(publish::publish(lint(), feed(), request(), {}));
}

TEST_F(Publish, RefusesAFeedInTheSourceAndASourceInTheFeed) {
    make_feed(source() / "feed");
    EXPECT_EQ(publish_to(source() / "feed", request()).error().reason, "feed_in_source");
    EXPECT_EQ(check_apart(feed() / "bundles", feed()).error().reason, "feed_in_source");
    EXPECT_EQ(check_apart(feed(), feed()).error().reason, "feed_in_source");
    EXPECT_TRUE(check_apart(feed(), folder() / "feed2"));
}

TEST_F(Publish, RefusesAFolderThatIsNoFeedAndMakesNothingThere) {
    const auto before = everything_in(folder());
    EXPECT_EQ(publish_to(folder() / "nowhere", request()).error().reason, "no_publisher");
    EXPECT_EQ(everything_in(folder()), before);
}

TEST_F(Publish, RefusesAFeedThatAFollowerWouldRefuse) {
    ASSERT_TRUE(publish(request(1)));
    std::string catalogue = test::read(feed() / "catalogue.json");
    catalogue.replace(catalogue.find("Example Wiki"), 7, "Exemple");
    test::write(feed() / "catalogue.json", catalogue);
    const auto done = publish(request(2));
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Errc::bad_signature);
}

TEST_F(Publish, RefusesDatesThatAWrongClockGives) {
    ASSERT_TRUE(publish(request(50)));
    test::write(source() / "new.txt", "new");
    EXPECT_EQ(publish(request(49)).error().reason, "date_before_previous");
    EXPECT_EQ(publish(request(151)).error().reason, "date_far_ahead");
    auto chosen = request(151);
    chosen.date.is_chosen = true;
    EXPECT_TRUE(publish(chosen));
}

TEST_F(Publish, RefusesFilesThatChangeAfterLint) {
    const auto looked = lint();
    test::write(source() / "Main Page.txt", "WELCOME\n");
    EXPECT_EQ(publish::publish(looked, feed(), request(), keys_).error().reason, "file_changed");
    const auto again = lint();
    test::write(source() / "late.txt", "late");
    EXPECT_EQ(publish::publish(again, feed(), request(), keys_).error().reason, "file_changed");
    EXPECT_FALSE(fs::exists(feed() / "catalogue.json"));
}

TEST_F(Publish, LeavesNothingWhenItIsInterrupted) {
    const auto before = content_of(feed());
    std::stop_source stop;
    auto wanted = request();
    wanted.watch.stop = stop.get_token();
    wanted.watch.on_bytes = [&](std::uint64_t) { stop.request_stop(); };
    const auto done = publish(wanted);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Errc::cancelled);
    EXPECT_EQ(content_of(feed()), before);
    EXPECT_EQ(BurntNumbers::read(feed())->last().catalogue, 0U);
}

TEST_F(Publish, KeepsOtherPublishersOut) {
    const auto other = Journal::open(feed());
    ASSERT_TRUE(other);
    EXPECT_EQ(publish(request()).error().reason, "locked");
}

TEST_F(Publish, NeverSignsANumberTwiceAfterAKillBetweenBurningAndCatalogue) {
    ASSERT_TRUE(publish(request(1)));
    {
        // What a publish that was killed there leaves: burnt numbers, a staging folder, a bundle
        // nobody names.
        auto journal = Journal::open(feed());
        ASSERT_TRUE(journal->burn({2, 2, catalog::ReleaseName{"wiki", 2}}));
        test::write(feed() / ".publishing-abcdef/bundle/x", "half");
        test::write(feed() / "bundles/wiki-2/x", "half");
        test::write(feed() / "torrents/wiki-2.torrent", "half");
        test::write(feed() / "releases/wiki-2.json", "half");
        test::write(feed() / "releases/wiki-2.json.minisig", "half");
        test::write(feed() / "releases/wiki-2.json.E7AB74853166E261.minisig", "half");
    }
    test::write(source() / "new.txt", "new");
    const auto done = publish(request(2));
    ASSERT_TRUE(done) << done.error().message;
    EXPECT_EQ(done->release.text(), "wiki-3");
    EXPECT_EQ(done->catalogue_version, 3U);
    for (const char* left :
         {".publishing-abcdef", "bundles/wiki-2", "torrents/wiki-2.torrent", "releases/wiki-2.json",
          "releases/wiki-2.json.minisig", "releases/wiki-2.json.E7AB74853166E261.minisig"}) {
        EXPECT_FALSE(fs::exists(feed() / left)) << left;
    }
    EXPECT_TRUE(fs::exists(feed() / "bundles/wiki-1/SHA256SUMS"));
    EXPECT_TRUE(follow(feed(), day(2)));
}

TEST_F(Publish, KilledAtAnyMomentLeavesAWholeFeedAndNoVersionTwice) {
    ASSERT_TRUE(publish(request(1)));
    std::map<std::uint64_t, std::string> catalogues;
    int killed = 0;
    for (int round = 0; round < 12; ++round) {
        test::write(source() / "round.txt", std::to_string(round));
        const pid_t child = ::fork();
        if (child == 0) ::_exit(publish(request(2 + round)) ? 0 : 1);
        std::this_thread::sleep_for(std::chrono::milliseconds(5 * round));
        ::kill(child, SIGKILL);
        int status = 0;
        ::waitpid(child, &status, 0);
        killed += WIFSIGNALED(status) ? 1 : 0;

        const auto seen = follow(feed(), day(2 + round));
        ASSERT_TRUE(seen) << round << ": " << seen.error().message;
        const auto& state = seen->state;
        const auto [known, is_new] =
            catalogues.emplace(state.catalogue->version, state.catalogue_bytes);
        EXPECT_EQ(known->second, state.catalogue_bytes) << "version " << state.catalogue->version;
        for (const auto& entry : state.catalogue->releases) {
            EXPECT_TRUE(fs::exists(feed() / bundle::layout::bundle(entry.release)))
                << entry.release.text();
            EXPECT_TRUE(fs::exists(feed() / bundle::layout::torrent(entry.release)))
                << entry.release.text();
        }
    }
    EXPECT_GT(killed, 0);
    test::write(source() / "round.txt", "the last");
    const auto done = publish(request(20));
    ASSERT_TRUE(done) << done.error().message;
    EXPECT_FALSE(catalogues.contains(done->catalogue_version));
    for (const auto& entry : fs::directory_iterator(feed())) {
        EXPECT_FALSE(entry.path().filename().native().starts_with(".publishing")) << entry.path();
    }
}

/// The documents that a backup brings back.
constexpr std::array newest_documents = {"catalogue.json", "catalogue.json.minisig", "beacon.json",
                                         "beacon.json.minisig"};

class FeedFromABackup : public Publish {
protected:
    /// Two editions were released; the documents of the first come back.
    void SetUp() override {
        Publish::SetUp();
        ASSERT_TRUE(publish(request(1)));
        for (const char* name : newest_documents)
            backup_[name] = test::read(feed() / name);
        test::write(source() / "new.txt", "new");
        ASSERT_TRUE(publish(request(2)));
        for (const auto& [name, content] : backup_)
            test::write(feed() / name, content);
        test::write(source() / "new.txt", "newer");
    }

    std::map<std::string, std::string> backup_;
};

TEST_F(FeedFromABackup, IsRefusedAndLosesNothing) {
    const auto before = content_of(feed());
    auto dry = request(3);
    dry.dry_run = true;
    for (const auto& wanted : {request(3), dry}) {
        const auto done = publish(wanted);
        ASSERT_FALSE(done);
        EXPECT_EQ(done.error().reason, "feed_older_than_journal");
    }
    EXPECT_EQ(refresh(feed(), {{day(3), false}, {}}, keys_).error().reason,
              "feed_older_than_journal");
    EXPECT_EQ(content_of(feed()), before);
}

TEST_F(FeedFromABackup, GoesOnBehindEveryNumberIfThePublisherSaysSo) {
    auto wanted = request(3);
    wanted.accept_older = true;
    const auto done = publish(wanted);
    ASSERT_TRUE(done) << done.error().message;
    EXPECT_EQ(done->release.text(), "wiki-3");
    EXPECT_EQ(done->catalogue_version, 3U);
    for (const char* kept : {"bundles/wiki-2/new.txt", "torrents/wiki-2.torrent",
                             "releases/wiki-2.json", "releases/wiki-2.json.minisig"})
        EXPECT_TRUE(fs::exists(feed() / kept)) << kept;
    EXPECT_TRUE(follow(feed(), day(3)));
}

TEST_F(Publish, KnowsACatalogueThatStoodThereThoughItWasKilledBeforeItSaidSo) {
    ASSERT_TRUE(publish(request(1)));
    const fs::path journal = Journal::path_for(feed());
    test::write(journal, "catalogue 1 beacon 1 release wiki-1\n");
    test::write(source() / "new.txt", "new");
    ASSERT_TRUE(publish(request(2)));
    EXPECT_EQ(test::read(journal),
              "catalogue 1 beacon 1 release wiki-1\ndone 1\n"
              "catalogue 2 beacon 2 release wiki-2\ndone 2\n");
}

TEST_F(Publish, IsOnePublisherByAllNamesOfAFeed) {
    const fs::path other = folder() / "other";
    fs::create_directory_symlink("feed", other);
    ASSERT_TRUE(publish(request(1)));
    {
        auto journal = Journal::open(feed());
        ASSERT_TRUE(journal->burn({7, 7, {}}));
        EXPECT_EQ(publish_to(other, request(2)).error().reason, "locked");
    }
    test::write(source() / "new.txt", "new");
    EXPECT_EQ(publish_to(other, request(2))->catalogue_version, 8U);
}

TEST_F(Publish, InPlaceSharesTheFilesOfTheSource) {
    const auto before = everything_in(source());
    auto wanted = request();
    wanted.in_place = true;
    ASSERT_TRUE(publish(wanted));
    EXPECT_TRUE(fs::equivalent(source() / "big.bin", feed() / "bundles/wiki-1/big.bin"));
    EXPECT_EQ(everything_in(source()), before);
    expect_stock_tools_agree("wiki-1");
}

TEST_F(Publish, CopiesAreFilesOfTheirOwn) {
    ASSERT_TRUE(publish(request()));
    EXPECT_FALSE(fs::equivalent(source() / "big.bin", feed() / "bundles/wiki-1/big.bin"));
}

TEST_F(Publish, KeepsAsManyEditionsOnOfferAsAsked) {
    for (int edition = 1; edition <= 3; ++edition) {
        test::write(source() / "edition.txt", std::to_string(edition));
        auto wanted = request(edition);
        wanted.keep = 2;
        ASSERT_TRUE(publish(wanted));
    }
    auto other = request(4);
    other.edition.name = "papers";
    other.keep = 1;
    ASSERT_TRUE(publish(other));
    std::vector<std::string> offered;
    const auto seen = follow(feed(), day(4));
    for (const auto& entry : seen->state.catalogue->releases)
        offered.push_back(entry.release.text());
    EXPECT_EQ(offered, (std::vector<std::string>{"papers-1", "wiki-2", "wiki-3"}));
    EXPECT_TRUE(fs::exists(feed() / "bundles/wiki-1")) << "what lies there stays";
}

TEST_F(Publish, MapsNamesAndRecordsTheOriginals) {
    test::write(source() / "main page.TXT", "other case\n");
    test::write(source() / "what?.txt", "question\n");
    test::write(source() / "SHA256SUMS", "the source's own\n");
    const auto done = publish(request());
    ASSERT_TRUE(done) << done.error().message;
    EXPECT_EQ(done->mapped_names.size(), 4U);
    expect_stock_tools_agree("wiki-1");
    const std::string names = test::read(feed() / "bundles/wiki-1/croft-names.tsv");
    std::map<std::string, std::string> mapped_of;
    for (std::string_view rest = names; !rest.empty(); rest.remove_prefix(rest.find('\n') + 1)) {
        const auto line = rest.substr(0, rest.find('\n'));
        mapped_of[std::string(line.substr(line.find('\t') + 1))] = line.substr(0, line.find('\t'));
    }
    ASSERT_EQ(mapped_of.size(), 4U) << names;
    for (const char* original : {"Main Page.txt", "main page.TXT", "what?.txt", "SHA256SUMS"}) {
        ASSERT_TRUE(mapped_of.contains(original)) << original;
        EXPECT_EQ(test::read(feed() / "bundles/wiki-1" / mapped_of[original]),
                  test::read(source() / original));
    }
}

TEST_F(Publish, PutsTheListOfManyFilesIntoSums) {
    for (int i = 0; i < 10'001; ++i) {
        const fs::path path = source() / fmt::format("{:03}/{:05}", i % 100, i);
        if (i < 100) fs::create_directories(path.parent_path());
        std::ofstream(path) << i;
    }
    const auto done = publish(request());
    ASSERT_TRUE(done) << done.error().message;
    expect_stock_tools_agree("wiki-1");
    EXPECT_TRUE(done->document.files.empty());
    ASSERT_TRUE(done->document.files_list);
    const std::string list = test::read(feed() / "releases/wiki-1.SHA256SUMS");
    EXPECT_EQ(list, test::read(feed() / "bundles/wiki-1/SHA256SUMS"));
    EXPECT_EQ(trust::sha256(list), done->document.files_list->sha256);
    EXPECT_TRUE(publish(request(2))->unchanged_since);
}

TEST_F(Publish, NeedsAsManyReleaseKeysAsTheRoleSays) {
    // A root document of two release keys, both needed, as an institution has it.
    keys_.push_back(SecretKey::generate());
    const fs::path institution = folder() / "institution";
    catalog::Publisher document;
    document.version = 1;
    document.created = day(0);
    document.expires = day(400);
    document.name = "Institution";
    document.root = {1, {keys_[0].public_key()}};
    document.release = {2, {keys_[0].public_key(), keys_[1].public_key()}};
    document.beacon = {1, {keys_[1].public_key()}};
    document.beacon_salt = "croft/1";
    const std::string bytes = write(document);
    const auto put = bundle::write_signed(institution, "publisher.1.json",
                                          {bytes, {sign(keys_[0], bytes, "croft.publisher/1")}});
    ASSERT_TRUE(put) << put.error().message;

    const std::span first_only(keys_.data(), 1);
    EXPECT_EQ(publish::publish(lint(), institution, request(), first_only).error().reason,
              "below_threshold");
    ASSERT_TRUE(publish_to(institution, request()));
    const auto seen = follow(institution, day(1));
    ASSERT_TRUE(seen) << seen.error().message;
    EXPECT_EQ(seen->state.catalogue_signatures.size(), 2U);
    EXPECT_EQ(*seen->state.catalogue->expires, day(91));
}

/// A slip of the year signed the feed's newest documents far ahead.
TEST_F(Publish, ComesBackFromADateThatLayAhead) {
    auto slip = request(1000);
    slip.date.is_chosen = true;
    ASSERT_TRUE(publish(slip));
    const auto follower = follow(feed(), day(3));
    ASSERT_TRUE(follower) << follower.error().message;
    test::write(source() / "new.txt", "new");
    const auto refused = publish(request(3));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().reason, "date_before_previous");
    EXPECT_NE(refused.error().message.find("--date " + format_utc(day(3))), std::string::npos)
        << refused.error().message;

    auto back = request(3);
    back.date.is_chosen = true;
    ASSERT_TRUE(publish(back));
    EXPECT_TRUE(catalog::accept(follower->state, *bundle::read_feed(feed()), day(3)));
    test::write(source() / "new.txt", "newer");
    EXPECT_TRUE(publish(request(4))) << "the feed goes on by the clock";
}

TEST_F(Publish, ReleasesTheRealWiki) {
    const fs::path tar = test::testdata() / "wiki/p2pfoundation/p2pwiki-sample.tar.xz";
    CROFT_NEEDS(tar);
    fs::remove_all(source());
    fs::create_directories(source());
    const auto unpacked = shell(fmt::format("tar -xf {} -C {}", tar.native(), source().native()));
    ASSERT_EQ(unpacked.status, 0) << unpacked.output;
    const auto looked = lint();
    EXPECT_EQ(looked.scanned.files.size(), 8326U);
    EXPECT_GT(looked.empty_files, 0U);
    const auto done = publish::publish(looked, feed(), request(), keys_);
    ASSERT_TRUE(done) << done.error().message;
    EXPECT_FALSE(done->mapped_names.empty());
    expect_stock_tools_agree("wiki-1");
    EXPECT_EQ(unlisted("wiki-1"), "SHA256SUMS\nSHA256SUMS.minisig\n");
}

}  // namespace
}  // namespace croft::publish
