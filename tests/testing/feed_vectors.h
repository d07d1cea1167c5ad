#pragma once

#include "catalog/follower.h"
#include "testing/vectors.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace croft::test {

/// A vector and every signature that lies beside it.
inline catalog::SignedBytes signed_vector(const std::string& path) {
    catalog::SignedBytes bytes{read_vector(path), {}};
    const auto file = vector_folder() / path;
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(file.parent_path())) {
        const std::string name = entry.path().filename();
        if (name.starts_with(file.filename().native() + ".") && name.ends_with(".minisig")) {
            names.push_back(name);
        }
    }
    std::ranges::sort(names);
    for (const std::string& name : names) {
        bytes.signatures.push_back(
            read_vector((std::filesystem::path(path).parent_path() / name).native()));
    }
    return bytes;
}

/// `feed-57` or `feed-58` as a follower reads it.
inline catalog::FeedBytes feed_vector(const std::string& name) {
    const std::string folder = "docs/" + name + "/";
    return {
        {signed_vector(folder + "publisher.1.json"), signed_vector(folder + "publisher.2.json")},
        signed_vector(folder + "catalogue.json"),
        signed_vector(folder + "beacon.json")};
}

inline const catalog::PublisherId vector_publisher =
    catalog::PublisherId::parse("df053e80dcc4862157d7c99e60da69229c58ef0052b3b904d74a223a976a8303")
        .value();

/// A day on which everything of feed-58 but nothing more is good.
inline const Time vector_day = *parse_utc("2026-11-10T00:00:00Z");

/// What a follower knows once it has seen that feed.
inline catalog::FollowerState followed_vector(const std::string& name) {
    const auto feed = feed_vector(name);
    const auto state = catalog::begin(vector_publisher, feed.publishers, vector_day);
    return catalog::accept(state.value(), feed, vector_day).value().state;
}

}  // namespace croft::test
