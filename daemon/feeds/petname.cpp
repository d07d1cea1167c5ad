#include "base/text.h"
#include "feeds/petname_impl.h"

#include <algorithm>
#include <array>

namespace croft::feeds {
namespace {

constexpr std::size_t longest = 64;

struct Lookalike {
    char32_t letter;
    std::string_view latin;
};

/// Letters that look like Latin ones, after case folding; sorted.
constexpr Lookalike lookalikes[] = {
    {U'0', "o"}, {U'1', "l"}, {U'5', "s"}, {U'i', "l"}, {U'|', "l"}, {U'ı', "l"}, {U'ɑ', "a"},
    {U'ɡ', "g"}, {U'ɩ', "l"}, {U'ʋ', "u"}, {U'α', "a"}, {U'γ', "y"}, {U'ε', "e"}, {U'η', "n"},
    {U'ι', "l"}, {U'κ', "k"}, {U'ν', "v"}, {U'ο', "o"}, {U'ρ', "p"}, {U'σ', "o"}, {U'τ', "t"},
    {U'υ', "u"}, {U'χ', "x"}, {U'ω', "w"}, {U'а', "a"}, {U'в', "b"}, {U'г', "r"}, {U'е', "e"},
    {U'з', "3"}, {U'к', "k"}, {U'м', "m"}, {U'н', "h"}, {U'о', "o"}, {U'п', "n"}, {U'р', "p"},
    {U'с', "c"}, {U'т', "t"}, {U'у', "y"}, {U'х', "x"}, {U'ѕ', "s"}, {U'і', "l"}, {U'ј', "j"},
    {U'ѡ', "w"}, {U'ѵ', "v"}, {U'ү', "y"}, {U'һ', "h"}, {U'ӏ', "l"}, {U'ԁ', "d"}, {U'ԛ', "q"},
    {U'ԝ', "w"}, {U'օ', "o"}, {U'ս', "u"},
};

bool is_separator(char32_t point) {
    constexpr std::u32string_view separators =
        U" \t!\"#$%&'()*+,-./:;<=>?@[\\]^_`{}~\u00a0\u00b7"
        U"\u2010\u2011\u2012\u2013\u2014\u2019\u2024\u3000";
    return separators.find(point) != std::u32string_view::npos;
}

/// Full-width forms are the ASCII characters moved by a constant.
char32_t narrowed(char32_t point) {
    constexpr char32_t first = U'\uff01', last = U'\uff5e', shift = 0xfee0;
    return point >= first && point <= last ? point - shift : point;
}

void append_utf8(std::string& out, char32_t point) {
    const auto put = [&](char32_t byte) { out.push_back(static_cast<char>(byte)); };
    const auto follow = [&](unsigned shift) { put(0x80U | ((point >> shift) & 0x3fU)); };
    if (point < 0x80) {
        put(point);
    } else if (point < 0x800) {
        put(0xc0U | (point >> 6));
        follow(0);
    } else if (point < 0x10000) {
        put(0xe0U | (point >> 12));
        follow(6);
        follow(0);
    } else {
        put(0xf0U | (point >> 18));
        follow(12);
        follow(6);
        follow(0);
    }
}

void replace_all(std::string& text, std::string_view what, std::string_view with) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
        text.replace(at, what.size(), with);
}

bool is_taken(std::string_view name, std::span<const std::string> taken) {
    const std::string looks = skeleton(name);
    return std::ranges::any_of(taken, [&](const auto& other) { return skeleton(other) == looks; });
}

}  // namespace

std::string skeleton(std::string_view name) {
    const auto folded = fold_case(name);
    std::string looks;
    for (const char32_t given : code_points(folded ? *folded : escape_control(name))) {
        const char32_t point = narrowed(given);
        if (is_separator(point) || is_invisible(point)) continue;
        const auto* const alike = std::ranges::find(lookalikes, point, &Lookalike::letter);
        if (alike == std::end(lookalikes))
            append_utf8(looks, point);
        else
            looks += alike->latin;
    }
    replace_all(looks, "rn", "m");
    replace_all(looks, "vv", "w");
    return looks;
}

Outcome check_petname(std::string_view petname, std::span<const std::string> taken) {
    const auto refuse = [](const char* why) {
        return fail(Errc::invalid_argument, "bad_petname", std::string("a petname ") + why);
    };
    if (petname.empty() || petname.size() > longest) return refuse("has 1 to 64 bytes");
    if (!is_utf8(petname) || escape_control(petname) != petname)
        return refuse("is visible text in UTF-8");
    if (petname.find('/') != std::string_view::npos) return refuse("contains no `/`");
    if (petname.front() == ' ' || petname.back() == ' ') return refuse("has no blank at an end");
    if (is_taken(petname, taken))
        return fail(Errc::conflict, "petname_taken",
                    "the petname " + std::string(petname) +
                        " is taken, or looks like one that is; choose another");
    return {};
}

std::string make_petname(std::string_view claimed_name, std::span<const std::string> taken) {
    constexpr std::size_t room_for_number = 8;
    std::string base;
    for (const char32_t point : code_points(fold_case(claimed_name).value_or(""))) {
        const bool is_gap = is_separator(point) || is_invisible(point);
        if (base.size() + 4 > longest - room_for_number) break;
        if (!is_gap)
            append_utf8(base, point);
        else if (!base.empty() && !base.ends_with('-'))
            base += '-';
    }
    if (base.ends_with('-')) base.pop_back();
    if (base.empty()) base = "publisher";
    std::string name = base;
    for (int number = 2; is_taken(name, taken); ++number)
        name = base + "-" + std::to_string(number);
    return name;
}

}  // namespace croft::feeds
