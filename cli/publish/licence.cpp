#include "cli/publish/licence.h"

#include <algorithm>
#include <vector>

namespace croft::publish {
namespace {

bool is_known(std::string_view name) {
    constexpr std::string_view own = "LicenseRef-";
    if (name.starts_with(own) && name.size() > own.size()) return true;
    const auto known = known_licences();
    if (std::ranges::binary_search(known, name)) return true;
    // "or later": Apache-2.0+
    return name.ends_with('+') &&
           std::ranges::binary_search(known, name.substr(0, name.size() - 1));
}

std::vector<std::string> words_of(std::string_view expression) {
    std::vector<std::string> words(1);
    for (const char c : expression) {
        const bool is_bracket = c == '(' || c == ')';
        if ((c == ' ' || is_bracket) && !words.back().empty()) words.emplace_back();
        if (c == ' ') continue;
        words.back() += c;
        if (is_bracket) words.emplace_back();
    }
    if (words.back().empty()) words.pop_back();
    return words;
}

}  // namespace

std::optional<std::string> wrong_in_licence(std::string_view expression) {
    const std::string whole(expression);
    bool needs_name = true, is_exception = false;
    int depth = 0;
    for (const auto& word : words_of(expression)) {
        const bool joins = word == "AND" || word == "OR" || word == "WITH";
        if (word == "(" || word == ")") {
            depth += word == "(" ? 1 : -1;
            if (depth < 0 || needs_name != (word == "(")) return whole;
        } else if (joins == needs_name) {
            return whole;
        } else {
            if (!joins && !is_exception && !is_known(word)) return word;
            is_exception = word == "WITH";
            needs_name = joins;
        }
    }
    return needs_name || depth != 0 ? std::optional(whole) : std::nullopt;
}

}  // namespace croft::publish
