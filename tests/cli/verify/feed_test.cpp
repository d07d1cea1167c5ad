#include "verify_fixture.h"

namespace croft::cli::verify::test {
namespace {

using croft::test::read;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

void lay_documents_into(const fs::path& folder, const fs::path& feed) {
    for (const char* name : {"publisher.1.json", "catalogue.json", "beacon.json"}) {
        for (const std::string ending : {"", ".minisig"})
            write(folder / (name + ending), read(feed / (name + ending)));
    }
}

TEST_F(Feed, IsValidWithEverythingInIt) {
    const auto verdicts = verify(feed());
    EXPECT_EQ(code_of(verdicts), ExitCode::done);
    ASSERT_EQ(verdicts.size(), 2U);
    EXPECT_EQ(verdicts.back().subject, "wiki-1");
    EXPECT_EQ(code(content()), ExitCode::done);
    EXPECT_EQ(code(feed() / "torrents/wiki-1.torrent"), ExitCode::done);
}

TEST_F(Feed, LaidIntoABundleVouchesForNothingOfIt) {
    write(content() / "Main Page.txt", "EVIL");
    write(content() / "evil.exe", "x");
    lay_documents_into(content(), feed());
    const auto verdicts = verify(content());
    EXPECT_EQ(code_of(verdicts), ExitCode::damaged);
    EXPECT_THAT(named_paths(verdicts), Contains("Main Page.txt"));
    EXPECT_THAT(named_paths(verdicts), Contains("evil.exe"));
    EXPECT_THAT(named_paths(verdicts), Contains("publisher.1.json"));
}

TEST_F(Feed, LaidIntoABundleAwayFromItsFeedVouchesForNothingOfIt) {
    const fs::path copy = folder() / "away/wiki-1";
    fs::create_directories(copy.parent_path());
    fs::copy(content(), copy, fs::copy_options::recursive);
    lay_documents_into(copy, feed());
    write(copy / "Main Page.txt", "EVIL");
    EXPECT_NE(code(copy), ExitCode::done);
    fs::remove(copy / "SHA256SUMS");
    EXPECT_EQ(code(copy), ExitCode::damaged);
    EXPECT_THAT(named_paths(verify(copy)), Contains("Main Page.txt"));
}

TEST_F(Feed, InAFolderVouchesForNothingBesideIt) {
    const fs::path stick = folder() / "stick";
    fs::create_directories(stick);
    fs::rename(feed(), stick / "some-feed");
    EXPECT_EQ(code(stick), ExitCode::done);
    write(stick / "Main Page.txt", "EVIL");
    EXPECT_EQ(code(stick), ExitCode::damaged);
    EXPECT_THAT(named_paths(verify(stick)), ElementsAre("Main Page.txt"));
}

TEST_F(Feed, NamesWhatBelongsToNothingThatWasSigned) {
    write(feed() / "evil.txt", "x");
    write(feed() / "releases/wiki-7.json.0123456789ABCDEF.minisig", "x");
    write(feed() / "torrents/x.torrent", "x");
    write(feed() / "bundles/wiki-9/evil.exe", "x");
    const auto verdicts = verify(feed());
    EXPECT_NE(code_of(verdicts), ExitCode::done);
    for (const char* path : {"evil.txt", "releases/wiki-7.json.0123456789ABCDEF.minisig",
                             "torrents/x.torrent", "bundles/wiki-9"})
        EXPECT_THAT(named_paths(verdicts), Contains(path));
}

TEST_F(Feed, JudgesADocumentThatTheCatalogueDoesNotName) {
    write(feed() / "releases/wiki-9.json", "{}");
    EXPECT_EQ(code(feed()), ExitCode::no_signature);
}

TEST_F(Feed, JudgesABundleUnderAnotherName) {
    fs::rename(content(), feed() / "bundles/wiki-01");
    const auto renamed = verify(feed());
    ASSERT_EQ(code_of(renamed), ExitCode::damaged);
    write(feed() / "bundles/wiki-01/Main Page.txt", "EVIL");
    EXPECT_THAT(named_paths(verify(feed())), Contains("Main Page.txt"));
}

TEST_F(Feed, SaysWhichOfItsReleasesAreElsewhere) {
    fs::remove_all(content());
    auto verdicts = verify(feed());
    EXPECT_EQ(code_of(verdicts), ExitCode::done);
    EXPECT_THAT(verdicts.front().notes, Contains(HasSubstr("documents alone of wiki-1")));
    fs::remove(feed() / "releases/wiki-1.json");
    fs::remove(feed() / "releases/wiki-1.json.minisig");
    fs::remove(feed() / "torrents/wiki-1.torrent");
    verdicts = verify(feed());
    EXPECT_THAT(verdicts.front().notes, Contains(HasSubstr("absent  wiki-1")));
}

TEST_F(Feed, ChecksDocumentsWhoseBundleIsElsewhere) {
    fs::remove_all(content());
    write(feed() / "torrents/wiki-1.torrent", "de");
    EXPECT_EQ(code(feed()), ExitCode::damaged);
}

TEST_F(Feed, TakesATwinOfItsTorrentOnlyIfItIsOne) {
    auto wanted = request(2);
    wanted.edition.v1_twin = true;
    write(source() / "Main Page.txt", "welcome again\n");
    ASSERT_TRUE(publish(wanted));
    EXPECT_EQ(code(feed()), ExitCode::done);
    const fs::path twin = feed() / "torrents/wiki-2.v1.torrent";
    write(twin, read(twin) + "x");
    EXPECT_EQ(code(feed()), ExitCode::damaged);
    fs::rename(twin, feed() / "torrents/wiki-1.v1.torrent");
    EXPECT_EQ(code(feed()), ExitCode::damaged) << "wiki-1 has none";
}

TEST_F(Feed, NamesTheDocumentThatIsNotGenuine) {
    write(feed() / "catalogue.json", read(feed() / "catalogue.json") + " ");
    auto verdicts = verify(content());
    ASSERT_EQ(verdicts.size(), 2U);
    EXPECT_TRUE(verdicts.front().is_valid()) << "the bundle is as its own document says";
    EXPECT_THAT(verdicts.back().error->message, HasSubstr("catalogue.json: "));
    EXPECT_EQ(code_of(verdicts), ExitCode::bad_signature);
    write(feed() / "releases/wiki-1.json", read(feed() / "releases/wiki-1.json") + " ");
    verdicts = verify(content());
    EXPECT_THAT(verdicts.front().error->message, HasSubstr("releases/wiki-1.json: "));
    write(feed() / "publisher.1.json", read(feed() / "publisher.1.json") + " ");
    EXPECT_EQ(code(content()), ExitCode::unknown_key) << "another document, another publisher";
}

TEST_F(Feed, WithoutABeaconSaysWhatThatMeans) {
    change_catalogue([](catalog::Catalogue&) {});
    EXPECT_THAT(verify(feed()).front().notes, Contains(HasSubstr("beacon  none")));
}

TEST_F(Feed, WithdrawsReleasesAndFiles) {
    change_catalogue([&](catalog::Catalogue& catalogue) {
        catalogue.withdrawn.push_back({{},
                                       trust::sha256("welcome\n"),
                                       catalog::WithdrawalReason::malware,
                                       catalogue.created});
    });
    EXPECT_EQ(code(content()), ExitCode::withdrawn);
    change_catalogue([&](catalog::Catalogue& catalogue) {
        catalogue.releases.clear();
        catalogue.withdrawn = {
            {{{"wiki", 1}}, {}, catalog::WithdrawalReason::legal, catalogue.created}};
    });
    EXPECT_EQ(code(content()), ExitCode::withdrawn);
    trusted = {};
    trusted.keys = {keys_.front().public_key()};
    EXPECT_EQ(code(content()), ExitCode::withdrawn) << "by a key, too";
    write(content() / "Main Page.txt", "EVIL");
    EXPECT_EQ(code(content()), ExitCode::damaged) << "damage is graver";
}

TEST_F(Feed, WithdrawsAFileOfManyThousands) {
    for (int i = 0; i <= 10'000; ++i)
        croft::test::write_bytes(source() / std::to_string(i % 100) / std::to_string(i),
                                 std::to_string(i));
    ASSERT_TRUE(publish(request(2)));
    const fs::path many = feed() / "bundles/wiki-2";
    EXPECT_EQ(code(many), ExitCode::done);
    change_catalogue([&](catalog::Catalogue& catalogue) {
        catalogue.withdrawn.push_back(
            {{}, trust::sha256("77"), catalog::WithdrawalReason::malware, catalogue.created});
    });
    EXPECT_EQ(code(many), ExitCode::withdrawn);
}

TEST_F(Feed, OfNobodyWeTrustSaysHowToTrustIt) {
    trusted = {};
    const auto verdicts = verify(feed());
    EXPECT_EQ(code_of(verdicts), ExitCode::unknown_key);
    EXPECT_THAT(verdicts.front().mend, HasSubstr("croft trust add " + feed().native() +
                                                 " --fingerprint " + catalog::fingerprint(id())));
}

TEST_F(Feed, OlderThanWhatWasSeenIsOlderEvenIfAFlagNamesIt) {
    const auto older = bundle::read_feed(feed()).value();
    change_catalogue([](catalog::Catalogue&) {});
    const auto newer = bundle::read_feed(feed()).value();
    const auto begun = catalog::begin(id(), newer.publishers, day(2)).value();
    trusted.publishers = {{"seen", catalog::accept(begun, newer, day(2)).value().state}};
    ASSERT_TRUE(bundle::write_signed(feed(), "catalogue.json", older.catalogue));
    EXPECT_EQ(code(feed()), ExitCode::outdated);
    EXPECT_EQ(code(content()), ExitCode::done) << "an older edition is good";
}

}  // namespace
}  // namespace croft::cli::verify::test
