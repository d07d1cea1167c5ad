#include "catalog/json_writer_impl.h"

#include <array>

namespace croft::catalog::json {
namespace {

/// The escape that JSON demands for a character, or nothing.
std::string escape(char c) {
    constexpr std::string_view short_forms = "\"\\\b\f\n\r\t", letters = "\"\\bfnrt";
    if (const auto at = short_forms.find(c); at != std::string_view::npos) {
        return {'\\', letters[at]};
    }
    const auto code = static_cast<std::uint8_t>(c);
    return code < 0x20 ? "\\u00" + to_hex(std::array{code}) : "";
}

}  // namespace

void Writer::begin(std::string_view name, char open, char close) {
    start_item(name);
    out_ += open;
    closers_ += close;
    is_empty_ = true;
}

void Writer::end() {
    const char close = closers_.back();
    closers_.pop_back();
    if (!is_empty_) out_ += '\n' + std::string(closers_.size(), ' ');
    out_ += close;
    is_empty_ = false;
}

void Writer::start_item(std::string_view name) {
    if (!is_empty_) out_ += ',';
    if (!closers_.empty()) out_ += '\n' + std::string(closers_.size(), ' ');
    if (!name.empty()) {
        quote(name);
        out_ += ": ";
    }
    is_empty_ = false;
}

void Writer::quote(std::string_view text) {
    out_ += '"';
    for (const char c : text) {
        const std::string escaped = escape(c);
        if (escaped.empty()) {
            out_ += c;
        } else {
            out_ += escaped;
        }
    }
    out_ += '"';
}

void Writer::member(std::string_view name, std::string_view text) {
    start_item(name);
    quote(text);
}

void Writer::member(std::string_view name, std::uint64_t number) {
    start_item(name);
    out_ += std::to_string(number);
}

void Writer::member(std::string_view name, const DocumentRef& document) {
    begin_object(name);
    member("version", document.version);
    member("sha256", document.sha256.hex());
    member("size", document.size);
    end();
}

void Writer::member(std::string_view name, const std::map<std::string, std::string>& texts) {
    begin_object(name);
    for (const auto& [key, text] : texts)
        member(key, text);
    end();
}

void Writer::member(std::string_view name, std::span<const std::string> texts) {
    begin_list(name);
    for (const std::string& text : texts)
        member("", text);
    end();
}

void Writer::flag(std::string_view name) {
    start_item(name);
    out_ += "true";
}

std::string Writer::finish() && { return std::move(out_) + "\n"; }

}  // namespace croft::catalog::json
