#include "api/release_list.h"

#include "api/api_fixture.h"

#include <algorithm>

namespace croft::api {
namespace {

using test::stand_ins;

class ReleaseList : public testing::Test {
protected:
    ReleaseList() { test::fill_world(); }

    static std::vector<std::string> names(std::map<std::string, std::string, std::less<>> query) {
        std::vector<const library::ReleaseView*> all;
        for (const auto& each : stand_ins().releases)
            all.push_back(&each);
        std::vector<std::string> found;
        for (const auto* each : select(all, ReleaseQuery::parse(query).value()))
            found.push_back(each->entry.release.text());
        return found;
    }
    using Names = std::vector<std::string>;
};

TEST_F(ReleaseList, SortsAndBreaksTiesByNameAndFallingSerial) {
    EXPECT_EQ(names({}), (Names{"demo-2", "demo-1", "media-7", "papers-12"}));
    EXPECT_EQ(names({{"sort", "-name"}}), (Names{"papers-12", "media-7", "demo-2", "demo-1"}));
    EXPECT_EQ(names({{"sort", "size"}}), (Names{"demo-1", "demo-2", "papers-12", "media-7"}));
    EXPECT_EQ(names({{"sort", "-size"}}), (Names{"media-7", "papers-12", "demo-2", "demo-1"}));
    EXPECT_EQ(names({{"sort", "created"}}), (Names{"papers-12", "demo-1", "media-7", "demo-2"}));
    EXPECT_EQ(names({{"sort", "-done"}}), (Names{"demo-2", "media-7", "demo-1", "papers-12"}));
    EXPECT_EQ(names({{"sort", "-up"}}), (Names{"demo-2", "demo-1", "media-7", "papers-12"}));
    EXPECT_EQ(names({{"sort", "state"}}), (Names{"papers-12", "demo-1", "demo-2", "media-7"}));
}

TEST_F(ReleaseList, FiltersByEachMember) {
    EXPECT_EQ(names({{"held", "true"}}), Names{"demo-2"});
    EXPECT_EQ(names({{"offered", "true"}}), (Names{"demo-2", "media-7", "papers-12"}));
    EXPECT_EQ(names({{"kind", "media,papers"}}), (Names{"media-7", "papers-12"}));
    EXPECT_EQ(names({{"state", "failed,held"}}), (Names{"demo-2", "media-7"}));
    EXPECT_EQ(names({{"language", "fr"}}), (Names{"demo-2", "demo-1"}));
    EXPECT_EQ(names({{"publisher", "nobody"}}), Names{});
    EXPECT_EQ(names({{"publisher", test::publisher_id}}).size(), 4U);
}

TEST_F(ReleaseList, FindsTextInNamesTitlesAndPetnamesWhateverItsCase) {
    EXPECT_EQ(names({{"q", "MEDIA-7"}}), Names{"media-7"});
    EXPECT_EQ(names({{"q", "démonstration"}}), (Names{"demo-2", "demo-1"}));
    EXPECT_EQ(names({{"q", "DÉMONSTRATION"}}), (Names{"demo-2", "demo-1"}));
    EXPECT_EQ(names({{"q", "exam"}}).size(), 4U);
    EXPECT_EQ(names({{"q", "nowhere"}}), Names{});
}

TEST_F(ReleaseList, RefusesWhatItDoesNotKnow) {
    EXPECT_FALSE(ReleaseQuery::parse({{"sort", "colour"}}));
    EXPECT_FALSE(ReleaseQuery::parse({{"colour", "red"}}));
}

class ReleasePages : public test::ApiTest {};

TEST_F(ReleasePages, NeverOverlapAndTogetherAreEverything) {
    test::add_releases(996);
    start();
    std::set<std::string> seen;
    for (int offset = 0; offset < 1000; offset += 100) {
        const Json page =
            get("/api/v1/releases?fields=name&sort=up&offset=" + std::to_string(offset)).json();
        EXPECT_EQ(page.at("total"), 1000);
        for (const Json& row : page.at("releases")) {
            EXPECT_TRUE(seen.insert(row.at("id").get<std::string>()).second);
            EXPECT_EQ(row.size(), 2U);
        }
    }
    EXPECT_EQ(seen.size(), 1000U);
}

TEST_F(ReleasePages, RefuseSizesOutOfBounds) {
    start();
    for (const char* query :
         {"limit=501", "limit=-1", "offset=x", "limit=1.5", "offset=99999999999"})
        EXPECT_EQ(get("/api/v1/releases?" + std::string(query)).status, 400) << query;
    EXPECT_EQ(get("/api/v1/releases?limit=0&offset=1000").json().at("releases"), Json::array());
}

}  // namespace
}  // namespace croft::api
