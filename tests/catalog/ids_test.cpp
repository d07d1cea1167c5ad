#include "catalog/ids.h"

#include <gtest/gtest.h>

namespace croft::catalog {
namespace {

const PublisherId example =
    PublisherId::parse("df053e80dcc4862157d7c99e60da69229c58ef0052b3b904d74a223a976a8303").value();

TEST(PublisherId, IsExactly64LowerCaseDigits) {
    EXPECT_EQ(example.hex(), "df053e80dcc4862157d7c99e60da69229c58ef0052b3b904d74a223a976a8303");
    EXPECT_FALSE(PublisherId::parse(""));
    EXPECT_FALSE(PublisherId::parse(example.hex().substr(1)));
    EXPECT_FALSE(PublisherId::parse(example.hex() + "0"));
    EXPECT_FALSE(
        PublisherId::parse("DF053e80dcc4862157d7c99e60da69229c58ef0052b3b904d74a223a976a8303"));
}

// The value that sha256sum, xxd and basenc give for the vectors' publisher.
TEST(Fingerprint, IsWhatStockToolsCompute) {
    EXPECT_EQ(fingerprint(example), "49XH-7594-88BA-66D7-KJHK");
}

TEST(Fingerprint, IsReadHoweverPeopleType) {
    for (const auto* typed :
         {"49XH-7594-88BA-66D7-KJHK", "49xh 7594 88ba 66d7 kjhk", "49xh759488ba66d7kjhk"}) {
        EXPECT_EQ(normalise_fingerprint(typed).value(), "49XH-7594-88BA-66D7-KJHK");
    }
    EXPECT_EQ(normalise_fingerprint("O0oI-1iLl-0000-0000-0000").value(),
              "0001-1111-0000-0000-0000");
}

TEST(Fingerprint, IsRefusedWhereALetterIsMissingOrNoneOfThose) {
    for (const auto* typed : {"", "49XH-7594-88BA-66D7-KJH", "49XH-7594-88BA-66D7-KJHKK",
                              "49XH-7594-88BA-66D7-KJHU", "49XH_7594_88BA_66D7_KJHK"}) {
        EXPECT_EQ(normalise_fingerprint(typed).error().reason, "bad_fingerprint") << typed;
    }
}

TEST(ReleaseName, IsANameAndASerial) {
    const auto release = ReleaseName::parse("p2p-wiki-57").value();
    EXPECT_EQ(release.name, "p2p-wiki");
    EXPECT_EQ(release.serial, 57U);
    EXPECT_EQ(release.text(), "p2p-wiki-57");
    EXPECT_EQ(ReleaseName::parse("57-1").value().name, "57");
}

TEST(ReleaseName, RefusesWhatCouldBeTakenForAnother) {
    for (const auto* text : {"", "wiki", "wiki-", "-1", "wiki-0", "wiki-01", "wiki-1x", "Wiki-1",
                             "wiki-5-7", "../wiki-1", "wi ki-1", ".wiki-1", "wiki-9007199254740992",
                             "wiki-99999999999999999999", "wiki--1-2"}) {
        EXPECT_EQ(ReleaseName::parse(text).error().reason, "bad_release_name") << text;
    }
    EXPECT_TRUE(is_release_name(std::string(64, 'a')));
    EXPECT_FALSE(is_release_name(std::string(65, 'a')));
    EXPECT_FALSE(is_release_name("wiki-2026"));
    EXPECT_TRUE(is_release_name("wiki2026"));
}

}  // namespace
}  // namespace croft::catalog
