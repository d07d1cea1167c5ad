#include "cli/publish/secret_content.h"

#include "base/bytes.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace croft::publish {
namespace {

constexpr std::size_t word_cap = 512;
constexpr std::size_t shortest = 10;  // "-----BEGIN"

/// The characters of base64, of tokens, and of PEM's dashes; blanks, quotes and `=` end a word.
constexpr std::array<bool, 256> make_word_characters() {
    std::array<bool, 256> characters{};
    for (const unsigned char c : std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                                  "abcdefghijklmnopqrstuvwxyz0123456789+/_-"))
        characters[c] = true;
    return characters;
}
constexpr auto word_characters = make_word_characters();

bool is_word(char c) { return word_characters[static_cast<unsigned char>(c)]; }
bool is_alnum(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }

struct Shape {
    std::string_view what, begins;
    std::size_t behind;  ///< at least so many characters more
};

constexpr std::array shapes = {
    // "Ed", then the KDF "Sc" or none, as minisign has it, or "BK", as signify; base64.
    Shape{"a secret key of minisign", "RWRTY", 130},
    Shape{"a secret key of minisign", "RWQAA", 130},
    Shape{"a secret key of signify", "RWRCS", 130},
    Shape{"a GitHub token", "ghp_", 36},
    Shape{"a GitHub token", "gho_", 36},
    Shape{"a GitHub token", "ghu_", 36},
    Shape{"a GitHub token", "ghs_", 36},
    Shape{"a GitHub token", "ghr_", 36},
    Shape{"a GitHub token", "github_pat_", 36},
    Shape{"a Slack token", "xoxb-", 20},
    Shape{"a Slack token", "xoxp-", 20},
    Shape{"a Slack token", "xoxa-", 20},
    Shape{"a Slack token", "xoxr-", 20},
    Shape{"a Slack token", "xoxs-", 20},
    Shape{"a Slack token", "xapp-", 20},
};

std::string_view shape_of(std::string_view word) {
    // A URL may have it in it: //TOKEN@host
    word.remove_prefix(std::min(word.find_first_not_of("/-+"), word.size()));
    const auto fits = [&](const Shape& shape) {
        return word.starts_with(shape.begins) && word.size() >= shape.begins.size() + shape.behind;
    };
    const auto found = std::ranges::find_if(shapes, fits);
    return found == shapes.end() ? std::string_view() : found->what;
}

/// `AWS_SECRET_ACCESS_KEY`, `SecretAccessKey`.
bool names_aws_secret(std::string_view word) {
    std::string letters;
    for (const char c : word) {
        if (is_alnum(c)) letters += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
    return letters.ends_with("secretaccesskey");
}

bool may_be_aws_secret(std::string_view word) {
    return word.size() == 40 && word.find_first_of("_-") == std::string_view::npos;
}

}  // namespace

void SecretFinder::take(std::span<const std::uint8_t> piece) {
    if (!found_.empty()) return;
    if (std::ranges::find(piece, std::uint8_t{0}) == piece.end()) {
        take(as_text(piece));
        return;
    }
    std::string text(as_text(piece));
    std::erase(text, '\0');
    take(std::string_view(text));
}

void SecretFinder::take(std::string_view text) {
    for (std::size_t at = 0; at < text.size() && found_.empty();) {
        const auto end =
            std::find_if_not(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(), is_word);
        const auto word = text.substr(at, static_cast<std::size_t>(end - text.begin()) - at);
        at += word.size();
        if (at == text.size() || !word_.empty()) keep(word);
        if (at == text.size()) return;
        if (word_.empty()) {
            take_word(word);
        } else {
            finish();
        }
        if (text[at] == '\n' || text[at] == '\r') end_line();
        if (text[at] == '\n') ++line_;
        ++at;
    }
}

void SecretFinder::keep(std::string_view part) {
    word_ += part.substr(0, word_cap - std::min(word_.size(), word_cap));
}

void SecretFinder::finish() {
    take_word(word_);
    word_.clear();
}

void SecretFinder::take_word(std::string_view word) {
    if (in_armour_ && word == "PRIVATE") found_ = "a private key";
    if (word.size() >= shortest) {
        if (word.ends_with("-----BEGIN")) in_armour_ = true;
        if (aws_is_next_ && may_be_aws_secret(word)) found_ = "a secret key of AWS";
        aws_is_next_ = names_aws_secret(word);
        if (const auto what = shape_of(word); !what.empty()) found_ = what;
    }
    if (!found_.empty() && found_at_ == 0) found_at_ = line_;
}

void SecretFinder::end_line() { in_armour_ = aws_is_next_ = false; }

}  // namespace croft::publish
