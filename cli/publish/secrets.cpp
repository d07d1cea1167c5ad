#include "cli/publish/secrets.h"

#include "base/bytes.h"
#include "base/text.h"

#include <fnmatch.h>

#include <algorithm>
#include <cctype>

namespace croft::publish {
namespace {

constexpr std::array<const char*, 6> secret_patterns = {".env", ".env.*", "LocalSettings.php",
                                                        "id_*", "*.key",  ".git"};

bool fits(const char* pattern, const std::string& text) {
    return ::fnmatch(pattern, text.c_str(), FNM_CASEFOLD) == 0;
}

/// A name without what editors put behind those of their backups, and without blanks and dots that
/// nobody sees.
std::string bare(std::string_view name) {
    constexpr std::array<std::string_view, 4> endings = {".bak", ".old", ".orig", ".save"};
    const auto cut = [&] {
        const std::size_t end = name.find_last_not_of(" .~");
        name = name.substr(0, end == std::string_view::npos ? 0 : end + 1);
    };
    cut();
    for (const auto ending : endings) {
        if (name.size() > ending.size() &&
            fits(("*" + std::string(ending)).c_str(), std::string(name)))
            name.remove_suffix(ending.size());
    }
    cut();
    return std::string(name);
}

}  // namespace

std::string_view secret_name(std::string_view path) {
    for (const auto component : split(path, '/')) {
        for (const char* pattern : secret_patterns) {
            if (fits(pattern, bare(component))) return pattern;
        }
    }
    return {};
}

bool is_allowed(std::string_view path, std::span<const std::string> patterns) {
    const auto components = split(path, '/');
    return std::ranges::any_of(patterns, [&](const std::string& pattern) {
        return fits(pattern.c_str(), std::string(path)) ||
               std::ranges::any_of(components, [&](std::string_view component) {
                   return fits(pattern.c_str(), std::string(component));
               });
    });
}

namespace {

// RFC 5321: 64 bytes before the `@`, 255 behind it.
constexpr std::size_t longest_local = 64, longest_domain = 255;

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }
bool is_local(char c) {
    return is_word(c) || std::string_view("._%+-").find(c) != std::string_view::npos;
}
bool is_domain(char c) { return is_word(c) || c == '.' || c == '-'; }

/// A word, an `@`, and a domain of two labels or more that ends in letters.
bool is_address(std::string_view text, std::size_t at) {
    if (at == 0 || !is_local(text[at - 1])) return false;
    const std::string_view behind = text.substr(at + 1, longest_domain);
    const auto end = std::ranges::find_if_not(behind, is_domain);
    std::string_view domain = behind.substr(0, static_cast<std::size_t>(end - behind.begin()));
    while (!domain.empty() && !is_word(domain.back()))
        domain.remove_suffix(1);
    const std::size_t dot = domain.rfind('.');
    if (dot == std::string_view::npos || dot == 0 || domain.size() - dot < 3) return false;
    return std::ranges::all_of(domain.substr(dot + 1), [](char c) {
        return std::isalpha(static_cast<unsigned char>(c)) != 0;
    });
}

}  // namespace

void AddressCounter::take(std::span<const std::uint8_t> piece) {
    text_ += as_text(piece);
    scan(false);
}

std::uint64_t AddressCounter::finish() {
    scan(true);
    return count_;
}

void AddressCounter::scan(bool at_end) {
    std::size_t at = text_.find('@', from_);
    while (at != std::string::npos && (at_end || at + longest_domain < text_.size())) {
        if (is_address(text_, at)) ++count_;
        at = text_.find('@', at + 1);
    }
    // Keep an `@` whose domain may go on, and what may be the word before the next one.
    const std::size_t next = at == std::string::npos ? text_.size() : at;
    const std::size_t keep = next > longest_local ? next - longest_local : 0;
    text_.erase(0, keep);
    from_ = next - keep;
}

}  // namespace croft::publish
