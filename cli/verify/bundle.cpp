// A bundle's folder, or one file of it, by SHA256SUMS and its signature: no other document is at
// hand.
#include "base/file.h"
#include "base/text.h"
#include "bundle/feed_folder.h"
#include "bundle/sums.h"
#include "cli/verify/content.h"
#include "cli/verify/inventory.h"
#include "cli/verify/signed_file.h"
#include "trust/hash.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace croft::cli::verify {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view list_name = "SHA256SUMS";
constexpr std::string_view list_comment = "croft.sums/1 ";
constexpr std::size_t list_cap = std::size_t{256} << 20;
constexpr std::size_t crate_cap = std::size_t{64} << 20;

struct SumsList {
    std::vector<bundle::Sum> files;
    const Chain* by = nullptr;                    ///< whose; none by keys alone
    std::optional<catalog::ReleaseName> release;  ///< as its signers call it
};

/// The release that the signers name. Publishers sign lists of sums only under this comment, so
/// that no other file which they signed passes for one; who names a key asks for that key's word
/// alone.
Result<std::optional<catalog::ReleaseName>> signed_name(const std::string& comment,
                                                        bool is_by_keys) {
    if (comment.starts_with(list_comment)) {
        if (auto name = catalog::ReleaseName::parse(comment.substr(list_comment.size())); name)
            return *name;
    }
    if (is_by_keys) return std::nullopt;
    return fail(Errc::bad_signature, "not_signed_as_sums",
                "the signature of SHA256SUMS is genuine, but made for something else: its comment "
                "does not read \"croft.sums/1 NAME-SERIAL\"");
}

/// The bytes that were signed, read once more: the list was too large to be kept before anybody was
/// known to have signed it.
Result<std::vector<bundle::Sum>> read_list(const fs::path& list,
                                           const trust::Blake2b::Digest& digest) {
    const auto text = read_file(list, list_cap);
    if (!text) return tl::unexpected(text.error());
    if (trust::Blake2b::of(*text) != digest)
        return fail(Errc::conflict, "file_changed", list.native() + " changes while it is read");
    return bundle::parse_sums(*text);
}

Outcome check_size(const fs::path& list) {
    std::error_code error;
    const auto size = fs::file_size(list, error);
    if (error || size <= list_cap) return {};
    return fail(
        Errc::malformed, "too_large",
        list.native() + " has " + format_size(size) + "; it may have " + format_size(list_cap));
}

Result<SumsList> believe_sums(const Thing& thing, const Trusted& trusted,
                              const std::vector<Chain>& chains, const Options& options,
                              Verdict& verdict) {
    const fs::path list = thing.bundle / list_name;
    if (auto fits = check_size(list); !fits) return tl::unexpected(fits.error());
    auto file = read_signed_file(list, options);
    if (!file) return tl::unexpected(file.error());
    file->document.reset();
    const auto by = judge(*file, trusted, chains, options.now, verdict);
    if (!by) return tl::unexpected(named(std::string(list_name), by.error()));
    const auto release = signed_name(verdict.trusted_comment, trusted.is_keys_alone());
    if (!release) return tl::unexpected(release.error());
    auto files = read_list(list, file->digest);
    if (!files) return tl::unexpected(files.error());
    return SumsList{std::move(*files), *by, *release};
}

/// What the newest catalogue that we know says against it.
Outcome check_standing(const SumsList& list, const std::vector<bundle::Sum>& files, Time now,
                       Verdict& verdict) {
    if (!list.by || !list.by->state.catalogue) return {};
    note_freshness(*list.by, *list.release, now, verdict);
    return check_not_withdrawn(*list.by->state.catalogue, *list.release, files);
}

/// The identifier out of the signed crate, never the folder's name.
std::string identifier_of(const fs::path& folder) {
    const auto text = read_file(folder / "ro-crate-metadata.json", crate_cap);
    const auto crate = nlohmann::json::parse(text ? *text : std::string(), nullptr, false);
    const auto member = [](const nlohmann::json& entity, const char* name) {
        const auto at = entity.is_object() ? entity.find(name) : entity.end();
        return at != entity.end() && at->is_string() ? at->get<std::string>() : std::string();
    };
    if (!crate.is_object() || !crate.contains("@graph") || !crate["@graph"].is_array()) return {};
    for (const auto& entity : crate["@graph"]) {
        if (member(entity, "@id") == "./") return foreign(member(entity, "identifier"));
    }
    return {};
}

Outcome check_bundle(const Thing& thing, const Trusted& trusted, const Options& options,
                     Verdict& verdict) {
    const auto chains = believed(thing.feed, trusted, options.now);
    const auto list = believe_sums(thing, trusted, chains, options, verdict);
    if (!list) return tl::unexpected(list.error());
    if (list->release) verdict.subject = list->release->text();
    verdict.files_expected = list->files.size();
    ContentCheck check(options, 0);
    auto checked = bundle::check_folder(thing.bundle, list->files, check.check_options());
    if (checked)  // several people may have signed the list
        std::erase_if(checked->extra,
                      [](const auto& path) { return signed_by(path) == list_name; });
    if (auto content = judge_content(thing.bundle, checked, verdict); !content) return content;
    if (const std::string identifier = identifier_of(thing.bundle); !identifier.empty())
        verdict.notes.push_back("is      " + identifier);
    return check_standing(*list, list->files, options.now, verdict);
}

Result<Sha256> sha256_of(const fs::path& file, const Options& options, Verdict& verdict) {
    trust::Sha256Stream hash;
    const auto read = read_through(file, options, [&](std::string_view bytes) {
        hash.update(as_bytes(bytes));
        verdict.bytes += bytes.size();
    });
    if (!read) return tl::unexpected(read.error());
    return hash.finish();
}

Outcome check_part(const Thing& thing, const Trusted& trusted, const Options& options,
                   Verdict& verdict) {
    const auto chains = believed(thing.feed, trusted, options.now);
    const auto list = believe_sums(thing, trusted, chains, options, verdict);
    if (!list) return tl::unexpected(list.error());
    if (list->release) verdict.beside = "of " + list->release->text();
    const std::string path = thing.path.lexically_relative(thing.bundle).native();
    const auto sum = std::ranges::find(list->files, path, &bundle::Sum::path);
    if (sum == list->files.end()) {
        verdict.extra = {path};
        return fail(Errc::damaged, "content_damaged", "SHA256SUMS of its bundle does not list it");
    }
    const auto sha256 = sha256_of(thing.path, options, verdict);
    if (!sha256) return tl::unexpected(sha256.error());
    if (*sha256 != sum->sha256) {
        verdict.damaged = {path};
        return fail(Errc::damaged, "content_damaged", "not what its publisher signed");
    }
    verdict.files = 1;
    return check_standing(*list, {*sum}, options.now, verdict);
}

void conclude(const Thing& thing, const Trusted& trusted, const Outcome& checked,
              Verdict& verdict) {
    if (checked) return;
    verdict.error = checked.error();
    if (checked.error().code != Errc::unknown_key) return;
    verdict.mend = trusted.names_publisher()
                       ? "its publisher's documents do not lie beside it: croft trust add FEED, or "
                         "verify it inside its feed"
                       : how_to_trust(thing.feed);
}

}  // namespace

Verdict verify_bundle(const Thing& thing, const Trusted& trusted, const Options& options) {
    Verdict verdict;
    verdict.subject = thing.bundle.filename().native();
    conclude(thing, trusted, check_bundle(thing, trusted, options, verdict), verdict);
    return verdict;
}

Verdict verify_part(const Thing& thing, const Trusted& trusted, const Options& options) {
    Verdict verdict;
    verdict.subject = thing.path.filename().native();
    verdict.files_expected = 1;
    conclude(thing, trusted, check_part(thing, trusted, options, verdict), verdict);
    return verdict;
}

}  // namespace croft::cli::verify
