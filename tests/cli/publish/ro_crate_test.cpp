#include "cli/publish/ro_crate.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace croft::publish {
namespace {

using nlohmann::json;

Edition edition() {
    Edition edition;
    edition.name = "wiki";
    edition.title = {{"en", "Example Wiki"}};
    edition.languages = {"en"};
    edition.licence = "CC-BY-SA-3.0";
    edition.version = "November 2026";
    return edition;
}

json crate(const Edition& of) {
    const catalog::PublisherId id{*Sha256::from_hex(std::string(64, 'a'))};
    return json::parse(
        write_ro_crate(of, id, "Example Archive", 57, *parse_utc("2026-11-22T23:59:59Z")));
}

json entity(const json& of, const std::string& id) {
    for (const auto& each : of.at("@graph")) {
        if (each.at("@id") == id) return each;
    }
    return {};
}

TEST(RoCrate, HasTheDescriptorAndRootThatTheSpecificationAsksFor) {
    const auto made = crate(edition());
    EXPECT_EQ(made.at("@context"), "https://w3id.org/ro/crate/1.2/context");
    const auto descriptor = entity(made, "ro-crate-metadata.json");
    EXPECT_EQ(descriptor.at("@type"), "CreativeWork");
    EXPECT_EQ(descriptor.at("about").at("@id"), "./");
    EXPECT_EQ(descriptor.at("conformsTo").at("@id"), "https://w3id.org/ro/crate/1.2");
    const auto root = entity(made, "./");
    EXPECT_EQ(root.at("@type"), "Dataset");
    EXPECT_EQ(root.at("identifier"), "croft:" + std::string(64, 'a') + "/wiki-57");
    EXPECT_EQ(root.at("datePublished"), "2026-11-22");
    for (const char* member : {"name", "description", "license"})
        EXPECT_TRUE(root.contains(member)) << member;
}

TEST(RoCrate, DescribesEveryEntityThatItRefersTo) {
    Edition rich = edition();
    rich.authors = {{"Jane Doe", "https://orcid.org/0000-0002-1825-0097"}, {"Joe", ""}};
    rich.licence = "MIT OR (Apache-2.0 AND CC0-1.0)";
    const auto made = crate(rich);
    std::vector<json> open = {made};
    while (!open.empty()) {
        const json value = open.back();
        open.pop_back();
        if (value.is_object() && value.size() == 1 && value.contains("@id")) {
            const std::string id = value.at("@id");
            const bool is_the_specification = id == "https://w3id.org/ro/crate/1.2";
            EXPECT_TRUE(is_the_specification || !entity(made, id).is_null()) << id;
        }
        if (value.is_structured()) open.insert(open.end(), value.begin(), value.end());
    }
    EXPECT_EQ(entity(made, "./").at("author").size(), 2U);
}

TEST(RoCrate, TagsTextsOfSeveralLanguages) {
    Edition two = edition();
    two.title = {{"en", "Wiki"}, {"fr", "Le wiki"}};
    const auto name = entity(crate(two), "./").at("name");
    ASSERT_EQ(name.size(), 2U);
    EXPECT_EQ(name[1], (json{{"@language", "fr"}, {"@value", "Le wiki"}}));
}

}  // namespace
}  // namespace croft::publish
