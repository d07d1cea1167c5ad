#include "library/documents.h"

#include "base/file.h"
#include "bundle/feed_folder.h"
#include "trust/keyring.h"

namespace croft::library {
namespace {

namespace fs = std::filesystem;
namespace layout = bundle::layout;

Outcome read_torrent(const fs::path& feed, Documents& documents) {
    const auto& release = documents.release;
    auto bytes = read_file(feed / layout::torrent(release.release), bundle::Torrent::size_cap);
    if (!bytes) return tl::unexpected(bytes.error());
    documents.torrent_bytes = std::move(*bytes);
    if (release.files_list) {
        auto sums = read_file(feed / layout::sums(release.release), release.files_list->size);
        if (!sums) return tl::unexpected(sums.error());
        documents.sums = std::move(*sums);
    }
    auto torrent = bundle::parse_torrent(documents.torrent_bytes);
    if (!torrent) return tl::unexpected(torrent.error());
    documents.torrent = std::move(*torrent);
    return bundle::matches(documents.torrent, documents.torrent_bytes, release, documents.sums);
}

}  // namespace

Result<SharedDocuments> read_documents(const fs::path& feed, const catalog::ReleaseName& release,
                                       const Sha256& manifest) {
    auto read = bundle::read_signed(feed, layout::release(release), catalog::Release::size_cap);
    if (!read) return tl::unexpected(read.error());
    const auto pinned = trust::pinned(read->document, manifest);
    if (!pinned) return tl::unexpected(pinned.error());
    auto parsed = catalog::parse_release(*pinned);
    if (!parsed) return tl::unexpected(parsed.error());

    const auto documents = std::make_shared<Documents>();
    documents->release = std::move(*parsed);
    documents->release_bytes = std::move(*read);
    if (auto torrent = read_torrent(feed, *documents); !torrent) {
        return tl::unexpected(torrent.error());
    }
    return documents;
}

Outcome write_feed(const fs::path& feed, const catalog::FollowerState& state) {
    const std::string catalogue(layout::catalogue);
    const auto there = bundle::read_signed(feed, catalogue, catalog::Catalogue::size_cap);
    if (there && there->document == state.catalogue_bytes) return {};
    for (std::size_t i = 0; i < state.publisher_chain.size(); ++i) {
        catalog::SignedBytes publisher{state.publisher_chain[i], {}};
        if (i < state.publisher_signatures.size()) {
            publisher.signatures = state.publisher_signatures[i];
        }
        auto written = bundle::write_signed(feed, layout::publisher(i + 1), publisher);
        if (!written) return written;
    }
    return bundle::write_signed(feed, catalogue,
                                {state.catalogue_bytes, state.catalogue_signatures});
}

Outcome write_documents(const fs::path& feed, const Documents& documents) {
    const catalog::ReleaseName& release = documents.release.release;
    for (const char* folder : {"releases", "torrents", "bundles"}) {
        if (auto made = make_folders(feed / folder); !made) return made;
    }
    auto written = bundle::write_signed(feed, layout::release(release), documents.release_bytes);
    if (written && documents.release.files_list) {
        written = write_file(feed / layout::sums(release), documents.sums);
    }
    if (written) written = write_file(feed / layout::torrent(release), documents.torrent_bytes);
    if (written) written = make_folders(bundle_folder(feed, release));
    if (written) written = sync_folder(feed / "bundles");
    if (written) written = sync_folder(feed);
    return written;
}

fs::path bundle_folder(const fs::path& feed, const catalog::ReleaseName& release) {
    return feed / layout::bundle(release);
}

fs::path feed_of(const fs::path& bundle_folder) {
    return bundle_folder.parent_path().parent_path();
}

}  // namespace croft::library
