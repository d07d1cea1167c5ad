#include "cli/verify/signed_file.h"

#include "base/file.h"
#include "bundle/feed_folder.h"
#include "trust/keyring.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace croft::cli::verify {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t signature_cap = std::size_t{16} * 1024;
constexpr std::size_t document_cap = catalog::Release::size_cap;
constexpr std::size_t chunk_bytes = std::size_t{1} << 20;

std::vector<trust::Signature> parsed(const std::vector<std::string>& texts) {
    std::vector<trust::Signature> signatures;
    for (const auto& text : texts) {
        if (auto signature = trust::Signature::parse(text); signature)
            signatures.push_back(std::move(*signature));
    }
    return signatures;
}

Result<std::vector<std::string>> signatures_of(const fs::path& file, const fs::path& given) {
    if (given.empty()) {
        auto beside = bundle::read_signatures(file);
        if (!beside.empty()) return beside;
        return fail(Errc::no_signature, "no_signature",
                    "there is no signature " + bundle::layout::signature(file.native()));
    }
    auto text = read_file(given, signature_cap);
    if (text) return std::vector{std::move(*text)};
    if (text.error().code != Errc::not_found) return tl::unexpected(text.error());
    return fail(Errc::no_signature, "no_signature", "there is no signature " + given.native());
}

Outcome check_readable(const std::vector<std::string>& signatures) {
    if (!parsed(signatures).empty()) return {};
    const auto error = trust::Signature::parse(signatures.front()).error();
    return fail(Errc::bad_signature, error.reason, error.message);
}

/// The release role's first: its comment is the one that names a list of sums.
std::vector<trust::PublicKey> keys_of(const catalog::Publisher& publisher) {
    std::vector<trust::PublicKey> keys;
    for (const auto* role : {&publisher.release, &publisher.root, &publisher.beacon})
        keys.insert(keys.end(), role->keys.begin(), role->keys.end());
    return keys;
}

/// Who signed, of these keys: for people to read, whatever it is worth.
void tell_signer(const std::vector<trust::PublicKey>& keys, const catalog::SignedFile& file,
                 const std::string& owner, Verdict& verdict) {
    const auto signers = trust::Keyring(keys, 1).check(file.digest, parsed(file.signatures));
    if (!signers) return;
    verdict.trusted_comment = signers->trusted_comment;
    verdict.signer = signer_text(signers->keys.front()) + owner;
}

Outcome judge_by_keys(const catalog::SignedFile& file, const std::vector<trust::PublicKey>& keys,
                      Time now, Verdict& verdict) {
    const trust::Keyring ring(keys, 1);
    tell_signer(keys, file, "", verdict);
    const auto signatures = parsed(file.signatures);
    if (!file.document) {
        const auto signers = ring.check(file.digest, signatures);
        return signers ? Outcome() : tl::unexpected(signers.error());
    }
    const auto verified = ring.verify(*file.document, signatures);
    if (!verified) return tl::unexpected(verified.error());
    return catalog::judge_document(*verified, {*file.document, file.signatures}, now);
}

Result<const Chain*> judge_by_chains(const catalog::SignedFile& file, std::span<const Chain> chains,
                                     Time now, Verdict& verdict) {
    const Chain* by = nullptr;
    Outcome counts = fail(Errc::unknown_key, "unknown_signer",
                          "signed by key " + parsed(file.signatures).front().key_id.text() +
                              ", which nobody here trusts");
    for (const Chain& chain : chains) {
        auto judged = catalog::judge_file(chain.state, file, now);
        if (!catalog::outweighs(judged, counts)) continue;
        counts = std::move(judged);
        by = &chain;
    }
    if (by) tell_signer(keys_of(by->state.publisher), file, " of " + signer_text(*by), verdict);
    if (counts) return by;
    if (counts.error().code == Errc::revoked_key) verdict.signer = signer_text(*by);
    return tl::unexpected(counts.error());
}

}  // namespace

Outcome read_through(const fs::path& path, const Options& options,
                     const std::function<void(std::string_view)>& take) {
    // A FIFO would wait for its other end.
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!file) return tl::unexpected(system_error("open", path.native(), errno));
    struct stat status {};
    if (::fstat(file.number(), &status) != 0)
        return tl::unexpected(system_error("look at", path.native(), errno));
    if (!S_ISREG(status.st_mode))
        return fail(Errc::malformed, "not_a_file", path.native() + " is not a regular file");
    std::string buffer(chunk_bytes, '\0');
    for (std::uint64_t done = 0;;) {
        if (options.stop.stop_requested()) return fail(Errc::cancelled, "cancelled", "stopped");
        const ssize_t got = ::read(file.number(), buffer.data(), buffer.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return tl::unexpected(system_error("read", path.native(), errno));
        if (got == 0) return {};
        take(std::string_view(buffer).substr(0, static_cast<std::size_t>(got)));
        done += static_cast<std::uint64_t>(got);
        if (options.on_progress)
            options.on_progress(done, static_cast<std::uint64_t>(status.st_size));
    }
}

Result<catalog::SignedFile> read_signed_file(const fs::path& file, const Options& options) {
    auto signatures = signatures_of(file, options.signature);
    if (!signatures) return tl::unexpected(signatures.error());
    if (auto readable = check_readable(*signatures); !readable)
        return tl::unexpected(readable.error());
    trust::Blake2b hash;
    std::string kept;  // as long as it may be a document
    std::uint64_t size = 0;
    const auto read = read_through(file, options, [&](std::string_view bytes) {
        hash.update(as_bytes(bytes));
        size += bytes.size();
        size <= document_cap ? kept.append(bytes) : kept.assign("");
    });
    if (!read) return tl::unexpected(read.error());
    catalog::SignedFile signed_file{hash.finish(), {}, std::move(*signatures)};
    if (catalog::means_to_be_document(kept)) signed_file.document = std::move(kept);
    return signed_file;
}

Result<const Chain*> judge(const catalog::SignedFile& file, const Trusted& trusted,
                           std::span<const Chain> chains, Time now, Verdict& verdict) {
    if (!trusted.keys.empty()) {
        if (auto good = judge_by_keys(file, trusted.keys, now, verdict); !good)
            return tl::unexpected(good.error());
        if (trusted.is_keys_alone() && chains.empty()) return nullptr;
    }
    return judge_by_chains(file, chains, now, verdict);
}

}  // namespace croft::cli::verify
