#include "catalog/ids.h"

#include "base/text.h"
#include "trust/hash.h"

#include <algorithm>
#include <charconv>

namespace croft::catalog {
namespace {

constexpr std::string_view crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t fingerprint_letters = 20;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_name_start(char c) { return is_digit(c) || (c >= 'a' && c <= 'z'); }
bool is_name_letter(char c) { return is_name_start(c) || c == '.' || c == '_' || c == '-'; }

std::string grouped(std::string_view letters) {
    std::string text;
    for (std::size_t at = 0; at < letters.size(); at += 4) {
        if (at > 0) text += '-';
        text += letters.substr(at, 4);
    }
    return text;
}

/// The letter that somebody meant, as Crockford's base32 reads it; '\0' where none.
char crockford_letter(char typed) {
    if (typed >= 'a' && typed <= 'z') typed = static_cast<char>(typed - 'a' + 'A');
    if (typed == 'O') return '0';
    if (typed == 'I' || typed == 'L') return '1';
    return crockford.find(typed) != std::string_view::npos ? typed : '\0';
}

std::optional<std::uint64_t> serial_from(std::string_view digits) {
    std::uint64_t serial = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), serial);
    const bool is_whole = error == std::errc() && end == digits.data() + digits.size();
    if (!is_whole || digits.starts_with('0') || serial >= 1ULL << 53) return std::nullopt;
    return serial;
}

}  // namespace

Result<PublisherId> PublisherId::parse(std::string_view hex) {
    const auto hash = Sha256::from_hex(hex);
    if (!hash) {
        return fail(
            Errc::malformed, "bad_publisher_id",
            "a publisher's id is 64 lower-case hex digits, not \"" + escape_control(hex) + "\"");
    }
    return PublisherId{*hash};
}

Result<ReleaseName> ReleaseName::parse(std::string_view text) {
    const std::size_t dash = text.rfind('-');
    const auto serial =
        dash == std::string_view::npos ? std::nullopt : serial_from(text.substr(dash + 1));
    if (!serial || !is_release_name(text.substr(0, dash))) {
        return fail(Errc::malformed, "bad_release_name",
                    "\"" + escape_control(text) + "\" is no release; one is called like wiki-57");
    }
    return ReleaseName{std::string(text.substr(0, dash)), *serial};
}

bool is_release_name(std::string_view name) {
    if (name.empty() || name.size() > 64 || !is_name_start(name.front())) return false;
    if (!std::ranges::all_of(name, is_name_letter)) return false;
    const std::size_t digits = name.size() - (name.find_last_not_of("0123456789") + 1);
    return digits == 0 || digits == name.size() || name[name.size() - digits - 1] != '-';
}

std::string fingerprint(const PublisherId& id) {
    std::string message = "croft.fp/1";
    message += as_text(id.hash.bytes);
    const Sha256 hash = trust::sha256(message);
    std::string letters;
    unsigned bits = 0, count = 0;
    for (std::size_t at = 0; letters.size() < fingerprint_letters; ++at) {
        bits = (bits << 8 | hash.bytes.at(at)) & 0xfff;  // 4 bits at most wait for the next byte
        for (count += 8; count >= 5 && letters.size() < fingerprint_letters; count -= 5) {
            letters += crockford[bits >> (count - 5) & 31];
        }
    }
    return grouped(letters);
}

Result<std::string> normalise_fingerprint(std::string_view text) {
    std::string letters;
    for (const char typed : text) {
        if (typed == ' ' || typed == '-') continue;
        letters += crockford_letter(typed);
    }
    if (letters.size() != fingerprint_letters || letters.find('\0') != std::string::npos) {
        return fail(Errc::invalid_argument, "bad_fingerprint",
                    "\"" + escape_control(text) +
                        "\" is no fingerprint; one looks like 49XH-7594-88BA-66D7-KJHK");
    }
    return grouped(letters);
}

}  // namespace croft::catalog
