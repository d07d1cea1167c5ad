#include "bundle/digest_impl.h"
#include "bundle/outer_dictionary_impl.h"
#include "bundle/sums.h"
#include "bundle/torrent.h"
#include "bundle/v1_twin.h"

#include <algorithm>

namespace croft::bundle {
namespace {

using catalog::Release;

tl::unexpected<Error> differs(std::string reason, std::string_view what) {
    return fail(Errc::malformed, "torrent_" + std::move(reason),
                "the torrent and the signed release differ in " + std::string(what));
}

Outcome match_bytes(std::string_view bytes, const Release::Torrent& signed_torrent) {
    if (bytes.size() == signed_torrent.size &&
        Digest<Sha256>().of(as_bytes(bytes)) == signed_torrent.sha256) {
        return {};
    }
    return fail(Errc::damaged, "torrent_hash",
                "the torrent is not the one that the release was signed for");
}

Outcome match_head(const Torrent& torrent, const Release& release) {
    const Release::Torrent& said = release.torrent;
    if (torrent.btih != said.btih || torrent.id != said.btmh) {
        return differs("info_hash", "their info-hashes");
    }
    if (torrent.name != said.name) return differs("name", "their names");
    if (torrent.piece_length != said.piece_length) {
        return differs("piece_length", "their piece lengths");
    }
    if (torrent.total_size != release.total_size) return differs("total_size", "their sizes");
    if (said.v1_twin && v1_twin_of(torrent).btih != *said.v1_twin) {
        return differs("v1_twin", "the info-hash of its v1 twin");
    }
    return {};
}

Outcome match_files(const Torrent& torrent, const std::vector<Release::File>& files) {
    if (torrent.files.size() != files.size()) return differs("files", "how many files they have");
    for (const Release::File& file : files) {
        const Torrent::File* found = torrent.find(file.path);
        if (!found) return differs("files", "the file " + file.path);
        if (found->size != file.size) return differs("files", "the size of " + file.path);
        if (found->root != file.root) return differs("files", "the root of " + file.path);
    }
    return {};
}

Outcome match_sums(const Torrent& torrent, const Release::FilesList& list, std::string_view text) {
    if (text.size() != list.size || Digest<Sha256>().of(as_bytes(text)) != list.sha256) {
        return fail(Errc::damaged, "sums_hash",
                    "SHA256SUMS is not the one that the release was signed for");
    }
    const auto sums = parse_sums(text);
    if (!sums) return tl::unexpected(sums.error());
    const Torrent::File* itself = torrent.find(list.path);
    if (!itself || itself->size != list.size) return differs("files", list.path);
    const bool has_signature = torrent.find(list.path + ".minisig") != nullptr;
    if (torrent.files.size() != sums->size() + 1 + (has_signature ? 1 : 0)) {
        return differs("files", "how many files they have");
    }
    for (const Sum& sum : *sums) {
        const bool is_beside = sum.path == list.path || sum.path == list.path + ".minisig";
        if (is_beside || !torrent.find(sum.path)) return differs("files", "the file " + sum.path);
    }
    return {};
}

}  // namespace

Outcome matches(const Torrent& torrent, std::string_view bytes, const Release& release,
                std::optional<std::string_view> sums) {
    if (auto same = match_bytes(bytes, release.torrent); !same) return same;
    if (auto same = match_head(torrent, release); !same) return same;
    if (!release.files_list) return match_files(torrent, release.files);
    if (!sums) {
        return fail(Errc::not_found, "no_sums",
                    "the release names its files in SHA256SUMS, which is missing");
    }
    return match_sums(torrent, *release.files_list, *sums);
}

std::string with_trackers(const Torrent& torrent, const std::vector<std::string>& trackers) {
    return outer_dictionary(torrent.info, &torrent.piece_layers, trackers);
}

}  // namespace croft::bundle
