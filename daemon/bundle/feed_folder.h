#pragma once

#include "base/result.h"
#include "catalog/follower.h"

#include <filesystem>
#include <string>
#include <vector>

namespace croft::bundle {

/// The one folder layout: publisher's feed, every transport, every root and stick (FORMATS "One
/// folder layout"). Names only; reading is below.
namespace layout {
std::string publisher(std::uint64_t version);  ///< publisher.2.json
inline constexpr std::string_view catalogue = "catalogue.json";
inline constexpr std::string_view beacon = "beacon.json";
std::string release(const catalog::ReleaseName& release);     ///< releases/wiki-57.json
std::string sums(const catalog::ReleaseName& release);        ///< releases/wiki-57.SHA256SUMS
std::string torrent(const catalog::ReleaseName& release);     ///< torrents/wiki-57.torrent
std::string v1_torrent(const catalog::ReleaseName& release);  ///< torrents/wiki-57.v1.torrent
std::string bundle(const catalog::ReleaseName& release);      ///< bundles/wiki-57
std::string signature(std::string_view document);             ///< X.json.minisig
/// A publisher's folder in a root or on a stick: the first 16 hex digits of its id.
std::string publisher_folder(const catalog::PublisherId& id);
}  // namespace layout

/// Every `X.minisig`, `X.KEYID.minisig` beside a file X of any size, as `read_signed` reads them.
std::vector<std::string> read_signatures(const std::filesystem::path& file);

/// One document and every `X.minisig`, `X.KEYID.minisig` beside it, `X.minisig` first (at most 64,
/// 16 KiB each; what is larger is no signature). The document's cap holds before reading. Whether
/// there are enough signatures is for `trust` to say.
Result<catalog::SignedBytes> read_signed(const std::filesystem::path& feed,
                                         const std::string& document, std::size_t size_cap);

/// All that `catalog::accept` needs from a feed's folder: the catalogue, the beacon if there is
/// one, and publisher documents from `first_publisher` on without a gap (at most 1,024).
Result<catalog::FeedBytes> read_feed(const std::filesystem::path& feed,
                                     std::uint64_t first_publisher = 1);

/// Writes one document and its signatures in the layout above, and takes away signatures that an
/// older one left there. At every instant, also after a power cut, the document has all of its
/// signatures beside it, if it had before. Who writes several documents writes the catalogue after
/// what it names. `malformed` where a signature is none.
Outcome write_signed(const std::filesystem::path& feed, const std::string& document,
                     const catalog::SignedBytes& bytes);

}  // namespace croft::bundle
