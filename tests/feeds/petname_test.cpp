#include "feeds/petname_impl.h"

#include <gtest/gtest.h>

namespace croft::feeds {
namespace {

TEST(Skeleton, IsTheSameForNamesThatLookTheSame) {
    const std::string looks = skeleton("P2P Foundation");
    for (const char* name :
         {"p2p foundation", "P2P-Foundation", "P2PFoundation", "P2P  Foundatıon", "Р2Р Fоundаtіоn",
          "Ｐ２Ｐ　Ｆｏｕｎｄａｔｉｏｎ", "P2P F0undation", "P2P\u200bFoundation"})
        EXPECT_EQ(skeleton(name), looks) << name;
    EXPECT_EQ(skeleton("modern"), skeleton("modem"));
    EXPECT_EQ(skeleton("vvikipedia"), skeleton("Wikipedia"));
    EXPECT_EQ(skeleton("Il1|"), skeleton("llll"));
}

TEST(Skeleton, DiffersForNamesThatDiffer) {
    for (const char* name : {"P3P Foundation", "P2P Foundations", "", "Foundation P2P"})
        EXPECT_NE(skeleton(name), skeleton("P2P Foundation")) << name;
}

TEST(Skeleton, BearsBrokenText) { EXPECT_NE(skeleton("\xff\xfe"), skeleton("\xff\xfd")); }

TEST(Petname, IsRefusedWhereItCannotStandForSomebody) {
    const auto reason = [](std::string_view name, std::vector<std::string> taken = {}) {
        const auto checked = check_petname(name, taken);
        return checked ? "fits" : checked.error().reason;
    };
    EXPECT_EQ(reason("p2pf"), "fits");
    EXPECT_EQ(reason("Übersee Archiv"), "fits");
    for (const char* name : {"", " a", "a ", "a/b", "a\nb", "a\u202eb", "\xff"})
        EXPECT_EQ(reason(name), "bad_petname") << name;
    EXPECT_EQ(reason(std::string(65, 'x')), "bad_petname");
    EXPECT_EQ(reason("p2pf", {"other", "P2PF"}), "petname_taken");
    EXPECT_EQ(reason("archlve", {"archive"}), "petname_taken");
}

TEST(Petname, IsMadeOutOfAnyClaimedName) {
    EXPECT_EQ(make_petname("P2P Foundation", {}), "p2p-foundation");
    const std::vector<std::string> taken{"p2p-foundation", "p2p-foundation-2"};
    EXPECT_EQ(make_petname("P2P Foundation", taken), "p2p-foundation-3");
    EXPECT_EQ(make_petname("", {}), "publisher");
    EXPECT_EQ(make_petname("///", {}), "publisher");
    EXPECT_EQ(make_petname("Étude «1»", {}), "étude-«1»");
    for (const std::string& name : {std::string(500, 'x'), std::string(200, ' '),
                                    std::string("a\u202e/b"), std::string("\xff\xfe")})
        EXPECT_TRUE(check_petname(make_petname(name, {}), {})) << name;
}

}  // namespace
}  // namespace croft::feeds
