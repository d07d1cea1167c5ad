#include "cli/publish/names.h"

#include "base/text.h"
#include "catalog/path_rule.h"
#include "trust/hash.h"

#include <algorithm>
#include <map>

namespace croft::publish {
namespace {

constexpr std::array our_names = {sums_name, sums_signature_name, crate_name, names_name};

bool is_ours(std::string_view component) {
    const auto folded = fold_case(component);
    return folded && std::ranges::any_of(our_names, [&](std::string_view name) {
               return fold_case(name) == folded;
           });
}

/// A file, or a folder, that would take the place of one of ours.
std::string beside_ours(const catalog::MappedName& name) {
    const std::string_view mapped = name.mapped;
    const std::string first(mapped.substr(0, mapped.find('/')));
    if (!is_ours(first)) return name.mapped;
    const std::string original = name.original.substr(0, name.original.find('/'));
    return first + '~' + trust::sha256(original).hex().substr(0, 8) +
           std::string(mapped.substr(first.size()));
}

std::string escaped(std::string_view original) {
    std::string out;
    for (const char c : original) {
        switch (c) {
            case '\t': out += "\\t"; break;
            case '\n': out += "\\n"; break;
            case '\r': out += "\\r"; break;
            case '\\': out += "\\\\"; break;
            default: out += c;
        }
    }
    return out;
}

}  // namespace

std::vector<NamedFile> name_files(const std::vector<bundle::Scanned::File>& files) {
    std::vector<std::string> originals;
    std::map<std::string_view, const bundle::Scanned::File*> by_path;
    for (const auto& file : files) {
        originals.push_back(file.path);
        by_path[file.path] = &file;
    }
    std::vector<NamedFile> named;
    for (const auto& name : catalog::map_names(std::move(originals))) {
        named.push_back({*by_path.at(name.original), beside_ours(name)});
    }
    std::ranges::sort(named, {}, &NamedFile::path);
    return named;
}

std::vector<catalog::MappedName> mapped_names(const std::vector<NamedFile>& files) {
    std::vector<catalog::MappedName> mapped;
    for (const auto& file : files) {
        if (file.path != file.source.path) mapped.push_back({file.source.path, file.path});
    }
    return mapped;
}

std::string write_names(const std::vector<NamedFile>& files) {
    std::string text;
    for (const auto& name : mapped_names(files))
        text += name.mapped + '\t' + escaped(name.original) + '\n';
    return text;
}

}  // namespace croft::publish
