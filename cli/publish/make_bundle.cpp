#include "cli/publish/make_bundle.h"

#include "base/file.h"
#include "bundle/piece_length.h"
#include "bundle/sums.h"
#include "cli/publish/ro_crate.h"
#include "cli/publish/sign.h"

#include <algorithm>
#include <array>

namespace croft::publish {
namespace {

namespace fs = std::filesystem;

std::uint64_t line_size(std::string_view path) { return 64 + 2 + path.size() + 1; }

std::uint64_t choose_length(const BundlePlan& plan) {
    std::vector<std::uint64_t> sizes;
    std::uint64_t sums = line_size(crate_name);
    for (const auto& file : plan.files) {
        sizes.push_back(file.source.size);
        sums += line_size(file.path);
    }
    if (!plan.names.empty()) {
        sizes.push_back(plan.names.size());
        sums += line_size(names_name);
    }
    sizes.insert(sizes.end(), {plan.crate.size(), sums, signature_size(plan.sums_comment)});
    return bundle::choose_piece_length(sizes);
}

/// Writes files of our own into the bundle and adds their hashes to `entries`.
Outcome add_own_file(std::string_view name, const std::string& content, const BundlePlan& plan,
                     const Staging& staging, std::vector<bundle::TorrentFileEntry>& entries) {
    const fs::path path = staging.bundle() / name;
    if (auto written = write_file(path, content); !written) return written;
    const std::array files = {bundle::FileToHash{path, content.size()}};
    auto hashes = bundle::hash_files(files, {.piece_length = plan.piece_length});
    if (!hashes) return tl::unexpected(hashes.error());
    entries.push_back({std::string(name), content.size(), std::move(hashes->front())});
    return {};
}

std::string sums_of(const std::vector<bundle::TorrentFileEntry>& entries) {
    std::vector<bundle::Sum> sums;
    for (const auto& entry : entries)
        sums.push_back({entry.path, entry.hashes.sha256});
    return bundle::write_sums(std::move(sums));
}

}  // namespace

BundlePlan plan_bundle(const Lint& lint, const Edition& edition, const OwnFeed& feed,
                       std::uint64_t serial, Time date) {
    BundlePlan plan;
    plan.files = name_files(lint.scanned.files);
    plan.names = write_names(plan.files);
    plan.mapped_names = mapped_names(plan.files);
    plan.crate = write_ro_crate(edition, feed.state.id, feed.publisher().name, serial, date);
    plan.sums_comment = comment_for_sums({edition.name, serial});
    plan.piece_length = choose_length(plan);
    return plan;
}

Result<std::vector<bundle::TorrentFileEntry>> hash_source(const Lint& lint, const BundlePlan& plan,
                                                          const Staging& staging, Transfer transfer,
                                                          const HashWatch& watch) {
    if (auto placed = place_files(lint.folder, plan.files, staging, transfer, watch.stop);
        !placed) {
        return tl::unexpected(placed.error());
    }
    const bool is_placed = transfer == Transfer::reflink || transfer == Transfer::hard_link;
    std::vector<bundle::FileToHash> files;
    for (const auto& file : plan.files) {
        const fs::path source = lint.folder / file.source.path,
                       staged = staging.bundle() / file.path;
        files.push_back({is_placed ? staged : source, file.source.size,
                         transfer == Transfer::copy ? staged : fs::path()});
    }
    auto hashes = bundle::hash_files(files, {.piece_length = plan.piece_length,
                                             .threads = watch.threads,
                                             .on_bytes = watch.on_bytes,
                                             .stop = watch.stop});
    if (!hashes) return tl::unexpected(hashes.error());
    if (auto unchanged = check_unchanged(lint); !unchanged)
        return tl::unexpected(unchanged.error());
    std::vector<bundle::TorrentFileEntry> entries;
    for (std::size_t i = 0; i < files.size(); ++i) {
        entries.push_back({plan.files[i].path, files[i].size, std::move((*hashes)[i])});
    }
    return entries;
}

Result<Bundle> finish_bundle(const BundlePlan& plan, std::vector<bundle::TorrentFileEntry> hashed,
                             const Staging& staging, const catalog::ReleaseName& name,
                             const std::vector<std::string>& trackers,
                             const std::function<std::string(const std::string& sums)>& sign_sums) {
    Bundle made;
    made.files = std::move(hashed);
    const auto add = [&](std::string_view own, const std::string& content) {
        return add_own_file(own, content, plan, staging, made.files);
    };
    if (!plan.names.empty()) {
        if (auto added = add(names_name, plan.names); !added) return tl::unexpected(added.error());
    }
    if (auto added = add(crate_name, plan.crate); !added) return tl::unexpected(added.error());
    made.sums = sums_of(made.files);
    if (auto added = add(sums_name, made.sums); !added) return tl::unexpected(added.error());
    if (auto added = add(sums_signature_name, sign_sums(made.sums)); !added)
        return tl::unexpected(added.error());

    made.torrent_bytes = bundle::make_torrent(name.text(), plan.piece_length, made.files, trackers);
    auto torrent = bundle::parse_torrent(made.torrent_bytes);
    if (!torrent) return tl::unexpected(torrent.error());
    made.torrent = std::move(*torrent);
    for (const auto& file : made.files)
        made.total_size += file.size;
    return made;
}

}  // namespace croft::publish
