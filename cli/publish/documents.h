#pragma once

#include "bundle/make_torrent.h"
#include "catalog/follower.h"
#include "cli/publish/edition.h"
#include "cli/publish/journal.h"
#include "cli/publish/own_feed.h"
#include "trust/hash.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

/// A publisher's next documents out of the last ones: pure.
namespace croft::publish {

/// A bundle that lies there, hashed, with its torrent.
struct Bundle {
    std::vector<bundle::TorrentFileEntry> files;  ///< in the torrent's order
    bundle::Torrent torrent;
    std::string torrent_bytes;
    std::string v1_torrent_bytes;  ///< of its v1 twin; empty: none is wanted
    std::string sums;              ///< its SHA256SUMS
    std::uint64_t total_size = 0;
};

catalog::Release make_release(const OwnFeed& feed, const Edition& edition, std::uint64_t serial,
                              Time date, const Bundle& bundle);

/// The newest edition of this name that the catalogue still offers.
const catalog::Catalogue::Entry* newest_edition(const std::optional<catalog::Catalogue>& catalogue,
                                                const std::string& name);

catalog::Catalogue::Entry entry_for(const catalog::Release& release, const std::string& document);

/// The catalogue after the present one, with `added` in it and at most `keep` editions of that
/// name. It is good for 400 days where one person signs, for 90 where an institution does.
catalog::Catalogue next_catalogue(const OwnFeed& feed, std::uint64_t version, Time date,
                                  const std::optional<catalog::Catalogue::Entry>& added,
                                  std::optional<std::size_t> keep);

/// The beacon for a catalogue. It is good until `expires`; where none is given, 14 days for a
/// beacon key of its own, else as long as the catalogue.
catalog::Beacon next_beacon(const OwnFeed& feed, std::uint64_t serial, Time date,
                            const catalog::Catalogue& catalogue,
                            const std::string& catalogue_document,
                            std::optional<Time> expires = {});

/// What trusted comments repeat for people: `croft.catalogue/1 version=58`.
std::string comment_for(const catalog::Publisher& publisher);
std::string comment_for(const catalog::Catalogue& catalogue);
std::string comment_for(const catalog::Release& release);
std::string comment_for(const catalog::Beacon& beacon);
std::string comment_for_sums(const catalog::ReleaseName& release);

}  // namespace croft::publish
