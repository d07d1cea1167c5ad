#include "library/withdrawn_files.h"

#include <string_view>

namespace croft::library {
namespace {

constexpr std::size_t hash_length = 64;

/// Calls `each` with the hash of every line of a `SHA256SUMS`.
template <class Each>
void read_sums(std::string_view sums, Each each) {
    while (!sums.empty()) {
        const auto end = sums.find('\n');
        if (const auto hash = Sha256::from_hex(sums.substr(0, hash_length))) each(*hash);
        sums.remove_prefix(end == std::string_view::npos ? sums.size() : end + 1);
    }
}

}  // namespace

WithdrawnFiles withdrawn_files_of(const catalog::Catalogue& catalogue) {
    WithdrawnFiles files;
    for (const auto& withdrawn : catalogue.withdrawn) {
        if (withdrawn.file) files.emplace(*withdrawn.file, withdrawn.reason);
    }
    return files;
}

std::optional<TakenBack> taken_back_in(const Documents& documents,
                                       const WithdrawnFiles& withdrawn) {
    std::optional<TakenBack> found;
    const auto look_at = [&](const Sha256& hash) {
        const auto at = withdrawn.find(hash);
        if (at == withdrawn.end()) return;
        if (!found) found = TakenBack{0, at->second};
        ++found->files;
    };
    for (const auto& file : documents.release.files)
        look_at(file.sha256);
    read_sums(documents.sums, look_at);
    return found;
}

}  // namespace croft::library
