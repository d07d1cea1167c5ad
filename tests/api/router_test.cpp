#include "api/router.h"

#include <gtest/gtest.h>

namespace croft::api {
namespace {

TEST(Router, FitsPatternsByWholeSegments) {
    Parameters found;
    EXPECT_TRUE(fits("/a/{id}/b", "/a/x-1/b", found));
    EXPECT_EQ(found.find("id")->second, "x-1");
    EXPECT_TRUE(fits("/a/{id}/{rest*}", "/a/1/releases/wiki-57.json", found));
    EXPECT_EQ(found.find("rest")->second, "releases/wiki-57.json");
    for (const char* path : {"/a//b", "/a/x/y/b", "/a/x/b/", "/a/x", "/a/x/bc", "a/x/b", ""})
        EXPECT_FALSE(fits("/a/{id}/b", path, found)) << path;
    EXPECT_FALSE(fits("/a/{rest*}", "/a/", found));
    EXPECT_FALSE(fits("/{file}", "/", found));
    EXPECT_FALSE(fits("/{file}", "/api/v1", found));
}

TEST(Router, TakesTheFirstRouteAndKnowsTheMethodsOfAPath) {
    Routes routes;
    routes.add({.method = "GET", .pattern = "/a/b", .handle = nullptr});
    routes.add({.method = "POST", .pattern = "/a/{id}", .handle = nullptr});
    EXPECT_EQ(routes.find("GET", "/a/b").route, &routes.all()[0]);
    EXPECT_EQ(routes.find("HEAD", "/a/b").route, &routes.all()[0]);
    EXPECT_EQ(routes.find("POST", "/a/b").route, &routes.all()[1]);
    const auto match = routes.find("PUT", "/a/b");
    EXPECT_EQ(match.route, nullptr);
    EXPECT_EQ(match.allowed, (std::vector<std::string>{"GET", "POST"}));
    EXPECT_TRUE(routes.find("GET", "/c").allowed.empty());
}

}  // namespace
}  // namespace croft::api
