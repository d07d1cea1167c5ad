#include "cli/publish/wiki_dump.h"

#include "base/bytes.h"
#include "base/text.h"

#include <expat.h>
#include <fmt/format.h>
#include <strings.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>

namespace croft::publish {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t title_cap = 255;  // bytes of a title, as MediaWiki has it

bool ends_with(std::string_view text, std::string_view ending) {
    return text.size() >= ending.size() && ::strncasecmp(text.data() + text.size() - ending.size(),
                                                         ending.data(), ending.size()) == 0;
}

/// Feeds expat and keeps what tells a reader where we are.
class DumpParser {
public:
    DumpParser() : parser_(XML_ParserCreate(nullptr), &XML_ParserFree) {
        XML_SetUserData(parser_.get(), this);
        XML_SetElementHandler(parser_.get(), &DumpParser::on_start, &DumpParser::on_end);
        XML_SetCharacterDataHandler(parser_.get(), &DumpParser::on_text);
    }

    /// False where the XML is broken, or is no dump.
    bool feed(std::span<const std::uint8_t> piece) { return parse(as_text(piece), XML_FALSE); }
    bool finish() { return parse({}, XML_TRUE); }

    bool is_dump() const { return is_dump_; }
    bool is_other() const { return root_seen_ && !is_dump_; }
    std::uint64_t pages() const { return pages_; }

    Error refusal(bool at_end, const fs::path& path) const {
        const auto code = XML_GetErrorCode(parser_.get());
        return {Errc::malformed, at_end ? "dump_truncated" : "dump_malformed",
                fmt::format("{} {} ({}) at {}", path.native(),
                            at_end ? "ends in the middle" : "is not well-formed",
                            XML_ErrorString(code), place())};
    }

    std::string place() const {
        const std::string page =
            title_.empty() ? ""
                           : fmt::format(", {} page \"{}\"", in_page_ ? "in" : "after", title_);
        return fmt::format(
            "line {}, byte {} of the XML, {} whole pages{}",
            format_count(XML_GetCurrentLineNumber(parser_.get())),
            format_count(static_cast<std::uint64_t>(XML_GetCurrentByteIndex(parser_.get()))),
            format_count(pages_), page);
    }

private:
    bool parse(std::string_view text, int is_final) {
        return XML_Parse(parser_.get(), text.data(), static_cast<int>(text.size()), is_final) ==
               XML_STATUS_OK;
    }

    static DumpParser& self(void* data) { return *static_cast<DumpParser*>(data); }

    static void on_start(void* data, const char* name, const char**) {
        auto& dump = self(data);
        const std::string_view element(name);
        if (!dump.root_seen_) {
            dump.root_seen_ = true;
            dump.is_dump_ = element == "mediawiki";
            if (!dump.is_dump_) XML_StopParser(dump.parser_.get(), XML_FALSE);
        }
        ++dump.depth_;
        if (dump.depth_ == 2 && element == "page") dump.in_page_ = true;
        dump.in_title_ = dump.in_page_ && dump.depth_ == 3 && element == "title";
        if (dump.in_title_) dump.title_.clear();
    }

    static void on_end(void* data, const char*) {
        auto& dump = self(data);
        if (dump.depth_ == 2 && dump.in_page_) {
            dump.in_page_ = false;
            ++dump.pages_;
        }
        dump.in_title_ = false;
        --dump.depth_;
    }

    static void on_text(void* data, const char* text, int size) {
        auto& dump = self(data);
        if (dump.in_title_ && dump.title_.size() < title_cap)
            dump.title_.append(text, static_cast<std::size_t>(size));
    }

    std::unique_ptr<XML_ParserStruct, decltype(&XML_ParserFree)> parser_;
    std::string title_;
    std::uint64_t pages_ = 0;
    int depth_ = 0;
    bool root_seen_ = false, is_dump_ = false, in_page_ = false, in_title_ = false;
};

}  // namespace

bool may_be_wiki_dump(std::string_view path) {
    constexpr std::array endings = {".xml",    ".xml.bz2", ".xml.gz",
                                    ".xml.xz", ".xml.zst", ".xml.7z"};
    return std::ranges::any_of(endings,
                               [&](std::string_view ending) { return ends_with(path, ending); });
}

Result<std::optional<WikiDump>> read_wiki_dump(const fs::path& path, const TakePiece& on_text,
                                               const std::stop_token& stop) {
    DumpParser parser;
    bool well_formed = true;
    const auto take = [&](std::span<const std::uint8_t> piece) {
        well_formed = parser.feed(piece);
        return well_formed && !stop.stop_requested() && on_text(piece);
    };
    const auto read =
        ends_with(path.native(), ".xml") ? read_in_pieces(path, take) : unpack(path, take);
    if (stop.stop_requested()) return fail(Errc::cancelled, "cancelled", "interrupted");
    if (parser.is_other()) return std::nullopt;
    if (!read && parser.is_dump()) {
        return fail(read.error().code, read.error().reason,
                    read.error().message + ", at " + parser.place());
    }
    if (!read) return tl::unexpected(read.error());
    if (!well_formed && parser.is_dump()) return tl::unexpected(parser.refusal(false, path));
    if (!well_formed) return std::nullopt;
    if (parser.finish()) return WikiDump{parser.pages()};
    if (parser.is_dump()) return tl::unexpected(parser.refusal(true, path));
    return std::nullopt;
}

}  // namespace croft::publish
