// A bundle's folder: whose release it is, and whether every byte is what was signed.
#include "base/file.h"
#include "base/text.h"
#include "bundle/check.h"
#include "bundle/feed_folder.h"
#include "bundle/sums.h"
#include "cli/output.h"
#include "cli/verify/chain.h"
#include "cli/verify/verify.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <atomic>

namespace croft::cli::verify {
namespace {

namespace fs = std::filesystem;
namespace layout = bundle::layout;

constexpr std::string_view sums_comment = "croft.sums/1 ";
constexpr std::size_t sums_cap = 1ull << 30;
constexpr std::size_t crate_cap = 64ull << 20;

/// Hands the bytes of several threads on as done of total.
bundle::CheckOptions check_options(const Options& options, std::uint64_t total,
                                   std::atomic<std::uint64_t>& done) {
    bundle::CheckOptions check;
    check.sums = options.sums;
    check.stop = options.stop;
    if (options.on_progress) {
        check.on_bytes = [&options, &done, total](std::uint64_t bytes) {
            options.on_progress(done += bytes, total);
        };
    }
    return check;
}

Outcome judge_content(const Result<bundle::Checked>& checked, Verdict& verdict) {
    if (!checked) return tl::unexpected(checked.error());
    verdict.files = checked->files;
    verdict.bytes = checked->bytes;
    verdict.damaged = checked->damaged;
    verdict.missing = checked->missing;
    verdict.extra = checked->extra;
    if (checked->is_whole()) return {};
    const std::size_t wrong =
        verdict.damaged.size() + verdict.missing.size() + verdict.extra.size();
    return fail(Errc::damaged, "content_damaged",
                format_count(wrong) + " of " + format_count(verdict.files_expected) +
                    " files differ from what was signed");
}

// ---- in a feed: by the release document
// ---------------------------------------------------------------

struct Documents {
    catalog::SignedBytes release;
    std::string torrent;
    std::optional<std::string> sums;
};

Result<Documents> read_documents(const fs::path& feed, const catalog::ReleaseName& release) {
    auto signed_release =
        bundle::read_signed(feed, layout::release(release), catalog::Release::size_cap);
    if (!signed_release) return tl::unexpected(signed_release.error());
    auto torrent = read_file(feed / layout::torrent(release), bundle::Torrent::size_cap);
    if (!torrent) return tl::unexpected(torrent.error());
    Documents documents{std::move(*signed_release), std::move(*torrent), {}};
    if (auto sums = read_file(feed / layout::sums(release), sums_cap); sums)
        documents.sums = std::move(*sums);
    return documents;
}

std::vector<trust::Signature> signatures_of(const catalog::SignedBytes& bytes) {
    std::vector<trust::Signature> signatures;
    for (const auto& text : bytes.signatures) {
        if (auto signature = trust::Signature::parse(text); signature)
            signatures.push_back(*signature);
    }
    return signatures;
}

/// The release by the newest catalogue that names it; an edition that has left the list, by its own
/// signature.
Result<catalog::Release> believe_release(const Chain& chain, const catalog::ReleaseName& name,
                                         const Documents& documents) {
    const auto listed = chain.state.catalogue ? chain.state.catalogue->find(name) : nullptr;
    if (listed) return catalog::accept_release(chain.state, name, documents.release.document);
    const auto signatures = signatures_of(documents.release);
    for (const auto& revoked : chain.state.publisher.revoked) {
        if (trust::Keyring({revoked.key}, 1).verify(documents.release.document, signatures)) {
            return fail(
                Errc::revoked_key, "revoked_key",
                "signed by a key that its publisher has revoked, and not vouched for since");
        }
    }
    const auto verified =
        chain.state.publisher.release_ring().verify(documents.release.document, signatures);
    if (!verified) return tl::unexpected(verified.error());
    return catalog::parse_release(*verified);
}

/// Without a chain: the release by a key that the person named.
Result<catalog::Release> believe_release(const std::vector<trust::PublicKey>& keys,
                                         const Documents& documents) {
    if (documents.release.signatures.empty())
        return fail(Errc::no_signature, "no_signature", "the release document has no signature");
    const auto verified = trust::Keyring(keys, 1).verify(documents.release.document,
                                                         signatures_of(documents.release));
    if (!verified) return tl::unexpected(verified.error());
    return catalog::parse_release(*verified);
}

Outcome check_release(const Place& place, const catalog::Release& release,
                      const Documents& documents, const Options& options, Verdict& verdict) {
    verdict.beside = foreign(release.version);
    verdict.signed_at = release.created;
    if (release.release != *place.release) {
        return fail(Errc::damaged, "other_release",
                    "the document is the release " + release.release.text());
    }
    const auto torrent = bundle::parse_torrent(documents.torrent);
    if (!torrent)
        return fail(Errc::damaged, torrent.error().reason,
                    "its torrent: " + torrent.error().message);
    if (auto matched = bundle::matches(*torrent, documents.torrent, release, documents.sums);
        !matched)
        return matched;
    verdict.files_expected = torrent->files.size();
    std::atomic<std::uint64_t> done = 0;
    const std::uint64_t total = release.total_size * (options.sums ? 2 : 1);
    return judge_content(
        bundle::check_folder(place.content, release, *torrent, check_options(options, total, done)),
        verdict);
}

Outcome refuse_withdrawn(const Chain& chain, const catalog::Release& release) {
    for (const auto& withdrawn : chain.state.catalogue->withdrawn) {
        const std::string why(catalog::name_of(withdrawn.reason));
        if (withdrawn.release && *withdrawn.release == release.release) {
            return fail(Errc::withdrawn, "withdrawn",
                        "genuine, but its publisher withdrew it: " + why);
        }
        for (const auto& file : release.files) {
            if (withdrawn.file && *withdrawn.file == file.sha256) {
                return fail(Errc::withdrawn, "file_withdrawn",
                            "its publisher withdrew the file " + foreign(file.path) + ": " + why);
            }
        }
    }
    return {};
}

std::string newest_text(const Chain& chain, const catalog::ReleaseName& release) {
    const auto floor = chain.state.floors.find(release.name);
    const std::string news = "; last news " + format_day(chain.state.catalogue->created);
    if (floor != chain.state.floors.end() && floor->second.serial > release.serial) {
        return "newest  no: this computer has seen " + release.name + "-" +
               std::to_string(floor->second.serial) + news;
    }
    return "newest  yes, of what this computer has seen" + news;
}

Outcome check_in_feed(const Place& place, const Trusted& trusted, const Options& options,
                      Verdict& verdict) {
    verdict.subject = place.release->text();
    const auto documents = read_documents(place.feed, *place.release);
    if (!documents) return tl::unexpected(documents.error());
    if (!trusted.keys.empty()) {
        const auto release = believe_release(trusted.keys, *documents);
        if (!release) return tl::unexpected(release.error());
        verdict.signer = signer_text(trusted.keys.front());
        return check_release(place, *release, *documents, options, verdict);
    }
    const auto chain = believe(place.feed, trusted, options.now);
    if (!chain) return tl::unexpected(chain.error());
    verdict.signer = signer_text(*chain);
    const auto release = believe_release(*chain, *place.release, *documents);
    if (!release) return tl::unexpected(release.error());
    if (auto checked = check_release(place, *release, *documents, options, verdict); !checked)
        return checked;
    verdict.notes.push_back(newest_text(*chain, *place.release));
    if (catalog::is_stale(chain->state, options.now)) {
        verdict.notes.push_back("stale   since " + format_day(*chain->state.catalogue->expires) +
                                ": genuine, newer may exist");
    }
    return refuse_withdrawn(*chain, *release);
}

// ---- alone: by SHA256SUMS and its signature
// ------------------------------------------------------------

/// The identifier out of the signed crate, never the folder's name.
std::string identifier_of(const fs::path& folder) {
    const auto text = read_file(folder / "ro-crate-metadata.json", crate_cap);
    const auto crate = nlohmann::json::parse(text ? *text : std::string(), nullptr, false);
    if (!crate.is_object() || !crate.contains("@graph") || !crate["@graph"].is_array()) return {};
    for (const auto& entity : crate["@graph"]) {
        if (entity.is_object() && entity.value("@id", "") == "./" &&
            entity.contains("identifier") && entity["identifier"].is_string()) {
            return foreign(entity["identifier"].get<std::string>());
        }
    }
    return {};
}

std::vector<trust::PublicKey> release_keys(const Trusted& trusted) {
    std::vector<trust::PublicKey> keys = trusted.keys;
    for (const auto& publisher : trusted.publishers) {
        const auto ring = publisher.state.publisher.release_ring();
        keys.insert(keys.end(), ring.keys().begin(), ring.keys().end());
    }
    return keys;
}

std::string owner_text(const trust::PublicKey& key, const Trusted& trusted) {
    for (const auto& publisher : trusted.publishers) {
        const auto ring = publisher.state.publisher.release_ring();
        if (std::ranges::find(ring.keys(), key) != ring.keys().end())
            return signer_text(Chain{publisher.state, publisher.petname, false});
    }
    return signer_text(key);
}

Outcome check_alone(const Place& place, const Trusted& trusted, const Options& options,
                    Verdict& verdict) {
    verdict.subject = place.path.filename().native();
    const auto sums = bundle::read_signed(place.path, "SHA256SUMS", sums_cap);
    if (!sums) return tl::unexpected(sums.error());
    if (sums->signatures.empty())
        return fail(Errc::no_signature, "no_signature", "SHA256SUMS has no signature beside it");
    const auto verified =
        trust::Keyring(release_keys(trusted), 1).verify(sums->document, signatures_of(*sums));
    if (!verified) return tl::unexpected(verified.error());
    verdict.trusted_comment = verified->trusted_comment();
    verdict.signer = owner_text(verified->signers().front(), trusted);
    if (verdict.trusted_comment.starts_with(sums_comment))
        verdict.subject = foreign(verdict.trusted_comment.substr(sums_comment.size()));

    const auto list = bundle::parse_sums(verified->document());
    if (!list) return tl::unexpected(list.error());
    verdict.files_expected = list->size();
    std::atomic<std::uint64_t> done = 0;
    if (auto content = judge_content(
            bundle::check_folder(place.path, *list, check_options(options, 0, done)), verdict);
        !content)
        return content;
    if (const std::string identifier = identifier_of(place.path); !identifier.empty())
        verdict.notes.push_back("is      " + identifier);
    return {};
}

}  // namespace

Verdict verify_bundle(const Place& place, const Trusted& trusted, const Options& options) {
    Verdict verdict;
    const bool in_feed = !place.feed.empty() && place.release;
    auto checked = in_feed ? check_in_feed(place, trusted, options, verdict)
                           : check_alone(place, trusted, options, verdict);
    if (!checked) verdict.error = checked.error();
    return verdict;
}

}  // namespace croft::cli::verify
