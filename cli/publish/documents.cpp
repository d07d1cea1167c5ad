#include "cli/publish/documents.h"

#include "bundle/feed_folder.h"
#include "bundle/v1_twin.h"
#include "cli/publish/names.h"

#include <fmt/format.h>

#include <algorithm>

namespace croft::publish {
namespace {

using std::chrono::days;

catalog::DocumentRef publisher_reference(const OwnFeed& feed) {
    return {feed.publisher().version, feed.state.publisher_hash,
            feed.state.publisher_chain.back().size()};
}

std::vector<catalog::Release::File> files_of(const Bundle& bundle) {
    std::vector<catalog::Release::File> files;
    for (const auto& file : bundle.files) {
        files.push_back({file.path, file.size, file.hashes.sha256, file.hashes.root});
    }
    std::ranges::sort(files, {}, &catalog::Release::File::path);
    return files;
}

/// Leaves the `keep` newest editions of one name.
void thin_out(std::vector<catalog::Catalogue::Entry>& entries, const std::string& name,
              std::size_t keep) {
    std::vector<std::uint64_t> serials;
    for (const auto& entry : entries) {
        if (entry.release.name == name) serials.push_back(entry.release.serial);
    }
    if (serials.size() <= keep) return;
    std::ranges::sort(serials, std::greater());
    const std::uint64_t oldest_kept = serials[keep - 1];
    std::erase_if(entries, [&](const auto& entry) {
        return entry.release.name == name && entry.release.serial < oldest_kept;
    });
}

}  // namespace

catalog::Release make_release(const OwnFeed& feed, const Edition& edition, std::uint64_t serial,
                              Time date, const Bundle& bundle) {
    catalog::Release release;
    release.publisher = feed.state.id;
    release.release = {edition.name, serial};
    release.version = edition.version;
    release.created = date;
    release.kind = edition.kind;
    release.title = edition.title;
    release.description = edition.description;
    release.languages = edition.languages;
    release.licence = edition.licence;
    release.source = edition.source;
    release.doi = edition.doi;
    release.authors = edition.authors;
    release.subjects = edition.subjects;
    release.torrent = {bundle.torrent.btih,
                       bundle.torrent.id,
                       bundle.torrent.name,
                       bundle.torrent.piece_length,
                       trust::sha256(bundle.torrent_bytes),
                       bundle.torrent_bytes.size()};
    if (edition.v1_twin) release.torrent.v1_twin = bundle::v1_twin_of(bundle.torrent).btih;
    release.total_size = bundle.total_size;
    if (bundle.files.size() > catalog::Release::inline_files) {
        release.files_list = {std::string(sums_name), trust::sha256(bundle.sums),
                              bundle.sums.size()};
    } else {
        release.files = files_of(bundle);
    }
    release.webseeds = edition.webseeds;
    release.trackers = edition.trackers;
    if (const auto* last = newest_edition(feed.state.catalogue, edition.name)) {
        release.previous = {last->release.serial, last->manifest.sha256, last->bundle};
    }
    return release;
}

const catalog::Catalogue::Entry* newest_edition(const std::optional<catalog::Catalogue>& catalogue,
                                                const std::string& name) {
    const catalog::Catalogue::Entry* newest = nullptr;
    if (!catalogue) return newest;
    for (const auto& entry : catalogue->releases) {
        if (entry.release.name == name &&
            (!newest || entry.release.serial > newest->release.serial))
            newest = &entry;
    }
    return newest;
}

catalog::Catalogue::Entry entry_for(const catalog::Release& release, const std::string& document) {
    catalog::Catalogue::Entry entry;
    entry.release = release.release;
    entry.kind = release.kind;
    entry.title = release.title;
    entry.languages = release.languages;
    entry.licence = release.licence;
    entry.total_size = release.total_size;
    entry.btih = release.torrent.btih;
    entry.bundle = release.torrent.btmh;
    entry.manifest = {bundle::layout::release(release.release), trust::sha256(document),
                      document.size()};
    return entry;
}

catalog::Catalogue next_catalogue(const OwnFeed& feed, std::uint64_t version, Time date,
                                  const std::optional<catalog::Catalogue::Entry>& added,
                                  std::optional<std::size_t> keep) {
    catalog::Catalogue catalogue;
    catalogue.publisher = feed.state.id;
    catalogue.publisher_document = publisher_reference(feed);
    catalogue.version = version;
    catalogue.created = date;
    catalogue.expires = date + (feed.is_personal() ? days(400) : days(90));
    if (const auto& last = feed.state.catalogue) {
        catalogue.previous = {last->version, feed.state.catalogue_hash};
        catalogue.releases = last->releases;
        catalogue.withdrawn = last->withdrawn;
    }
    if (added) {
        catalogue.releases.push_back(*added);
        if (keep) thin_out(catalogue.releases, added->release.name, *keep);
    }
    std::ranges::sort(catalogue.releases, {}, &catalog::Catalogue::Entry::release);
    return catalogue;
}

catalog::Beacon next_beacon(const OwnFeed& feed, std::uint64_t serial, Time date,
                            const catalog::Catalogue& catalogue,
                            const std::string& catalogue_document, std::optional<Time> expires) {
    catalog::Beacon beacon;
    beacon.publisher = feed.state.id;
    beacon.serial = serial;
    beacon.created = date;
    const bool as_catalogue = feed.is_personal() && catalogue.expires;
    beacon.expires = expires ? *expires : as_catalogue ? *catalogue.expires : date + days(14);
    beacon.publisher_document = publisher_reference(feed);
    beacon.catalogue = {catalogue.version, trust::sha256(catalogue_document),
                        catalogue_document.size()};
    return beacon;
}

std::string comment_for(const catalog::Publisher& publisher) {
    return fmt::format("croft.publisher/1 version={}", publisher.version);
}
std::string comment_for(const catalog::Catalogue& catalogue) {
    return fmt::format("croft.catalogue/1 version={}", catalogue.version);
}
std::string comment_for(const catalog::Release& release) {
    return fmt::format("croft.release/1 name={} serial={}", release.release.name,
                       release.release.serial);
}
std::string comment_for(const catalog::Beacon& beacon) {
    return fmt::format("croft.beacon/1 serial={}", beacon.serial);
}
std::string comment_for_sums(const catalog::ReleaseName& release) {
    return "croft.sums/1 " + release.text();
}

}  // namespace croft::publish
