#pragma once

#include "base/result.h"
#include "cli/publish/unpack.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string_view>

namespace croft::publish {

/// What a whole MediaWiki XML dump holds (https://www.mediawiki.org/wiki/Help:Export).
struct WikiDump {
    std::uint64_t pages = 0;
};

/// Whether a name is that of an XML file that may be a dump: `.xml`, also `.bz2`, `.gz`, `.xz`,
/// `.zst`, `.7z` of it, in any case.
bool may_be_wiki_dump(std::string_view path);

/// Reads a dump to its end, in constant memory. None where the root element is not `mediawiki`:
/// then it is some other file and none of our business. Refuses (`malformed`), with the place
/// (line, byte, page): `dump_truncated`, `dump_malformed`, and `damaged_archive` where the
/// compression is broken. `on_text` sees every piece of the XML.
Result<std::optional<WikiDump>> read_wiki_dump(const std::filesystem::path& path,
                                               const TakePiece& on_text,
                                               const std::stop_token& stop);

}  // namespace croft::publish
