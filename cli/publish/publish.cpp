#include "cli/publish/publish.h"

#include "base/file.h"
#include "bundle/feed_folder.h"
#include "bundle/v1_twin.h"
#include "cli/publish/put_feed.h"
#include "cli/publish/sign.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace croft::publish {
namespace {

namespace fs = std::filesystem;
namespace layout = bundle::layout;

bool is_own_file(std::string_view path) {
    return path == sums_name || path == sums_signature_name || path == crate_name ||
           path == names_name;
}

/// The newest edition before: what a follower of the feed may hold already.
struct Previous {
    catalog::Release release;
    bundle::Torrent torrent;
};

Result<std::optional<Previous>> read_previous(const OwnFeed& feed, const std::string& name) {
    const auto* entry = newest_edition(feed.state.catalogue, name);
    if (!entry) return std::nullopt;
    auto document =
        read_file(feed.folder / layout::release(entry->release), catalog::Release::size_cap);
    if (!document) return tl::unexpected(document.error());
    auto release = catalog::accept_release(feed.state, entry->release, std::move(*document));
    if (!release) return tl::unexpected(release.error());
    const auto bytes =
        read_file(feed.folder / layout::torrent(entry->release), bundle::Torrent::size_cap);
    if (!bytes) return tl::unexpected(bytes.error());
    auto torrent = bundle::parse_torrent(*bytes);
    if (!torrent) return tl::unexpected(torrent.error());
    return Previous{std::move(*release), std::move(*torrent)};
}

bool says_the_same(const catalog::Release& release, const Edition& edition) {
    const auto same_author = [](const auto& a, const auto& b) {
        return a.name == b.name && a.id == b.id;
    };
    return release.kind == edition.kind && release.title == edition.title &&
           release.description == edition.description && release.languages == edition.languages &&
           release.licence == edition.licence && release.source == edition.source &&
           release.doi == edition.doi && release.subjects == edition.subjects &&
           release.trackers == edition.trackers && release.webseeds == edition.webseeds &&
           release.torrent.v1_twin.has_value() == edition.v1_twin &&
           std::ranges::equal(release.authors, edition.authors, same_author) &&
           (edition.version.empty() || edition.version == release.version);
}

using Content = std::tuple<std::string, std::uint64_t, std::optional<Sha256>>;

bool has_the_same_files(const bundle::Torrent& torrent,
                        const std::vector<bundle::TorrentFileEntry>& files) {
    std::vector<Content> before, now;
    for (const auto& file : torrent.files) {
        if (!is_own_file(file.path)) before.emplace_back(file.path, file.size, file.root);
    }
    for (const auto& file : files)
        now.emplace_back(file.path, file.size, file.hashes.root);
    std::ranges::sort(before);
    std::ranges::sort(now);
    return before == now;
}

/// What a file of a hybrid torrent costs on the wire: it begins a piece (BEP 52), and its last
/// block is asked for with the padding in it. Blocks that are all padding are not asked for.
std::uint64_t on_the_wire(std::uint64_t size) {
    constexpr std::uint64_t block = 16UL * 1024;
    return (size + block - 1) / block * block;
}

std::uint64_t on_the_wire(const Bundle& bundle) {
    std::uint64_t bytes = 0;
    for (const auto& file : bundle.files)
        bytes += on_the_wire(file.size);
    return bytes;
}

/// The bytes of files whose content (root and size) the previous edition has under no name.
std::uint64_t new_bytes(const Bundle& bundle, const std::optional<Previous>& previous) {
    std::set<std::pair<Sha256, std::uint64_t>> known;
    if (previous) {
        for (const auto& file : previous->torrent.files) {
            if (file.root) known.emplace(*file.root, file.size);
        }
    }
    std::uint64_t bytes = 0;
    for (const auto& file : bundle.files) {
        if (file.hashes.root && !known.contains({*file.hashes.root, file.size}))
            bytes += on_the_wire(file.size);
    }
    return bytes;
}

Outcome check_size(const std::string& document, std::size_t cap, std::string_view what,
                   std::string_view todo) {
    if (document.size() <= cap) return {};
    return fail(Errc::conflict, "document_too_large",
                fmt::format("{} would have {} bytes, more than the {} that a follower takes; {}",
                            what, document.size(), cap, todo));
}

/// One publication, from a linted folder to a feed that names it.
class Publication {
public:
    /// `journal`: none in a dry run.
    Publication(const Lint& lint, OwnFeed feed, const PublishRequest& request, Burnt numbers,
                Signers signers, std::optional<Journal> journal)
        : lint_(lint),
          feed_(std::move(feed)),
          request_(request),
          numbers_(std::move(numbers)),
          signers_(std::move(signers)),
          journal_(std::move(journal)) {}

    Result<Published> run() {
        if (auto found = prepare(); !found) return tl::unexpected(found.error());
        auto staging = Staging::make(request_.dry_run ? fs::temp_directory_path() : feed_.folder);
        if (!staging) return tl::unexpected(staging.error());
        published_.transfer = choose_way(*staging);
        auto hashed = hash_source(lint_, plan_, *staging, published_.transfer, request_.watch);
        if (!hashed) return tl::unexpected(hashed.error());
        if (previous_ && has_the_same_files(previous_->torrent, *hashed) &&
            says_the_same(previous_->release, request_.edition)) {
            published_.unchanged_since = previous_->release.release;
            return published_;
        }
        if (auto burnt = burn(); !burnt) return tl::unexpected(burnt.error());
        auto bundle = finish_bundle(plan_, std::move(*hashed), *staging, published_.release,
                                    edition_.trackers,
                                    [this](const std::string& sums) { return sign_sums(sums); });
        if (!bundle) return tl::unexpected(bundle.error());
        if (edition_.v1_twin) {
            bundle->v1_torrent_bytes =
                bundle::v1_torrent(bundle::v1_twin_of(bundle->torrent), edition_.trackers);
        }
        return release(*bundle, *staging);
    }

private:
    Time date() const { return request_.date.time; }

    Outcome prepare() {
        if (feed_.state.catalogue && feed_.state.catalogue->final) {
            return fail(Errc::conflict, "feed_is_final",
                        "this feed has said farewell: its catalogue is final");
        }
        auto previous = read_previous(feed_, request_.edition.name);
        if (!previous) return tl::unexpected(previous.error());
        previous_ = std::move(*previous);
        if (previous_) published_.previous = previous_->release.release;
        edition_ = request_.edition;
        if (edition_.version.empty()) edition_.version = month_and_year(date());
        published_.release = *numbers_.release;
        plan_ = plan_bundle(lint_, edition_, feed_, published_.release.serial, date());
        published_.mapped_names = plan_.mapped_names;
        return {};
    }

    Transfer choose_way(const Staging& staging) const {
        if (request_.dry_run) return Transfer::none;
        return request_.in_place ? Transfer::hard_link
                                 : choose_transfer(lint_.folder, plan_.files, staging);
    }

    Outcome burn() {
        if (request_.watch.stop.stop_requested())
            return fail(Errc::cancelled, "cancelled", "interrupted");
        return request_.dry_run ? Outcome() : journal_->burn(numbers_);
    }

    std::string sign_sums(const std::string& sums) const {
        // A dry run counts bytes: a signature's are as many, whoever signs.
        if (request_.dry_run) return std::string(signature_size(plan_.sums_comment), '\n');
        return sign(*signers_.release.front(), sums, plan_.sums_comment);
    }

    Result<Published> release(const Bundle& bundle, const Staging& staging) {
        published_.document =
            make_release(feed_, edition_, published_.release.serial, date(), bundle);
        const std::string document = write(published_.document);
        const auto catalogue =
            next_catalogue(feed_, numbers_.catalogue, date(),
                           entry_for(published_.document, document), request_.keep);
        const std::string catalogue_document = write(catalogue);
        const auto beacon =
            next_beacon(feed_, numbers_.beacon, date(), catalogue, catalogue_document);
        if (auto fits = check_sizes(document, catalogue_document, bundle); !fits)
            return tl::unexpected(fits.error());

        SignedFeed next;
        next.catalogue =
            sign_document(signers_.release, catalogue_document, comment_for(catalogue));
        next.catalogue_version = catalogue.version;
        next.beacon = sign_document(signers_.beacon, write(beacon), comment_for(beacon));
        next.release = {published_.release,
                        sign_document(signers_.release, document, comment_for(published_.document)),
                        &bundle};
        count(bundle, next, catalogue);
        if (request_.dry_run) return published_;
        if (auto good = check_as_follower(feed_, next, date()); !good)
            return tl::unexpected(good.error());
        if (auto done = put(feed_, next, &staging, *journal_); !done)
            return tl::unexpected(done.error());
        return published_;
    }

    static Outcome check_sizes(const std::string& release, const std::string& catalogue,
                               const Bundle& bundle) {
        auto fits =
            check_size(release, catalog::Release::size_cap, "the release", "publish it in parts");
        if (fits)
            fits = check_size(bundle.torrent_bytes, bundle::Torrent::size_cap, "the torrent",
                              "publish it in parts");
        if (fits)
            fits = check_size(catalogue, catalog::Catalogue::size_cap, "the catalogue",
                              "--keep fewer editions");
        return fits;
    }

    catalog::SignedBytes sign_document(const std::vector<const SecretKey*>& keys,
                                       const std::string& document,
                                       const std::string& comment) const {
        if (!request_.dry_run) return {document, sign_by_all(keys, document, comment)};
        return {document, {std::string(signature_size(comment), '\n')}};
    }

    void count(const Bundle& bundle, const SignedFeed& next, const catalog::Catalogue& catalogue) {
        published_.files = bundle.files.size();
        published_.source_files = plan_.files.size();
        published_.total_size = bundle.total_size;
        published_.catalogue_version = catalogue.version;
        published_.catalogue_expires = *catalogue.expires;
        std::uint64_t documents = bundle.torrent_bytes.size();
        for (const auto* each : {&next.catalogue, &next.beacon, &next.release->document}) {
            documents += each->document.size();
            for (const auto& signature : each->signatures)
                documents += signature.size();
        }
        if (published_.document.files_list) documents += bundle.sums.size();
        published_.update_bytes = new_bytes(bundle, previous_) + documents;
        published_.wire_size = on_the_wire(bundle);
        published_.first_fetch_bytes = published_.wire_size + documents;
    }

    const Lint& lint_;
    const OwnFeed feed_;
    const PublishRequest& request_;
    const Burnt numbers_;
    const Signers signers_;
    std::optional<Journal> journal_;

    Edition edition_;
    std::optional<Previous> previous_;
    BundlePlan plan_;
    Published published_;
};

}  // namespace

Result<std::optional<Edition>> last_edition(const OwnFeed& feed, const std::string& name) {
    const auto previous = read_previous(feed, name);
    if (!previous) return tl::unexpected(previous.error());
    if (!*previous) return std::nullopt;
    const catalog::Release& release = (*previous)->release;
    Edition edition;
    edition.name = name;
    edition.kind = release.kind;
    edition.title = release.title;
    edition.description = release.description;
    edition.languages = release.languages;
    edition.licence = release.licence;
    edition.source = release.source;
    edition.doi = release.doi;
    edition.authors = release.authors;
    edition.subjects = release.subjects;
    edition.trackers = release.trackers;
    edition.webseeds = release.webseeds;
    edition.v1_twin = release.torrent.v1_twin.has_value();
    return edition;
}

Result<Published> publish(const Lint& lint, const fs::path& folder, const PublishRequest& request,
                          std::span<const SecretKey> keys) {
    if (!lint.refused.empty()) {
        return fail(Errc::conflict, "lint_refuses",
                    fmt::format("{} files must not be published as they are", lint.refused.size()));
    }
    if (auto good = check_edition(request.edition); !good) return tl::unexpected(good.error());
    if (auto is_feed = check_is_feed(folder); !is_feed) return tl::unexpected(is_feed.error());
    if (auto apart = check_apart(lint.folder, folder); !apart) return tl::unexpected(apart.error());
    std::optional<Journal> journal;  // a dry run only reads it
    if (!request.dry_run) {
        auto opened = Journal::open(folder);
        if (!opened) return tl::unexpected(opened.error());
        journal = std::move(*opened);
    }
    const auto burnt = journal ? journal->numbers() : BurntNumbers::read(folder);
    if (!burnt) return tl::unexpected(burnt.error());
    auto feed = open_own_feed(folder, request.date.time);
    if (!feed) return tl::unexpected(feed.error());
    if (auto good = check_date(request.date, *feed); !good) return tl::unexpected(good.error());
    if (!request.accept_older) {
        if (auto good = check_not_older(*feed, *burnt); !good) return tl::unexpected(good.error());
    }
    Signers signers;
    if (!request.dry_run || !keys.empty()) {
        auto found = signers_of(*feed, keys);
        if (!found) return tl::unexpected(found.error());
        signers = std::move(*found);
    }
    if (journal) {
        if (auto tidied = remove_unfinished(*feed, *journal); !tidied)
            return tl::unexpected(tidied.error());
    }
    const Burnt numbers = next_numbers(*feed, *burnt, request.edition.name);
    return Publication(lint, std::move(*feed), request, numbers, std::move(signers),
                       std::move(journal))
        .run();
}

}  // namespace croft::publish
