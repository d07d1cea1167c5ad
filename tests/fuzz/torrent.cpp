#include "bundle/torrent.h"

#include "fuzz/fuzz.h"

namespace croft::fuzz {

void try_input(const std::string& input) {
    const auto summary = bundle::summarise_torrent(input);
    const auto torrent = bundle::parse_torrent(input);
    require(!torrent || (summary && !summary->refused));
    if (!torrent) return;
    require(summary->total_size == torrent->total_size && summary->btih == torrent->btih);

    // Made anew it is the same bundle.
    const auto again = bundle::parse_torrent(bundle::with_trackers(*torrent, {"http://a/"}));
    require(again && again->id == torrent->id && again->btih == torrent->btih);
    require(again->piece_layers == torrent->piece_layers);
}

}  // namespace croft::fuzz
