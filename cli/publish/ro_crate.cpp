#include "cli/publish/ro_crate.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace croft::publish {
namespace {

using Json = nlohmann::ordered_json;

Json reference(const std::string& id) { return {{"@id", id}}; }

/// One value as itself, several as a list: how JSON-LD is read best by people.
Json one_or_list(std::vector<Json> values) {
    return values.size() == 1 ? std::move(values.front()) : Json(std::move(values));
}

/// Texts in several languages as JSON-LD's language-tagged values; one alone as a plain string.
Json texts(const catalog::Translations& translations) {
    if (translations.size() == 1) return translations.begin()->second;
    std::vector<Json> values;
    for (const auto& [language, text] : translations) {
        values.push_back({{"@language", language}, {"@value", text}});
    }
    return values;
}

bool is_single_licence(const std::string& expression) {
    return expression.find_first_of(" ()") == std::string::npos;
}

std::string licence_id(const std::string& expression) {
    return is_single_licence(expression) ? "https://spdx.org/licenses/" + expression : "#licence";
}

std::string author_id(const std::vector<catalog::Release::Author>& authors, std::size_t index) {
    return authors[index].id.empty() ? "#author-" + std::to_string(index + 1) : authors[index].id;
}

Json root_dataset(const Edition& edition, const catalog::PublisherId& publisher,
                  std::uint64_t serial, Time date) {
    const auto& description = edition.description.empty() ? edition.title : edition.description;
    Json root = {{"@id", "./"},
                 {"@type", "Dataset"},
                 {"identifier", "croft:" + publisher.hex() + "/" +
                                    catalog::ReleaseName{edition.name, serial}.text()},
                 {"name", texts(edition.title)},
                 {"description", texts(description)},
                 {"datePublished", format_utc(date).substr(0, 10)},
                 {"version", edition.version},
                 {"license", reference(licence_id(edition.licence))},
                 {"publisher", reference("#publisher")},
                 {"inLanguage", one_or_list({edition.languages.begin(), edition.languages.end()})}};
    std::vector<Json> authors;
    for (std::size_t i = 0; i < edition.authors.size(); ++i)
        authors.push_back(reference(author_id(edition.authors, i)));
    if (!authors.empty()) root["author"] = one_or_list(std::move(authors));
    if (!edition.subjects.empty()) root["keywords"] = edition.subjects;
    if (!edition.source.empty()) root["isBasedOn"] = edition.source;
    if (!edition.doi.empty()) root["sameAs"] = "https://doi.org/" + edition.doi;
    return root;
}

}  // namespace

std::string write_ro_crate(const Edition& edition, const catalog::PublisherId& publisher,
                           const std::string& publisher_name, std::uint64_t serial, Time date) {
    Json graph = Json::array();
    graph.push_back({{"@id", "ro-crate-metadata.json"},
                     {"@type", "CreativeWork"},
                     {"conformsTo", reference("https://w3id.org/ro/crate/1.2")},
                     {"about", reference("./")}});
    graph.push_back(root_dataset(edition, publisher, serial, date));
    graph.push_back({{"@id", licence_id(edition.licence)},
                     {"@type", "CreativeWork"},
                     {"name", edition.licence}});
    graph.push_back({{"@id", "#publisher"},
                     {"@type", "Organization"},
                     {"name", publisher_name},
                     {"identifier", "croft:" + publisher.hex()}});
    for (std::size_t i = 0; i < edition.authors.size(); ++i) {
        graph.push_back({{"@id", author_id(edition.authors, i)},
                         {"@type", "Person"},
                         {"name", edition.authors[i].name}});
    }
    const Json crate = {{"@context", "https://w3id.org/ro/crate/1.2/context"},
                        {"@graph", std::move(graph)}};
    return crate.dump(1) + "\n";
}

}  // namespace croft::publish
