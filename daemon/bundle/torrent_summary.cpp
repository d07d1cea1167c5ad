#include "base/bencode.h"
#include "bundle/digest_impl.h"
#include "bundle/torrent.h"

namespace croft::bundle {
namespace {

using bencode::Value;

constexpr bencode::Limits limits{.depth = 40};

std::string text_of(const Value* value) {
    return value && value->is_string() ? std::string(value->string()) : std::string();
}

std::uint64_t number_of(const Value* value) {
    return value && value->is_integer() && value->integer() > 0
               ? static_cast<std::uint64_t>(value->integer())
               : 0;
}

/// A string, or strings in lists in lists: what `announce-list` and `url-list` hold.
void collect(const Value* value, std::vector<std::string>& texts) {
    if (!value) return;
    if (value->is_string() && !value->string().empty()) texts.emplace_back(value->string());
    if (!value->is_list()) return;
    for (const Value& item : value->list())
        collect(&item, texts);
}

void add_file(TorrentSummary& summary, std::string path, std::uint64_t size) {
    summary.total_size += size;
    summary.files.emplace_back(std::move(path), size);
}

void add_v1_files(TorrentSummary& summary, const Value& files) {
    if (!files.is_list()) return;
    for (const Value& file : files.list()) {
        if (text_of(file.find("attr")).find('p') != std::string::npos) continue;
        std::vector<std::string> components;
        collect(file.find("path"), components);
        std::string path;
        for (const std::string& component : components)
            path += (path.empty() ? "" : "/") + component;
        add_file(summary, path, number_of(file.find("length")));
    }
}

void add_v2_files(TorrentSummary& summary, const Value& folder, const std::string& prefix) {
    if (!folder.is_dictionary()) return;
    for (const auto& [name, entry] : folder.dictionary()) {
        const std::string path =
            prefix.empty() ? std::string(name) : prefix + '/' + std::string(name);
        if (const Value* file = entry.find("")) {
            add_file(summary, path, number_of(file->find("length")));
        } else {
            add_v2_files(summary, entry, path);
        }
    }
}

void add_info(TorrentSummary& summary, const Value& info) {
    const Value* tree = info.find("file tree");
    if (info.find("pieces")) summary.btih = Digest<Sha1>().of(as_bytes(info.raw()));
    if (tree) summary.btmh = Digest<Sha256>().of(as_bytes(info.raw()));
    summary.name = text_of(info.find("name"));
    summary.piece_length = number_of(info.find("piece length"));
    if (tree) {
        add_v2_files(summary, *tree, "");
    } else if (const Value* files = info.find("files")) {
        add_v1_files(summary, *files);
    } else {
        add_file(summary, summary.name, number_of(info.find("length")));
    }
    summary.file_count = summary.files.size();
}

}  // namespace

Result<TorrentSummary> summarise_torrent(std::string_view bytes) {
    const auto outer = bencode::parse(bytes, limits);
    if (!outer) return tl::unexpected(outer.error());
    const Value* info = outer->find("info");
    if (!info || !info->is_dictionary()) {
        return fail(Errc::malformed, "torrent_info", "torrent: has no info dictionary");
    }
    TorrentSummary summary;
    add_info(summary, *info);
    const Value* tiers = outer->find("announce-list");
    collect(tiers ? tiers : outer->find("announce"), summary.trackers);
    collect(outer->find("url-list"), summary.webseeds);
    if (auto torrent = parse_torrent(bytes); !torrent) summary.refused = torrent.error();
    return summary;
}

}  // namespace croft::bundle
