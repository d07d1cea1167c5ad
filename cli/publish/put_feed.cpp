#include "cli/publish/put_feed.h"

#include "base/file.h"
#include "bundle/feed_folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>

namespace croft::publish {
namespace {

namespace fs = std::filesystem;
namespace layout = bundle::layout;

Outcome put_release(const OwnFeed& feed, const SignedFeed::Release& release,
                    const Staging* staging) {
    for (const char* folder : {"bundles", "torrents", "releases"}) {
        if (auto made = make_folders(feed.folder / folder); !made) return made;
    }
    if (staging) {
        const fs::path to = feed.folder / layout::bundle(release.name);
        if (auto synced = staging->sync(); !synced) return synced;
        if (std::rename(staging->bundle().c_str(), to.c_str()) != 0) {
            return tl::unexpected(system_error("rename to", to.native(), errno));
        }
        if (auto synced = sync_folder(to.parent_path()); !synced) return synced;
    }
    auto put =
        write_file(feed.folder / layout::torrent(release.name), release.bundle->torrent_bytes);
    if (put && release.bundle->files.size() > catalog::Release::inline_files) {
        put = write_file(feed.folder / layout::sums(release.name), release.bundle->sums);
    }
    if (const auto& twin = release.bundle->v1_torrent_bytes; put && !twin.empty()) {
        put = write_file(feed.folder / layout::v1_torrent(release.name), twin);
    }
    if (!put) return put;
    return bundle::write_signed(feed.folder, layout::release(release.name), release.document);
}

/// `wiki-57.json.E7AB74853166E261.minisig`, given `wiki-57.json`: a further signer's.
bool is_further_signature(std::string_view name, std::string_view document) {
    constexpr std::string_view ending = ".minisig";
    return name.size() == document.size() + 1 + 16 + ending.size() && name.starts_with(document) &&
           name.ends_with(ending);
}

std::uint64_t catalogue_version(const OwnFeed& feed) {
    return feed.state.catalogue ? feed.state.catalogue->version : 0;
}

}  // namespace

Result<Signers> signers_of(const OwnFeed& feed, std::span<const SecretKey> keys) {
    auto release = signers_for("release", feed.publisher().release_ring(), keys);
    if (!release) return tl::unexpected(release.error());
    auto beacon = signers_for("beacon", feed.publisher().beacon_ring(), keys);
    if (!beacon) return tl::unexpected(beacon.error());
    return Signers{std::move(*release), std::move(*beacon)};
}

Outcome check_as_follower(const OwnFeed& feed, const SignedFeed& next, Time now) {
    const auto accepted = catalog::accept(feed.state, {{}, next.catalogue, next.beacon}, now);
    if (!accepted) return tl::unexpected(accepted.error());
    if (!next.release) return {};
    const auto release = catalog::accept_release(accepted->state, next.release->name,
                                                 next.release->document.document);
    if (!release) return tl::unexpected(release.error());
    const Bundle& made = *next.release->bundle;
    std::optional<std::string_view> sums;
    if (release->files_list) sums = made.sums;
    return bundle::matches(made.torrent, made.torrent_bytes, *release, sums);
}

Outcome put(const OwnFeed& feed, const SignedFeed& next, const Staging* staging, Journal& journal) {
    if (next.release) {
        if (auto put = put_release(feed, *next.release, staging); !put) return put;
    }
    if (auto put =
            bundle::write_signed(feed.folder, std::string(layout::catalogue), next.catalogue);
        !put)
        return put;
    if (auto known = journal.finish(next.catalogue_version); !known) return known;
    return bundle::write_signed(feed.folder, std::string(layout::beacon), next.beacon);
}

Burnt next_numbers(const OwnFeed& feed, const BurntNumbers& burnt,
                   const std::string& release_name) {
    const auto& state = feed.state;
    std::uint64_t serial = burnt.last_serial(release_name);
    if (const auto floor = state.floors.find(release_name); floor != state.floors.end())
        serial = std::max(serial, floor->second.serial);
    Burnt numbers;
    numbers.catalogue = std::max(catalogue_version(feed), burnt.last().catalogue) + 1;
    numbers.beacon = std::max(state.beacon_serial, burnt.last().beacon) + 1;
    if (!release_name.empty()) numbers.release = catalog::ReleaseName{release_name, serial + 1};
    return numbers;
}

Outcome check_not_older(const OwnFeed& feed, const BurntNumbers& burnt) {
    const std::uint64_t present = catalogue_version(feed);
    if (burnt.done() <= present) return {};
    return fail(
        Errc::conflict, "feed_older_than_journal",
        fmt::format(
            "catalogue {} has stood in {} (its journal says so), and now {} there, as after "
            "a backup was brought back: what only the newer one lists would vanish from "
            "your followers' lists",
            burnt.done(), feed.folder.native(),
            present == 0 ? "there is none" : fmt::format("catalogue {} lies", present)));
}

Outcome remove_unfinished(const OwnFeed& feed, Journal& journal) {
    Staging::remove_leftovers(feed.folder);
    const Burnt last = journal.numbers().last();
    // A catalogue may stand here without its line "done": killed right after it was put in place.
    if (auto known = journal.finish(catalogue_version(feed)); !known) return known;
    if (!last.release || last.catalogue <= journal.numbers().done()) return {};
    std::error_code ignored;
    fs::remove_all(feed.folder / layout::bundle(*last.release), ignored);
    fs::remove(feed.folder / layout::torrent(*last.release), ignored);
    fs::remove(feed.folder / layout::v1_torrent(*last.release), ignored);
    fs::remove(feed.folder / layout::sums(*last.release), ignored);
    const fs::path document = feed.folder / layout::release(*last.release);
    fs::remove(document, ignored);
    fs::remove(layout::signature(document.native()), ignored);
    for (const auto& entry : fs::directory_iterator(document.parent_path(), ignored)) {
        if (is_further_signature(entry.path().filename().native(), document.filename().native())) {
            fs::remove(entry.path(), ignored);
        }
    }
    return {};
}

}  // namespace croft::publish
