#include "api/shapes_impl.h"
#include "api/signature_chain_impl.h"
#include "bundle/feed_folder.h"

#include <algorithm>
#include <cctype>

namespace croft::api {
namespace {

struct Signed {
    std::string document;  ///< its path in a feed
    std::string_view bytes;
    const std::vector<std::string>& signatures;
};

std::string hash_command(const Sha256& hash, const std::string& document) {
    return "echo " + shell_word(hash.hex() + "  " + document) + " | sha256sum -c";
}

/// A link without signatures: its hash is named by the one above.
Json named_link(const char* kind, const std::string& document, std::uint64_t size,
                const std::string& named_by) {
    return {{"kind", kind},
            {"document", document},
            {"size_bytes", size},
            {"signatures", Json::array()},
            {"signers", Json::array()},
            {"named_by", named_by},
            {"verdict", "valid"},
            {"commands", Json::array()}};
}

/// The signatures of one document, judged by the keys that may sign its role.
void judge(Json& link, const Signed& document, const catalog::Publisher::Role& role) {
    const auto digest = trust::Blake2b::of(document.bytes);
    std::vector<trust::PublicKey> counted;
    for (std::size_t i = 0; i < document.signatures.size(); ++i) {
        const std::string& text = document.signatures[i];
        const std::string name = signature_name(document.document, text, i);
        link["signatures"].push_back(name);
        const auto signature = trust::Signature::parse(text);
        if (!signature) continue;
        const auto signer = std::ranges::find_if(role.keys, [&](const trust::PublicKey& each) {
            return trust::check(*signature, digest, each).has_value();
        });
        if (signer == role.keys.end() || std::ranges::count(counted, *signer)) continue;
        counted.push_back(*signer);
        link["signers"].push_back(key(*signer));
        if (!link.contains("trusted_comment")) link["trusted_comment"] = signature->trusted_comment;
        link["commands"].push_back("minisign -HVm " + shell_word(document.document) + " -x " +
                                   shell_word(name) + " -P " + signer->minisign());
    }
    const bool is_enough = counted.size() >= role.threshold;
    if (is_enough || link.contains("named_by")) return;
    link["verdict"] = name_of(Errc::no_signature);
    link["message"] = "too few of its signatures are by keys that may sign it now";
}

Json signed_link(const char* kind, const Signed& document, const char* role_name,
                 const catalog::Publisher::Role& role, const std::string& named_by) {
    const Sha256 hash = trust::sha256(document.bytes);
    Json link{{"kind", kind},
              {"document", document.document},
              {"size_bytes", document.bytes.size()},
              {"sha256", hash.hex()},
              {"role", role_name},
              {"threshold", role.threshold},
              {"signatures", Json::array()},
              {"signers", Json::array()}};
    put_text(link, "named_by", named_by);
    link["verdict"] = "valid";
    link["commands"] = Json::array();
    if (!named_by.empty()) link["commands"].push_back(hash_command(hash, document.document));
    judge(link, document, role);
    return link;
}

/// The roles that a publisher document itself names.
catalog::Publisher::Role root_role_of(const std::string& bytes) {
    const auto document = trust::pinned(bytes, trust::sha256(bytes));
    if (!document) return {};
    const auto publisher = catalog::parse_publisher(*document);
    return publisher ? publisher->root : catalog::Publisher::Role{};
}

void append_publishers(Json& chain, const catalog::FollowerState& state) {
    static const std::vector<std::string> none;
    for (std::size_t i = 0; i < state.publisher_chain.size(); ++i) {
        const auto& signatures =
            i < state.publisher_signatures.size() ? state.publisher_signatures[i] : none;
        chain.push_back(signed_link(
            "publisher", {bundle::layout::publisher(i + 1), state.publisher_chain[i], signatures},
            "root", root_role_of(state.publisher_chain[i]), i == 0 ? "fingerprint" : ""));
    }
}

bool has_file(const library::Documents& documents, std::string_view path) {
    return std::ranges::any_of(documents.torrent.files,
                               [&](const auto& file) { return file.path == path; });
}

/// Whose key signed the sums is known only with the bytes at hand: the command names the newest.
std::string content_command(const library::ReleaseView& release,
                            const catalog::Publisher::Role& role,
                            const library::Documents& documents) {
    if (role.keys.empty() || !has_file(documents, "SHA256SUMS.minisig")) {
        return "croft verify " + shell_word(release.folder);
    }
    return "cd " + shell_word(release.folder) + " && minisign -HVm SHA256SUMS -P " +
           role.keys.front().minisign() + " && sha256sum -c SHA256SUMS";
}

Json content_link(const library::ReleaseView& release, const catalog::FollowerState& state,
                  const library::Documents& documents) {
    const catalog::ReleaseName& name = release.entry.release;
    Json link = named_link("content", bundle::layout::bundle(name), release.entry.total_size,
                           bundle::layout::torrent(name));
    const std::string verdict = verdict_of(release);
    link["verdict"] = verdict;
    if (verdict == "damaged") link["message"] = release.problem->message;
    if (!release.folder.empty()) {
        link["commands"].push_back(content_command(release, state.publisher.release, documents));
    }
    return link;
}

/// Where the documents lie: bundles are two levels below the publisher's folder.
std::string feed_folder_of(const library::ReleaseView& release) {
    const std::string below = "/" + bundle::layout::bundle(release.entry.release);
    if (!release.folder.ends_with(below)) return "";
    return release.folder.substr(0, release.folder.size() - below.size());
}

}  // namespace

std::string shell_word(std::string_view text) {
    const bool is_plain = !text.empty() && std::ranges::all_of(text, [](unsigned char c) {
        return std::isalnum(c) ||
               std::string_view("/._-+=:,@").find(static_cast<char>(c)) != std::string_view::npos;
    });
    if (is_plain) return std::string(text);
    std::string word = "'";
    for (const char c : text)
        word += c == '\'' ? "'\\''" : std::string(1, c);
    return word + "'";
}

std::string signature_name(std::string_view document, std::string_view signature, std::size_t i) {
    const auto parsed = trust::Signature::parse(signature);
    const bool is_first = i == 0 || !parsed;
    return std::string(document) + (is_first ? "" : "." + parsed->key_id.text()) + ".minisig";
}

Json signature_chain(const library::ReleaseView& release, const catalog::FollowerState& state,
                     const library::Documents& documents) {
    const catalog::ReleaseName& name = release.entry.release;
    const catalog::Publisher::Role& role = state.publisher.release;
    const std::string catalogue(bundle::layout::catalogue);
    Json chain = Json::array();
    append_publishers(chain, state);
    chain.push_back(signed_link("catalogue",
                                {catalogue, state.catalogue_bytes, state.catalogue_signatures},
                                "release", role, ""));
    chain.push_back(signed_link("release",
                                {bundle::layout::release(name), documents.release_bytes.document,
                                 documents.release_bytes.signatures},
                                "release", role, release.offered ? catalogue : ""));
    Json torrent = named_link("torrent", bundle::layout::torrent(name),
                              documents.torrent_bytes.size(), bundle::layout::release(name));
    const Sha256 torrent_hash = trust::sha256(documents.torrent_bytes);
    torrent["sha256"] = torrent_hash.hex();
    torrent["commands"].push_back(hash_command(torrent_hash, bundle::layout::torrent(name)));
    chain.push_back(std::move(torrent));
    chain.push_back(content_link(release, state, documents));

    Json reply{{"id", release.id.hex()},
               {"publisher", release.publisher.hex()},
               {"fingerprint", catalog::fingerprint(release.publisher)},
               {"verdict", verdict_of(release)}};
    put_text(reply, "feed_folder", feed_folder_of(release));
    reply["chain"] = std::move(chain);
    return reply;
}

}  // namespace croft::api
