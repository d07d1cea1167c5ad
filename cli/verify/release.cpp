// A release at its place in a feed: by the feed's documents, and every byte of its content.
#include "base/file.h"
#include "bundle/feed_folder.h"
#include "bundle/sums.h"
#include "bundle/v1_twin.h"
#include "cli/verify/content.h"
#include "trust/hash.h"

namespace croft::cli::verify {
namespace {

namespace fs = std::filesystem;
namespace layout = bundle::layout;

/// The release by a key that the person named.
Result<catalog::Release> believe_by_keys(const std::vector<trust::PublicKey>& keys,
                                         const catalog::SignedBytes& bytes, Verdict& verdict) {
    std::vector<trust::Signature> signatures;
    for (const auto& text : bytes.signatures) {
        if (auto signature = trust::Signature::parse(text); signature)
            signatures.push_back(std::move(*signature));
    }
    const auto verified = trust::Keyring(keys, 1).verify(bytes.document, signatures);
    if (!verified) return tl::unexpected(verified.error());
    verdict.signer = signer_text(verified->signers().front());
    return catalog::parse_release(*verified);
}

/// The release by the newest catalogue that names it; an edition that has left the list, by its own
/// signatures. That it is withdrawn is said when its content was looked at.
Result<catalog::Release> believe_by_chain(const Chain& chain, const catalog::ReleaseName& name,
                                          const catalog::SignedBytes& bytes, Time now) {
    const auto& catalogue = chain.state.catalogue;
    if (catalogue && catalogue->find(name))
        return catalog::accept_release(chain.state, name, bytes.document);
    const auto judged = catalog::judge_document(chain.state, bytes, now);
    if (!judged && judged.error().code != Errc::withdrawn) return tl::unexpected(judged.error());
    const auto pinned = trust::pinned(bytes.document, trust::sha256(bytes.document));
    return catalog::parse_release(*pinned);
}

/// The release document, and whose word it is. With `-P` beside a publisher's name, both count.
Result<catalog::Release> believe_release(const Thing& thing, const Chain& chain,
                                         const Trusted& trusted, Time now, Verdict& verdict) {
    const std::string document = layout::release(*thing.release);
    const auto bytes = bundle::read_signed(thing.feed, document, catalog::Release::size_cap);
    if (!bytes) return tl::unexpected(bytes.error());
    verdict.signer = signer_text(chain);
    auto release = trusted.is_keys_alone() ? believe_by_keys(trusted.keys, *bytes, verdict)
                                           : believe_by_chain(chain, *thing.release, *bytes, now);
    if (release && !trusted.keys.empty() && !trusted.is_keys_alone()) {
        if (auto also = believe_by_keys(trusted.keys, *bytes, verdict); !also) release = also;
    }
    if (!release) return tl::unexpected(named(document, release.error()));
    if (release->release == *thing.release) return release;
    return fail(Errc::damaged, "other_release",
                document + " is the release " + release->release.text());
}

struct Described {
    bundle::Torrent torrent;
    std::vector<bundle::Sum> sums;  ///< of a release with `files_list`
};

/// The torrent for clients that know v1 only, where one lies there: anybody makes the same one.
Outcome check_v1_twin(const Thing& thing, const catalog::Release& release,
                      const bundle::Torrent& torrent) {
    const std::string document = layout::v1_torrent(*thing.release);
    if (!is_there(thing.feed / document)) return {};
    const auto bytes = read_file(thing.feed / document, bundle::Torrent::size_cap);
    if (!bytes) return tl::unexpected(bytes.error());
    if (release.torrent.v1_twin &&
        *bytes == bundle::v1_torrent(bundle::v1_twin_of(torrent), release.trackers))
        return {};
    return fail(Errc::damaged, "other_twin", document + " is not the twin of the signed torrent");
}

/// The torrent, and the list of sums where the release has one, each exactly as the release says.
Result<Described> read_description(const Thing& thing, const catalog::Release& release) {
    const std::string document = layout::torrent(*thing.release);
    const auto bytes = read_file(thing.feed / document, bundle::Torrent::size_cap);
    if (!bytes) return tl::unexpected(bytes.error());
    auto torrent = bundle::parse_torrent(*bytes);
    if (!torrent)
        return tl::unexpected(
            named(document, {Errc::damaged, torrent.error().reason, torrent.error().message}));
    std::optional<std::string> text;
    if (release.files_list) {
        auto sums = read_file(thing.feed / layout::sums(*thing.release), release.files_list->size);
        if (!sums) return tl::unexpected(sums.error());
        text = std::move(*sums);
    }
    if (auto matched = bundle::matches(*torrent, *bytes, release, text); !matched)
        return tl::unexpected(named(document, matched.error()));
    if (auto same = check_v1_twin(thing, release, *torrent); !same)
        return tl::unexpected(same.error());
    Described described{std::move(*torrent), {}};
    if (!text) return described;
    auto sums = bundle::parse_sums(*text);
    if (!sums) return tl::unexpected(named(layout::sums(*thing.release), sums.error()));
    described.sums = std::move(*sums);
    return described;
}

Outcome check_release(const Thing& thing, const Chain& chain, const Trusted& trusted,
                      const Options& options, Verdict& verdict) {
    const auto release = believe_release(thing, chain, trusted, options.now, verdict);
    if (!release) return tl::unexpected(release.error());
    verdict.beside = foreign(release->version);
    verdict.signed_at = release->created;
    const auto described = read_description(thing, *release);
    if (!described) return tl::unexpected(described.error());
    verdict.files_expected = described->torrent.files.size();
    if (!thing.bundle.empty()) {
        ContentCheck check(options, release->total_size * (options.sums ? 2 : 1));
        const auto content = judge_content(
            thing.bundle,
            bundle::check_folder(thing.bundle, *release, described->torrent, check.check_options()),
            verdict);
        if (!content) return content;
    }
    note_freshness(chain, *thing.release, options.now, verdict);
    if (!chain.state.catalogue) return {};
    const catalog::Catalogue& newest = *chain.state.catalogue;
    return release->files_list ? check_not_withdrawn(newest, *thing.release, described->sums)
                               : check_not_withdrawn(newest, *thing.release, release->files);
}

}  // namespace

Verdict verify_release(const Thing& thing, const Result<Chain>& chain, const Trusted& trusted,
                       const Options& options) {
    Verdict verdict;
    verdict.subject = thing.release->text();
    const auto checked = chain ? check_release(thing, *chain, trusted, options, verdict)
                               : Outcome(tl::unexpected(chain.error()));
    if (checked) return verdict;
    verdict.error = checked.error();
    if (verdict.error->code == Errc::unknown_key) verdict.mend = how_to_trust(thing.feed);
    return verdict;
}

}  // namespace croft::cli::verify
