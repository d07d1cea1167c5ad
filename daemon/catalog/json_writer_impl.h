#pragma once

#include "base/time.h"
#include "catalog/ids.h"

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Private to this module.
namespace croft::catalog::json {

/// Writes JSON whose bytes are a promise: members in the order given, one blank of indent a level,
/// text in UTF-8 with the shortest escapes, a newline at the end.
class Writer {
public:
    /// The members up to the matching `end` belong to the object or list that begins here.
    void begin_object(std::string_view name = "") { begin(name, '{', '}'); }
    void begin_list(std::string_view name) { begin(name, '[', ']'); }
    void end();

    void member(std::string_view name, std::string_view text);
    void member(std::string_view name, const std::string& text) {
        member(name, std::string_view(text));
    }
    void member(std::string_view name, const char* text) { member(name, std::string_view(text)); }
    void member(std::string_view name, std::uint64_t number);
    void member(std::string_view name, Time time) { member(name, format_utc(time)); }
    void member(std::string_view name, const DocumentRef& document);
    void member(std::string_view name, const std::map<std::string, std::string>& texts);
    void member(std::string_view name, std::span<const std::string> texts);
    void flag(std::string_view name);  ///< true
    void bundle(std::string_view name, const BundleId& id) { member(name, "1220" + id.hex()); }

    /// The same, but nothing at all where there is nothing to say.
    void member_if(std::string_view name, const std::string& text) {
        if (!text.empty()) member(name, text);
    }
    void member_if(std::string_view name, std::span<const std::string> texts) {
        if (!texts.empty()) member(name, texts);
    }

    std::string finish() &&;

private:
    void begin(std::string_view name, char open, char close);
    void start_item(std::string_view name);
    void quote(std::string_view text);

    std::string out_;
    std::string closers_;   ///< of what is open, innermost last
    bool is_empty_ = true;  ///< nothing written since the innermost began
};

}  // namespace croft::catalog::json
