#include "catalog/catalogue.h"

#include "base/text.h"
#include "catalog/json_reader_impl.h"
#include "catalog/json_writer_impl.h"
#include "catalog/release.h"

#include <algorithm>
#include <array>
#include <set>

namespace croft::catalog {
namespace {

constexpr std::string_view type = "croft.catalogue/1";
constexpr std::array<std::string_view, 4> kinds = {"wiki", "papers", "media", "other"};
constexpr std::array<std::string_view, 4> reasons = {"privacy", "legal", "error", "malware"};

template <class Enum>
std::optional<Enum> from_name(std::span<const std::string_view> names, std::string_view name) {
    const auto at = std::ranges::find(names, name);
    if (at == names.end()) return std::nullopt;
    return static_cast<Enum>(at - names.begin());
}

ReleaseName read_release_name(json::Reader& in) {
    ReleaseName release{in.text("name"), in.positive("serial")};
    in.require(is_release_name(release.name), "bad_release_name",
               "\"" + escape_control(release.name) + "\" is no name of a release");
    return release;
}

Catalogue::Manifest read_manifest(json::Reader in, const ReleaseName& release) {
    Catalogue::Manifest manifest{in.text("path"), in.sha256("sha256"), in.positive("size")};
    in.require(manifest.path == "releases/" + release.text() + ".json", "manifest_path",
               release.text() + " has its manifest elsewhere than in releases/");
    in.require(manifest.size <= Release::size_cap, "manifest_size",
               "the manifest of " + release.text() + " is larger than any may be");
    return manifest;
}

Catalogue::Entry read_entry(json::Reader& in) {
    Catalogue::Entry entry;
    entry.release = read_release_name(in);
    const auto kind = kind_from(in.text("kind"));
    in.require(kind.has_value(), "unknown_kind",
               entry.release.text() + " has a kind we don't know");
    entry.kind = kind.value_or(Kind::other);
    entry.title = in.translations("title");
    entry.languages = in.texts("language");
    entry.licence = in.text("licence");
    entry.total_size = in.number("total_size");
    entry.btih = in.sha1("btih");
    entry.bundle = in.bundle("btmh");
    entry.manifest = read_manifest(in.object("manifest"), entry.release);
    return entry;
}

Catalogue::Withdrawn read_withdrawn(json::Reader& in) {
    Catalogue::Withdrawn withdrawn;
    if (in.has("name")) withdrawn.release = read_release_name(in);
    if (in.has("file_sha256")) withdrawn.file = in.sha256("file_sha256");
    in.require(withdrawn.release.has_value() != withdrawn.file.has_value(), "withdrawn_what",
               "an entry of withdrawn names not exactly one release or file");
    const auto reason = withdrawal_reason_from(in.text("reason"));
    in.require(reason.has_value(), "withdrawn_reason",
               "something is withdrawn for a reason we don't know");
    withdrawn.reason = reason.value_or(WithdrawalReason::error);
    withdrawn.date = in.time("date");
    return withdrawn;
}

void check(const Catalogue& catalogue, json::Reader& in) {
    in.require(catalogue.final || catalogue.expires, "expires_missing",
               "expires is missing, and it is not final");
    in.require(!catalogue.expires || catalogue.created < *catalogue.expires, "expires_early",
               "it expires before it was created");
    in.require(!catalogue.previous || catalogue.previous->version < catalogue.version,
               "previous_version", "it follows a later version");
    std::set<ReleaseName> names;
    for (const auto& entry : catalogue.releases) {
        in.require(names.insert(entry.release).second, "release_duplicate",
                   entry.release.text() + " stands twice");
    }
    for (const auto& withdrawn : catalogue.withdrawn) {
        in.require(!withdrawn.release || !names.contains(*withdrawn.release), "release_withdrawn",
                   "a release is both offered and withdrawn");
    }
}

void write_entry(json::Writer& out, const Catalogue::Entry& entry) {
    out.begin_object();
    out.member("name", entry.release.name);
    out.member("serial", entry.release.serial);
    out.member("kind", name_of(entry.kind));
    out.member("title", entry.title);
    out.member("language", entry.languages);
    out.member("licence", entry.licence);
    out.member("total_size", entry.total_size);
    out.member("btih", entry.btih.hex());
    out.bundle("btmh", entry.bundle);
    out.begin_object("manifest");
    out.member("path", entry.manifest.path);
    out.member("sha256", entry.manifest.sha256.hex());
    out.member("size", entry.manifest.size);
    out.end();
    out.end();
}

void write_withdrawn(json::Writer& out, const Catalogue::Withdrawn& withdrawn) {
    out.begin_object();
    if (withdrawn.release) {
        out.member("name", withdrawn.release->name);
        out.member("serial", withdrawn.release->serial);
    }
    if (withdrawn.file) out.member("file_sha256", withdrawn.file->hex());
    out.member("reason", name_of(withdrawn.reason));
    out.member("date", withdrawn.date);
    out.end();
}

}  // namespace

std::string_view name_of(Kind kind) { return kinds.at(static_cast<std::size_t>(kind)); }

std::optional<Kind> kind_from(std::string_view name) { return from_name<Kind>(kinds, name); }

std::string_view name_of(WithdrawalReason reason) {
    return reasons.at(static_cast<std::size_t>(reason));
}

std::optional<WithdrawalReason> withdrawal_reason_from(std::string_view name) {
    return from_name<WithdrawalReason>(reasons, name);
}

std::string translated(const Translations& texts, std::span<const std::string> languages) {
    for (const std::string& language : languages) {
        if (const auto at = texts.find(language); at != texts.end()) return at->second;
    }
    if (const auto english = texts.find("en"); english != texts.end()) return english->second;
    return texts.empty() ? "" : texts.begin()->second;
}

const Catalogue::Entry* Catalogue::find(const ReleaseName& release) const {
    const auto at = std::ranges::find(releases, release, &Entry::release);
    return at == releases.end() ? nullptr : &*at;
}

const Catalogue::Withdrawn* Catalogue::withdrawal_of(const ReleaseName& release) const {
    const auto at = std::ranges::find(withdrawn, std::optional(release), &Withdrawn::release);
    return at == withdrawn.end() ? nullptr : &*at;
}

const Catalogue::Withdrawn* Catalogue::withdrawal_of(const Sha256& file) const {
    const auto at = std::ranges::find(withdrawn, std::optional(file), &Withdrawn::file);
    return at == withdrawn.end() ? nullptr : &*at;
}

Result<Catalogue> parse_catalogue(const trust::Verified& document) {
    return json::read<Catalogue>(
        document.document(), {type, Catalogue::size_cap}, [](json::Reader& in) {
            Catalogue catalogue;
            catalogue.publisher = in.publisher();
            catalogue.publisher_document = in.reference("publisher_doc");
            catalogue.version = in.positive("version");
            catalogue.created = in.time("created");
            if (in.has("expires")) catalogue.expires = in.time("expires");
            catalogue.final = in.flag("final");
            if (in.has("previous")) {
                json::Reader previous = in.object("previous");
                catalogue.previous = {previous.positive("version"), previous.sha256("sha256")};
            }
            for (json::Reader& entry : in.objects("releases"))
                catalogue.releases.push_back(read_entry(entry));
            for (json::Reader& entry : in.objects("withdrawn"))
                catalogue.withdrawn.push_back(read_withdrawn(entry));
            check(catalogue, in);
            return catalogue;
        });
}

std::string write(const Catalogue& catalogue) {
    json::Writer out;
    out.begin_object();
    out.member("type", type);
    out.member("publisher", catalogue.publisher.hex());
    out.member("publisher_doc", catalogue.publisher_document);
    out.member("version", catalogue.version);
    out.member("created", catalogue.created);
    if (catalogue.expires) out.member("expires", *catalogue.expires);
    if (catalogue.final) out.flag("final");
    if (catalogue.previous) {
        out.begin_object("previous");
        out.member("version", catalogue.previous->version);
        out.member("sha256", catalogue.previous->sha256.hex());
        out.end();
    }
    out.begin_list("releases");
    for (const auto& entry : catalogue.releases)
        write_entry(out, entry);
    out.end();
    out.begin_list("withdrawn");
    for (const auto& withdrawn : catalogue.withdrawn)
        write_withdrawn(out, withdrawn);
    out.end();
    out.end();
    return std::move(out).finish();
}

}  // namespace croft::catalog
