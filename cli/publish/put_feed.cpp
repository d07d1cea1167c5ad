#include "cli/publish/put_feed.h"

#include "base/file.h"
#include "bundle/feed_folder.h"

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

Outcome put(const OwnFeed& feed, const SignedFeed& next, const Staging* staging) {
    if (next.release) {
        if (auto put = put_release(feed, *next.release, staging); !put) return put;
    }
    if (auto put =
            bundle::write_signed(feed.folder, std::string(layout::catalogue), next.catalogue);
        !put)
        return put;
    return bundle::write_signed(feed.folder, std::string(layout::beacon), next.beacon);
}

Burnt next_numbers(const OwnFeed& feed, const Journal* journal, const std::string& release_name) {
    const auto& state = feed.state;
    Burnt numbers;
    numbers.catalogue = state.catalogue ? state.catalogue->version : 0;
    numbers.beacon = state.beacon_serial;
    std::uint64_t serial = 0;
    if (const auto floor = state.floors.find(release_name); floor != state.floors.end())
        serial = floor->second.serial;
    if (journal) {
        numbers.catalogue = std::max(numbers.catalogue, journal->last().catalogue);
        numbers.beacon = std::max(numbers.beacon, journal->last().beacon);
        serial = std::max(serial, journal->last_serial(release_name));
    }
    ++numbers.catalogue;
    ++numbers.beacon;
    if (!release_name.empty()) numbers.release = catalog::ReleaseName{release_name, serial + 1};
    return numbers;
}

void remove_unfinished(const OwnFeed& feed, const Journal& journal) {
    Staging::remove_leftovers(feed.folder);
    const auto& last = journal.last();
    const std::uint64_t published = feed.state.catalogue ? feed.state.catalogue->version : 0;
    if (!last.release || last.catalogue <= published) return;
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
}

}  // namespace croft::publish
