#include "bundle/feed_folder.h"

#include "base/file.h"
#include "trust/signature.h"

#include <algorithm>
#include <set>
#include <system_error>

namespace croft::bundle {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_signatures = 64;
constexpr std::size_t signature_cap = 16 * 1024;
constexpr std::uint64_t most_publishers = 1024;
constexpr std::string_view extension = ".minisig";

bool is_key_id(std::string_view text) {
    return text.size() == 16 && std::ranges::all_of(text, [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F');
           });
}

/// `X.minisig` or `X.KEYID.minisig`, for a document X.
bool is_signature_of(std::string_view name, std::string_view document) {
    if (!name.starts_with(document) || !name.ends_with(extension)) return false;
    if (name.size() == document.size() + extension.size()) return true;
    name.remove_prefix(document.size());
    if (name.size() != 1 + 16 + extension.size() || name.front() != '.') return false;
    return is_key_id(name.substr(1, 16));
}

/// The signature files beside a document; `X.minisig` sorts behind `X.0123….minisig`, so it is put
/// first by hand.
std::vector<fs::path> signatures_beside(const fs::path& document) {
    std::vector<fs::path> found;
    std::error_code error;
    for (fs::directory_iterator at(document.parent_path(), error), end; !error && at != end;
         at.increment(error)) {
        if (is_signature_of(at->path().filename().native(), document.filename().native())) {
            found.push_back(at->path());
        }
    }
    const fs::path plain = document.native() + std::string(extension);
    std::ranges::sort(
        found, {}, [&](const fs::path& path) { return std::pair(path != plain, path.native()); });
    if (found.size() > most_signatures) found.resize(most_signatures);
    return found;
}

}  // namespace

namespace layout {

std::string publisher(std::uint64_t version) {
    return "publisher." + std::to_string(version) + ".json";
}
std::string release(const catalog::ReleaseName& release) {
    return "releases/" + release.text() + ".json";
}
std::string sums(const catalog::ReleaseName& release) {
    return "releases/" + release.text() + ".SHA256SUMS";
}
std::string torrent(const catalog::ReleaseName& release) {
    return "torrents/" + release.text() + ".torrent";
}
std::string bundle(const catalog::ReleaseName& release) { return "bundles/" + release.text(); }
std::string signature(std::string_view document) {
    return std::string(document) + std::string(extension);
}
std::string publisher_folder(const catalog::PublisherId& id) { return id.hex().substr(0, 16); }

}  // namespace layout

Result<catalog::SignedBytes> read_signed(const fs::path& feed, const std::string& document,
                                         std::size_t size_cap) {
    auto bytes = read_file(feed / document, size_cap);
    if (!bytes) return tl::unexpected(bytes.error());
    catalog::SignedBytes read{std::move(*bytes), {}};
    for (const fs::path& path : signatures_beside(feed / document)) {
        auto signature = read_file(path, signature_cap);
        if (signature) read.signatures.push_back(std::move(*signature));
    }
    return read;
}

Result<catalog::FeedBytes> read_feed(const fs::path& feed, std::uint64_t first_publisher) {
    catalog::FeedBytes read;
    for (std::uint64_t version = first_publisher; version < first_publisher + most_publishers;
         ++version) {
        auto publisher =
            read_signed(feed, layout::publisher(version), catalog::Publisher::size_cap);
        if (!publisher && publisher.error().code == Errc::not_found) break;
        if (!publisher) return tl::unexpected(publisher.error());
        read.publishers.push_back(std::move(*publisher));
    }
    auto catalogue =
        read_signed(feed, std::string(layout::catalogue), catalog::Catalogue::size_cap);
    if (!catalogue) return tl::unexpected(catalogue.error());
    read.catalogue = std::move(*catalogue);
    auto beacon = read_signed(feed, std::string(layout::beacon), catalog::Beacon::size_cap);
    if (!beacon && beacon.error().code != Errc::not_found) return tl::unexpected(beacon.error());
    if (beacon) read.beacon = std::move(*beacon);
    return read;
}

Outcome write_signed(const fs::path& feed, const std::string& document,
                     const catalog::SignedBytes& bytes) {
    const fs::path path = feed / document;
    if (auto made = make_folders(path.parent_path()); !made) return made;
    std::set<fs::path> written;
    for (const std::string& text : bytes.signatures) {
        const auto signature = trust::Signature::parse(text);
        if (!signature) return tl::unexpected(signature.error());
        fs::path name = layout::signature(path.native());
        if (!written.empty()) name = path.native() + '.' + signature->key_id.text() + ".minisig";
        if (auto done = write_file(name, text); !done) return done;
        written.insert(std::move(name));
    }
    if (auto done = write_file(path, bytes.document); !done) return done;
    for (const fs::path& beside : signatures_beside(path)) {
        std::error_code ignored;  // one that stays is refused by whoever reads it
        if (!written.contains(beside)) fs::remove(beside, ignored);
    }
    return {};
}

}  // namespace croft::bundle
