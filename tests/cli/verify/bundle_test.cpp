#include "verify_fixture.h"

namespace croft::cli::verify::test {
namespace {

using testing::ElementsAre;

/// A bundle whose feed is elsewhere: judged by its list of sums.
class BundleAlone : public Documents {
protected:
    const std::map<std::string, std::string> files = {{"README.txt", "hello\n"},
                                                      {"data/one.txt", "1\n"}};
};

TEST_F(BundleAlone, IsWhatTheReleaseRoleSignedAsAListOfSums) {
    const auto copy = put_bundle(files, {&publisher.daily});
    EXPECT_EQ(code(copy), ExitCode::done);
    EXPECT_EQ(verify(copy).front().subject, "demo-1");
    put_bundle(files, {&publisher.beacon_key});
    EXPECT_EQ(code(copy), ExitCode::unknown_key);
    put_bundle(files, {&publisher.daily}, "anything else");
    EXPECT_EQ(code(copy), ExitCode::bad_signature);
    trusted.keys = {publisher.daily.key()};
    EXPECT_EQ(code(copy), ExitCode::done) << "who names a key asks for that key's word alone";
}

TEST_F(BundleAlone, NeedsAsManyKeysAsTheReleaseRole) {
    trusted.publishers.front().state.publisher.release = {
        2, {publisher.daily.key(), publisher.root3.key()}};
    EXPECT_EQ(code(put_bundle(files, {&publisher.daily})), ExitCode::no_signature);
    EXPECT_EQ(code(put_bundle(files, {&publisher.daily, &publisher.root3})), ExitCode::done);
}

TEST_F(BundleAlone, IsRevokedWhereItsKeyIs) {
    trusted.publishers.front().state.publisher.revoked.push_back(
        {publisher.stranger.key(), 1, "stolen"});
    EXPECT_EQ(code(put_bundle(files, {&publisher.stranger})), ExitCode::revoked);
}

TEST_F(BundleAlone, IsWithdrawnWhereItsReleaseOrAFileOfItIs) {
    auto& withdrawn = trusted.publishers.front().state.catalogue->withdrawn;
    const auto copy = put_bundle(files, {&publisher.daily});
    const auto reason_of = catalog::WithdrawalReason::malware;
    withdrawn = {{{{"demo", 1}}, {}, reason_of, TestPublisher::now}};
    EXPECT_EQ(reason(copy), "withdrawn");
    EXPECT_EQ(code(copy), ExitCode::withdrawn);
    withdrawn = {{{}, trust::sha256("1\n"), reason_of, TestPublisher::now}};
    EXPECT_EQ(reason(copy), "file_withdrawn");
    EXPECT_EQ(code(copy / "data/one.txt"), ExitCode::withdrawn);
    EXPECT_EQ(code(copy / "README.txt"), ExitCode::done);
}

TEST_F(BundleAlone, HoldsAFileInItToTheListAboveIt) {
    const auto copy = put_bundle(files, {&publisher.daily});
    EXPECT_EQ(code(copy / "data/one.txt"), ExitCode::done);
    write(copy / "data/one.txt", "2\n");
    EXPECT_EQ(code(copy / "data/one.txt"), ExitCode::damaged);
    write(copy / "data/two.txt", "2\n");
    EXPECT_THAT(verify(copy / "data/two.txt").front().extra, ElementsAre("data/two.txt"));
    trusted.publishers.clear();
    EXPECT_EQ(code(copy / "README.txt"), ExitCode::unknown_key);
    fs::remove(copy / "SHA256SUMS.minisig");
    EXPECT_EQ(code(copy / "README.txt"), ExitCode::no_signature);
}

TEST_F(BundleAlone, CallsWhatIsOnlyMoreByItsName) {
    const auto copy = put_bundle(files, {&publisher.daily});
    write(copy / "evil.exe", "x");
    const auto verdict = verify(copy).front();
    EXPECT_EQ(verdict.error->message, "2 of 2 files as signed, and 1 file that was not signed");
    EXPECT_THAT(verdict.mend, testing::HasSubstr("remove"));
}

TEST_F(BundleAlone, ReadsASignedCrateOfAnyShape) {
    for (const char* crate :
         {R"({"@graph":[{"@id":5}]})", R"({"@graph":[5,{"@id":"./","identifier":7}]})",
          R"({"@graph":{}})", R"([1])", R"({"@graph":[{"@id":"./"}]})"}) {
        auto described = files;
        described["ro-crate-metadata.json"] = crate;
        EXPECT_EQ(code(put_bundle(described, {&publisher.daily})), ExitCode::done) << crate;
    }
}

TEST_F(BundleAlone, RefusesAnEndlessListBeforeReadingIt) {
    const auto copy = put_bundle(files, {&publisher.daily});
    fs::resize_file(copy / "SHA256SUMS", std::uintmax_t{300} << 20);
    EXPECT_EQ(reason(copy), "too_large");
}

TEST_F(BundleAlone, NamesTheKeyThatSigned) {
    trusted.keys = {publisher.stranger.key(), publisher.daily.key()};
    EXPECT_EQ(verify(put_bundle(files, {&publisher.daily})).front().signer,
              "key " + publisher.daily.key().id.text());
}

}  // namespace
}  // namespace croft::cli::verify::test
