#include "cli/verify/inventory.h"

#include "bundle/feed_folder.h"
#include "cli/verify/place.h"

#include <algorithm>
#include <set>
#include <string_view>

namespace croft::cli::verify {
namespace {

namespace fs = std::filesystem;
namespace layout = bundle::layout;

/// Of a folder's files, those that belong to no release that has its document here.
std::vector<std::string> unknown_in(const fs::path& feed, const std::string& folder,
                                    std::initializer_list<std::string_view> endings) {
    std::vector<std::string> unknown;
    for (const auto& name : names_in(feed / folder)) {
        std::string document = signed_by(name);
        const auto ending = std::ranges::find_if(
            endings, [&](std::string_view each) { return document.ends_with(each); });
        if (ending != endings.end()) document.resize(document.size() - ending->size());
        const auto release = catalog::ReleaseName::parse(document);
        if (!release || !is_there(feed / layout::release(*release)))
            unknown.push_back(folder + '/' + name);
    }
    return unknown;
}

std::set<catalog::ReleaseName> described_in(const fs::path& feed) {
    constexpr std::string_view ending = ".json";
    std::set<catalog::ReleaseName> described;
    for (const auto& name : names_in(feed / "releases")) {
        if (!name.ends_with(ending)) continue;
        if (auto release = catalog::ReleaseName::parse(name.substr(0, name.size() - ending.size())))
            described.insert(*release);
    }
    return described;
}

bool is_known_in_feed(const std::string& name, const catalog::FollowerState& state) {
    static const std::set<std::string, std::less<>> known = {std::string(layout::catalogue),
                                                             std::string(layout::beacon),
                                                             "pointer",
                                                             "feed.torrent",
                                                             "HOW-TO-VERIFY.txt",
                                                             "releases",
                                                             "torrents",
                                                             "bundles"};
    const std::string document = signed_by(name);
    if (known.contains(document)) return true;
    // With `-P` alone nobody has walked the chain: the first document is what makes it a feed.
    const std::size_t publishers = std::max<std::size_t>(1, state.publisher_chain.size());
    for (std::size_t version = 1; version <= publishers; ++version) {
        if (document == layout::publisher(version)) return true;
    }
    return false;
}

}  // namespace

std::string signed_by(const std::string& name) {
    constexpr std::string_view ending = ".minisig";
    constexpr std::string_view digits = "0123456789ABCDEF";
    constexpr std::size_t key_id = 16;
    if (!name.ends_with(ending)) return name;
    std::string document = name.substr(0, name.size() - ending.size());
    const auto dot = document.rfind('.');
    if (dot != std::string::npos && document.size() == dot + 1 + key_id &&
        document.find_first_not_of(digits, dot + 1) == std::string::npos)
        document.resize(dot);
    return document;
}

Inventory take_inventory(const fs::path& feed, const catalog::FollowerState& state) {
    Inventory inventory;
    const auto described = described_in(feed);
    for (const auto& release : described) {
        auto& list =
            is_there(feed / layout::bundle(release)) ? inventory.bundles : inventory.documents;
        list.push_back(release);
    }
    for (const auto& name : names_in(feed / "bundles")) {
        const auto release = catalog::ReleaseName::parse(name);
        if (!release || !described.contains(*release)) inventory.strays.push_back(name);
    }
    if (state.catalogue) {
        for (const auto& entry : state.catalogue->releases) {
            if (!described.contains(entry.release)) inventory.absent.push_back(entry.release);
        }
    }
    auto& rest = inventory.unsigned_files;
    for (const auto& name : names_in(feed)) {
        if (!is_known_in_feed(name, state)) rest.push_back(name);
    }
    for (auto& name : unknown_in(feed, "releases", {".json", ".SHA256SUMS"}))
        rest.push_back(std::move(name));
    for (auto& name : unknown_in(feed, "torrents", {".v1.torrent", ".torrent"}))
        rest.push_back(std::move(name));
    return inventory;
}

std::vector<std::string> strangers_on(const fs::path& stick) {
    static const std::set<std::string, std::less<>> known = {
        "HOW-TO-VERIFY.txt", ".croft-root",     ".croft-root.lock",          "lost+found",
        ".fseventsd",        ".Spotlight-V100", "System Volume Information", ".Trashes"};
    std::vector<std::string> strangers;
    for (const auto& name : names_in(stick)) {
        if (!known.contains(name) && !is_feed(stick / name)) strangers.push_back(name);
    }
    return strangers;
}

}  // namespace croft::cli::verify
