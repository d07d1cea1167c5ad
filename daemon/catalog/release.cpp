#include "catalog/release.h"

#include "base/text.h"
#include "catalog/json_reader_impl.h"
#include "catalog/json_writer_impl.h"
#include "catalog/path_rule.h"

#include <algorithm>
#include <bit>

namespace croft::catalog {
namespace {

constexpr std::string_view type = "croft.release/1";
constexpr std::uint64_t torrent_cap = 64UL * 1024 * 1024;
constexpr std::uint64_t shortest_piece = 16UL * 1024, longest_piece = 16UL * 1024 * 1024;

void read_description(Release& release, json::Reader& in) {
    release.release = {in.text("name"), in.positive("serial")};
    in.require(is_release_name(release.release.name), "bad_release_name",
               "\"" + escape_control(release.release.name) + "\" is no name of a release");
    release.version = in.text("version");
    release.created = in.time("created");
    const auto kind = kind_from(in.text("kind"));
    in.require(kind.has_value(), "unknown_kind", "its kind is none that we know");
    release.kind = kind.value_or(Kind::other);
    release.title = in.translations("title");
    release.description = in.translations("description", json::optional);
    release.languages = in.texts("language");
    release.licence = in.text("licence");
    release.source = in.text("source", json::optional);
    release.doi = in.text("doi", json::optional);
    for (json::Reader& author : in.objects("authors", json::optional)) {
        release.authors.push_back({author.text("name"), author.text("id", json::optional)});
    }
    release.subjects = in.texts("subjects", json::optional);
}

Release::Torrent read_torrent(json::Reader in) {
    Release::Torrent torrent{.btih = in.sha1("btih"),
                             .btmh = in.bundle("btmh"),
                             .name = in.text("name"),
                             .piece_length = in.positive("piece_length"),
                             .sha256 = in.sha256("sha256"),
                             .size = in.positive("size"),
                             .v1_twin = {}};
    if (in.has("v1_twin")) torrent.v1_twin = in.sha1("v1_twin");
    return torrent;
}

Release::File read_file_entry(json::Reader& in) {
    Release::File file{in.text("path"), in.number("size"), in.sha256("sha256"), std::nullopt};
    if (in.has("root")) file.root = in.sha256("root");
    return file;
}

void read_files(Release& release, json::Reader& in) {
    for (json::Reader& file : in.objects("files", json::optional))
        release.files.push_back(read_file_entry(file));
    if (in.has("files_list")) {
        json::Reader list = in.object("files_list");
        release.files_list = {list.text("path"), list.sha256("sha256"), list.positive("size")};
        in.require(release.files_list->path == "SHA256SUMS", "files_list_path",
                   "files_list.path is not SHA256SUMS");
    }
    in.require(release.files.empty() == release.files_list.has_value(), "files_or_list",
               "it has not exactly one of files and files_list");
    in.require(release.files.size() <= Release::inline_files, "files_too_many",
               "above 10,000 files only files_list may stand");
    std::ranges::sort(release.files, {}, &Release::File::path);
}

void check_torrent(const Release& release, json::Reader& in) {
    const auto& torrent = release.torrent;
    in.require(torrent.name == release.release.text(), "torrent_name",
               "its torrent is not called " + release.release.text());
    in.require(std::has_single_bit(torrent.piece_length) &&
                   torrent.piece_length >= shortest_piece && torrent.piece_length <= longest_piece,
               "piece_length", "its piece length is no power of two in 16 KiB to 16 MiB");
    in.require(torrent.size <= torrent_cap, "torrent_size", "its torrent is above 64 MiB");
}

void check_files(const Release& release, json::Reader& in) {
    if (release.files_list) return;
    std::vector<std::string> paths;
    std::uint64_t total = 0;
    for (const auto& file : release.files) {
        paths.push_back(file.path);
        total += file.size;  // at most 10,000 times 2^53: no overflow
    }
    in.require(check_paths(paths));
    in.require(std::ranges::all_of(release.files,
                                   [](const auto& file) { return file.root || file.size == 0; }),
               "file_root", "a file that is not empty has no root");
    in.require(total == release.total_size, "total_size", "its sizes do not add up to total_size");
}

void write_torrent(json::Writer& out, const Release::Torrent& torrent) {
    out.begin_object("torrent");
    out.member("btih", torrent.btih.hex());
    out.bundle("btmh", torrent.btmh);
    out.member("name", torrent.name);
    out.member("piece_length", torrent.piece_length);
    out.member("sha256", torrent.sha256.hex());
    out.member("size", torrent.size);
    if (torrent.v1_twin) out.member("v1_twin", torrent.v1_twin->hex());
    out.end();
}

void write_files(json::Writer& out, const Release& release) {
    if (const auto& list = release.files_list) {
        out.begin_object("files_list");
        out.member("path", list->path);
        out.member("sha256", list->sha256.hex());
        out.member("size", list->size);
        out.end();
        return;
    }
    out.begin_list("files");
    for (const auto& file : release.files) {
        out.begin_object();
        out.member("path", file.path);
        out.member("size", file.size);
        out.member("sha256", file.sha256.hex());
        if (file.root) out.member("root", file.root->hex());
        out.end();
    }
    out.end();
}

void write_description(json::Writer& out, const Release& release) {
    out.member("name", release.release.name);
    out.member("serial", release.release.serial);
    out.member("version", release.version);
    out.member("created", release.created);
    out.member("kind", name_of(release.kind));
    out.member("title", release.title);
    if (!release.description.empty()) out.member("description", release.description);
    out.member("language", release.languages);
    out.member("licence", release.licence);
    out.member_if("source", release.source);
    out.member_if("doi", release.doi);
    if (!release.authors.empty()) {
        out.begin_list("authors");
        for (const auto& author : release.authors) {
            out.begin_object();
            out.member("name", author.name);
            out.member_if("id", author.id);
            out.end();
        }
        out.end();
    }
    out.member_if("subjects", release.subjects);
}

}  // namespace

Result<Release> parse_release(const trust::Verified& document) {
    return json::read<Release>(
        document.document(), {type, Release::size_cap}, [](json::Reader& in) {
            Release release;
            release.publisher = in.publisher();
            read_description(release, in);
            release.torrent = read_torrent(in.object("torrent"));
            release.total_size = in.number("total_size");
            read_files(release, in);
            release.webseeds = in.urls("webseeds");
            release.trackers = in.urls("trackers");
            release.metadata = in.texts("metadata", json::optional);
            if (in.has("previous")) {
                json::Reader previous = in.object("previous");
                release.previous = {previous.positive("serial"), previous.sha256("sha256"),
                                    previous.bundle("btmh")};
            }
            check_torrent(release, in);
            check_files(release, in);
            return release;
        });
}

std::string write(const Release& release) {
    json::Writer out;
    out.begin_object();
    out.member("type", type);
    out.member("publisher", release.publisher.hex());
    write_description(out, release);
    write_torrent(out, release.torrent);
    out.member("total_size", release.total_size);
    write_files(out, release);
    out.member_if("webseeds", release.webseeds);
    out.member_if("trackers", release.trackers);
    out.member_if("metadata", release.metadata);
    if (release.previous) {
        out.begin_object("previous");
        out.member("serial", release.previous->serial);
        out.member("sha256", release.previous->sha256.hex());
        out.bundle("btmh", release.previous->btmh);
        out.end();
    }
    out.end();
    return std::move(out).finish();
}

Outcome matches(const Release& release, const Catalogue::Entry& entry) {
    const auto differs = [&](std::string_view what) {
        return fail(Errc::bad_signature, "release_mismatch",
                    "the release document says another " + std::string(what) +
                        " than the catalogue does of " + entry.release.text());
    };
    if (release.release != entry.release) return differs("name");
    if (release.kind != entry.kind) return differs("kind");
    if (release.total_size != entry.total_size) return differs("size");
    if (release.torrent.btih != entry.btih) return differs("v1 info-hash");
    if (release.torrent.btmh != entry.bundle) return differs("v2 info-hash");
    return {};
}

}  // namespace croft::catalog
