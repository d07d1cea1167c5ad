#include "api/file_tree.h"

#include "bundle/sums.h"

#include <map>

namespace croft::api {
namespace {

/// The SHA-256 of each path: in the release document, or in the list that stands for its files.
std::map<std::string_view, Sha256> sums_below(const library::Documents& documents,
                                              std::string_view prefix,
                                              std::vector<bundle::Sum>& storage) {
    std::map<std::string_view, Sha256> sums;
    for (const auto& file : documents.release.files) {
        if (file.path.starts_with(prefix)) sums.emplace(file.path, file.sha256);
    }
    if (!documents.release.files_list) return sums;
    if (auto listed = bundle::parse_sums(documents.sums)) storage = std::move(*listed);
    for (const auto& sum : storage) {
        if (sum.path.starts_with(prefix)) sums.emplace(sum.path, sum.sha256);
    }
    return sums;
}

}  // namespace

std::vector<TreeEntry> list_folder(const library::Documents& documents, std::string_view parent) {
    const std::string prefix = parent.empty() ? "" : std::string(parent) + "/";
    std::vector<bundle::Sum> storage;
    const auto sums = sums_below(documents, prefix, storage);
    std::map<std::string, TreeEntry> folders, files;
    for (const auto& file : documents.torrent.files) {
        if (!file.path.starts_with(prefix)) continue;
        const std::size_t slash = file.path.find('/', prefix.size());
        const std::string name = file.path.substr(
            prefix.size(), slash == std::string::npos ? slash : slash - prefix.size());
        TreeEntry& entry = slash == std::string::npos ? files[name] : folders[name];
        entry.name = name;
        entry.path = prefix + name;
        entry.size_bytes += file.size;
        entry.is_folder = slash != std::string::npos;
        if (entry.is_folder) {
            ++entry.files;
            continue;
        }
        if (const auto at = sums.find(file.path); at != sums.end()) entry.sha256 = at->second;
        entry.root = file.root;
    }
    std::vector<TreeEntry> entries;
    entries.reserve(folders.size() + files.size());
    for (auto* group : {&folders, &files}) {
        for (auto& [name, entry] : *group)
            entries.push_back(std::move(entry));
    }
    return entries;
}

}  // namespace croft::api
