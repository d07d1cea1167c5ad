// One file and its detached signature, as `minisign -HV` does it; one of Croft's own documents is
// read, too.
#include "base/file.h"
#include "base/text.h"
#include "bundle/feed_folder.h"
#include "cli/output.h"
#include "cli/verify/chain.h"
#include "cli/verify/verify.h"
#include "trust/keyring.h"

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace croft::cli::verify {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t signature_cap = 16 * 1024;
constexpr std::size_t document_cap = catalog::Release::size_cap;

/// The BLAKE2b-512 of a file of any size, in constant memory.
Result<trust::Blake2b::Digest> hash_file(const fs::path& path, const Options& options) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file) return tl::unexpected(system_error("open", path.native(), errno));
    std::error_code error;
    const std::uint64_t total = fs::file_size(path, error);
    trust::Blake2b hash;
    std::vector<std::uint8_t> buffer(1 << 20);
    for (std::uint64_t done = 0;;) {
        if (options.stop.stop_requested()) return fail(Errc::cancelled, "cancelled", "stopped");
        const ssize_t got = ::read(file.number(), buffer.data(), buffer.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return tl::unexpected(system_error("read", path.native(), errno));
        if (got == 0) return hash.finish();
        hash.update({buffer.data(), static_cast<std::size_t>(got)});
        done += static_cast<std::uint64_t>(got);
        if (options.on_progress) options.on_progress(done, total);
    }
}

/// Every key that the person believes for documents: given by flag, else the roles of trusted
/// publishers.
struct Candidate {
    trust::PublicKey key;
    const bundle::KnownPublisher* publisher = nullptr;
};

std::vector<Candidate> candidates(const Trusted& trusted) {
    std::vector<Candidate> all;
    for (const auto& key : trusted.keys)
        all.push_back({key, nullptr});
    for (const auto& publisher : trusted.publishers) {
        const catalog::Publisher& root = publisher.state.publisher;
        for (const auto* role : {&root.root, &root.release, &root.beacon}) {
            for (const auto& key : role->keys)
                all.push_back({key, &publisher});
        }
        for (const auto& revoked : root.revoked)
            all.push_back({revoked.key, &publisher});
    }
    return all;
}

Outcome check_with(const Candidate& candidate, const trust::Signature& signature,
                   const trust::Blake2b::Digest& digest, Verdict& verdict) {
    if (auto checked = trust::check(signature, digest, candidate.key); !checked) return checked;
    verdict.trusted_comment = signature.trusted_comment;
    verdict.signer = signer_text(candidate.key);
    if (candidate.publisher) {
        verdict.signer += " of " + signer_text(Chain{candidate.publisher->state,
                                                     candidate.publisher->petname, false});
        if (candidate.publisher->state.publisher.revocation_of(candidate.key)) {
            return fail(Errc::revoked_key, "revoked_key",
                        "signed by a key that its publisher has revoked");
        }
    }
    return {};
}

Outcome check_signature(const fs::path& file, const Trusted& trusted, const Options& options,
                        Verdict& verdict) {
    const fs::path beside = options.signature.empty()
                                ? fs::path(bundle::layout::signature(file.native()))
                                : options.signature;
    const auto text = read_file(beside, signature_cap);
    if (!text && text.error().code == Errc::not_found) {
        return fail(Errc::no_signature, "no_signature", "there is no signature " + beside.native());
    }
    if (!text) return tl::unexpected(text.error());
    const auto signature = trust::Signature::parse(*text);
    if (!signature)
        return fail(Errc::bad_signature, signature.error().reason, signature.error().message);
    const auto digest = hash_file(file, options);
    if (!digest) return tl::unexpected(digest.error());
    for (const auto& candidate : candidates(trusted)) {
        if (candidate.key.id == signature->key_id)
            return check_with(candidate, *signature, *digest, verdict);
    }
    return fail(Errc::unknown_key, "unknown_key",
                "signed by key " + signature->key_id.text() + ", which nobody here trusts");
}

/// `croft.release/1` where the bytes are one of our documents; else "".
std::string type_of(const std::string& document) {
    const auto json = nlohmann::json::parse(document, nullptr, false);
    const std::string type = json.is_object() && json.contains("type") && json["type"].is_string()
                                 ? json["type"].get<std::string>()
                                 : "";
    return type.starts_with("croft.") ? type : "";
}

/// One of our documents, good by its signature, is read as strictly as a follower would.
Outcome read_document(const std::string& document, const std::string& type) {
    const auto verified = trust::pinned(document, trust::sha256(document));
    const auto outcome = [](const auto& parsed) -> Outcome {
        if (!parsed) return tl::unexpected(parsed.error());
        return {};
    };
    if (type == "croft.publisher/1") return outcome(catalog::parse_publisher(*verified));
    if (type == "croft.catalogue/1") return outcome(catalog::parse_catalogue(*verified));
    if (type == "croft.release/1") return outcome(catalog::parse_release(*verified));
    if (type == "croft.beacon/1") return outcome(catalog::parse_beacon(*verified));
    return fail(Errc::malformed, "unknown_type",
                "a document of the type " + foreign(type) + " is not known to this version");
}

/// What the person believes of the publisher whose state judges a document: `--feed` names it,
/// unless flags do.
Result<Chain> judge(const Trusted& trusted, const Options& options) {
    Trusted believed = trusted;
    if (!trusted.fingerprint && !trusted.id) {
        const auto first =
            read_file(options.feed / bundle::layout::publisher(1), catalog::Publisher::size_cap);
        if (!first) return tl::unexpected(first.error());
        believed.id = catalog::PublisherId{trust::sha256(*first)};
    }
    return believe(options.feed, believed, options.now);
}

Outcome judge_by_feed(const fs::path& file, const Trusted& trusted, const Options& options,
                      Verdict& verdict) {
    const auto chain = judge(trusted, options);
    if (!chain) return tl::unexpected(chain.error());
    verdict.signer = signer_text(*chain);
    const auto bytes =
        bundle::read_signed(file.parent_path(), file.filename().native(), document_cap);
    if (!bytes) return tl::unexpected(bytes.error());
    if (bytes->signatures.empty())
        return fail(Errc::no_signature, "no_signature", "there is no signature beside it");
    return catalog::judge_document(chain->state, *bytes, options.now);
}

Outcome check_document(const fs::path& file, const Trusted& trusted, const Options& options,
                       Verdict& verdict) {
    if (!options.feed.empty()) return judge_by_feed(file, trusted, options, verdict);
    if (auto checked = check_signature(file, trusted, options, verdict); !checked) return checked;
    std::error_code error;
    if (fs::file_size(file, error) > document_cap || error) return {};
    const auto document = read_file(file, document_cap);
    if (!document) return tl::unexpected(document.error());
    const std::string type = type_of(*document);
    if (type.empty()) return {};
    return read_document(*document, type);
}

}  // namespace

Verdict verify_document(const fs::path& file, const Trusted& trusted, const Options& options) {
    Verdict verdict;
    verdict.subject = file.filename().native();
    verdict.files = verdict.files_expected = 1;
    std::error_code error;
    verdict.bytes = fs::file_size(file, error);
    if (auto checked = check_document(file, trusted, options, verdict); !checked)
        verdict.error = checked.error();
    return verdict;
}

}  // namespace croft::cli::verify
