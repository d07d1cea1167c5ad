#include "base/bencode.h"
#include "bundle/outer_dictionary_impl.h"

namespace croft::bundle {
namespace {

void append_trackers(std::string& out, const std::vector<std::string>& trackers) {
    if (trackers.empty()) return;
    bencode::append_string(out, "announce");
    bencode::append_string(out, trackers.front());
    bencode::append_string(out, "announce-list");
    out += 'l';
    for (const std::string& tracker : trackers) {
        out += 'l';
        bencode::append_string(out, tracker);
        out += 'e';
    }
    out += 'e';
}

void append_piece_layers(std::string& out, const PieceLayers& piece_layers) {
    bencode::append_string(out, "piece layers");
    out += 'd';
    for (const auto& [root, layer] : piece_layers) {
        bencode::append_string(out, as_text(root.bytes));
        std::string row;
        for (const Sha256& hash : layer)
            row += as_text(hash.bytes);
        bencode::append_string(out, row);
    }
    out += 'e';
}

}  // namespace

std::string outer_dictionary(std::string_view info, const PieceLayers* piece_layers,
                             const std::vector<std::string>& trackers) {
    std::string out = "d";
    append_trackers(out, trackers);
    bencode::append_string(out, "info");
    out += info;
    if (piece_layers) append_piece_layers(out, *piece_layers);
    out += 'e';
    return out;
}

}  // namespace croft::bundle
