#include "bundle/make_torrent.h"

#include "base/bencode.h"
#include "base/text.h"
#include "bundle/outer_dictionary_impl.h"

#include <algorithm>
#include <string_view>

namespace croft::bundle {
namespace {

using bencode::append_integer;
using bencode::append_string;

struct Placed {
    std::vector<std::string_view> components;
    const TorrentFileEntry* entry;
};

/// As a dictionary of dictionaries orders them: component by component.
std::vector<Placed> in_tree_order(std::span<const TorrentFileEntry> files) {
    std::vector<Placed> placed;
    placed.reserve(files.size());
    for (const TorrentFileEntry& entry : files)
        placed.push_back({split(entry.path, '/'), &entry});
    std::ranges::sort(placed, {}, &Placed::components);
    return placed;
}

void append_leaf(std::string& out, const TorrentFileEntry& entry) {
    out += 'd';
    append_string(out, "");
    out += 'd';
    append_string(out, "length");
    append_integer(out, static_cast<std::int64_t>(entry.size));
    if (entry.hashes.root) {
        append_string(out, "pieces root");
        append_string(out, as_text(entry.hashes.root->bytes));
    }
    out += "ee";
}

void append_tree(std::string& out, std::span<const Placed> files) {
    out += 'd';
    std::span<const std::string_view> open;  // the folders we are in
    for (const Placed& file : files) {
        const auto folders = std::span(file.components).first(file.components.size() - 1);
        const auto common = std::ranges::mismatch(open, folders).in1 - open.begin();
        out.append(open.size() - static_cast<std::size_t>(common), 'e');
        for (const auto folder : folders.subspan(static_cast<std::size_t>(common))) {
            append_string(out, folder);
            out += 'd';
        }
        append_string(out, file.components.back());
        append_leaf(out, *file.entry);
        open = folders;
    }
    out.append(open.size() + 1, 'e');
}

void append_v1_pad(std::string& out, std::uint64_t size) {
    out += 'd';
    append_string(out, "attr");
    append_string(out, "p");
    append_string(out, "length");
    append_integer(out, static_cast<std::int64_t>(size));
    append_string(out, "path");
    out += 'l';
    append_string(out, ".pad");
    append_string(out, std::to_string(size));
    out += "ee";
}

void append_v1_file(std::string& out, const Placed& file) {
    out += 'd';
    append_string(out, "length");
    append_integer(out, static_cast<std::int64_t>(file.entry->size));
    append_string(out, "path");
    out += 'l';
    for (const auto component : file.components)
        append_string(out, component);
    out += "ee";
}

void append_v1_files(std::string& out, std::span<const Placed> files, std::uint64_t piece_length) {
    out += 'l';
    for (const Placed& file : files) {
        append_v1_file(out, file);
        const std::uint64_t over = file.entry->size % piece_length;
        if (over != 0) append_v1_pad(out, piece_length - over);
    }
    out += 'e';
}

std::string v1_hashes(std::span<const Placed> files) {
    std::string pieces;
    for (const Placed& file : files) {
        for (const Sha1& piece : file.entry->hashes.v1_pieces)
            pieces += as_text(piece.bytes);
    }
    return pieces;
}

}  // namespace

std::string make_torrent(const std::string& name, std::uint64_t piece_length,
                         std::span<const TorrentFileEntry> files,
                         const std::vector<std::string>& trackers) {
    const std::vector<Placed> placed = in_tree_order(files);
    std::string info = "d";
    append_string(info, "file tree");
    append_tree(info, placed);
    append_string(info, "files");
    append_v1_files(info, placed, piece_length);
    append_string(info, "meta version");
    append_integer(info, 2);
    append_string(info, "name");
    append_string(info, name);
    append_string(info, "piece length");
    append_integer(info, static_cast<std::int64_t>(piece_length));
    append_string(info, "pieces");
    append_string(info, v1_hashes(placed));
    info += 'e';

    PieceLayers layers;
    for (const TorrentFileEntry& entry : files) {
        if (!entry.hashes.piece_layer.empty()) {
            layers.emplace(*entry.hashes.root, entry.hashes.piece_layer);
        }
    }
    return outer_dictionary(info, &layers, trackers);
}

}  // namespace croft::bundle
