#include "bundle/feed_folder.h"

#include "base/file.h"
#include "trust/signature.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <system_error>

namespace croft::bundle {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_signatures = 64;
constexpr std::size_t signature_cap = std::size_t{16} * 1024;
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
std::string v1_torrent(const catalog::ReleaseName& release) {
    return "torrents/" + release.text() + ".v1.torrent";
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

std::vector<std::string> read_signatures(const fs::path& file) {
    std::vector<std::string> signatures;
    for (const fs::path& path : signatures_beside(file)) {
        auto signature = read_file(path, signature_cap);
        if (signature) signatures.push_back(std::move(*signature));
    }
    return signatures;
}

Result<catalog::SignedBytes> read_signed(const fs::path& feed, const std::string& document,
                                         std::size_t size_cap) {
    auto bytes = read_file(feed / document, size_cap);
    if (!bytes) return tl::unexpected(bytes.error());
    return catalog::SignedBytes{std::move(*bytes), read_signatures(feed / document)};
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

namespace {

struct NamedSignature {
    fs::path name;
    std::string text;
};

/// Each signature with its name: `X.minisig`, then `X.KEYID.minisig`.
Result<std::vector<NamedSignature>> named_signatures(const fs::path& path,
                                                     const std::vector<std::string>& texts) {
    std::vector<NamedSignature> named;
    for (const std::string& text : texts) {
        const auto signature = trust::Signature::parse(text);
        if (!signature) return tl::unexpected(signature.error());
        const bool is_first = named.empty();
        named.push_back({is_first ? layout::signature(path.native())
                                  : path.native() + '.' + signature->key_id.text() + ".minisig",
                         text});
    }
    return named;
}

/// A name of a signature beside `path` that is not in use: the first is its own key's, where that
/// is free, since followers over HTTP ask for it.
fs::path free_name(const fs::path& path, const std::string& text) {
    std::error_code ignored;
    fs::path name = path.native() + '.' + trust::Signature::parse(text)->key_id.text() + ".minisig";
    for (std::uint64_t number = 0; fs::exists(name, ignored); ++number) {
        name = path.native() + '.' + fmt::format("{:016X}", number) + ".minisig";
    }
    return name;
}

/// Under names that are not in use, beside the old ones, which still fit the old document.
Outcome add_signatures(const fs::path& path, const std::vector<NamedSignature>& signatures) {
    for (const auto& [name, text] : signatures) {
        if (auto done = write_file(free_name(path, text), text); !done) return done;
    }
    return {};
}

/// Under their own names, and no other signature beside them.
Outcome settle_signatures(const fs::path& path, const std::vector<NamedSignature>& signatures) {
    std::set<fs::path> kept;
    for (const auto& [name, text] : signatures) {
        if (auto done = write_file(name, text); !done) return done;
        kept.insert(name);
    }
    for (const fs::path& beside : signatures_beside(path)) {
        std::error_code ignored;  // one that stays is refused by whoever reads it
        if (!kept.contains(beside)) fs::remove(beside, ignored);
    }
    return {};
}

}  // namespace

Outcome write_signed(const fs::path& feed, const std::string& document,
                     const catalog::SignedBytes& bytes) {
    const fs::path path = feed / document;
    if (auto made = make_folders(path.parent_path()); !made) return made;
    const auto signatures = named_signatures(path, bytes.signatures);
    if (!signatures) return tl::unexpected(signatures.error());

    std::error_code ignored;
    if (!fs::exists(path, ignored)) {
        if (auto done = settle_signatures(path, *signatures); !done) return done;
        return write_file(path, bytes.document);
    }
    // Old and new signatures lie there together while the document is replaced: whoever reads, or
    // comes back after a power cut, finds enough that fit.
    if (auto done = add_signatures(path, *signatures); !done) return done;
    if (auto done = write_file(path, bytes.document); !done) return done;
    return settle_signatures(path, *signatures);
}

}  // namespace croft::bundle
