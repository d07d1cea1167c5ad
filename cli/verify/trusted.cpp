#include "cli/verify/trusted.h"

#include "base/file.h"
#include "base/user_folders.h"
#include "trust/hash.h"

#include <algorithm>

namespace croft::cli::verify {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t public_key_cap = 1024;

Result<trust::PublicKey> read_key(const std::string& given) {
    if (auto key = trust::PublicKey::parse(given); key) return key;
    const auto text = read_file(given, public_key_cap);
    if (!text) {
        return fail(Errc::invalid_argument, "bad_key",
                    "\"" + given + "\" is neither a public key (RW…) nor a file with one");
    }
    return trust::PublicKey::parse(*text);
}

}  // namespace

const bundle::KnownPublisher* Trusted::find(const catalog::PublisherId& publisher) const {
    const auto at = std::ranges::find_if(
        publishers, [&](const auto& known) { return known.state.id == publisher; });
    return at == publishers.end() ? nullptr : &*at;
}

bool Trusted::names(const catalog::PublisherId& publisher) const {
    return (id && *id == publisher) ||
           (fingerprint && *fingerprint == catalog::fingerprint(publisher));
}

fs::path trusted_folder() { return state_folder() / "trusted"; }

Result<Trusted> gather_trust(const TrustFlags& flags, Time now, std::vector<std::string>& notes) {
    Trusted trusted;
    for (const auto& given : flags.keys) {
        auto key = read_key(given);
        if (!key) return tl::unexpected(key.error());
        trusted.keys.push_back(*key);
    }
    if (!flags.publisher_file.empty()) {
        const auto document = read_file(flags.publisher_file, catalog::Publisher::size_cap);
        if (!document) return tl::unexpected(document.error());
        trusted.id = catalog::PublisherId{trust::sha256(*document)};
    }
    if (!flags.fingerprint.empty()) {
        auto fingerprint = catalog::normalise_fingerprint(flags.fingerprint);
        if (!fingerprint) return tl::unexpected(fingerprint.error());
        trusted.fingerprint = *fingerprint;
    }
    if (trusted.has_flags()) return trusted;
    for (const fs::path& folder : {trusted_folder(), state_folder() / "followed",
                                   fs::path(system_state_folder) / "followed"}) {
        auto known = bundle::read_known_publishers(folder, now);
        for (const auto& problem : known.problems)
            notes.push_back(problem.message);
        for (auto& publisher : known.publishers) {
            if (!trusted.find(publisher.state.id))
                trusted.publishers.push_back(std::move(publisher));
        }
    }
    return trusted;
}

}  // namespace croft::cli::verify
