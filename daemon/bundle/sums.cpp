#include "bundle/sums.h"

#include "catalog/path_rule.h"

#include <algorithm>

namespace croft::bundle {
namespace {

constexpr std::size_t digits = 64;
constexpr std::string_view separator = "  ";

tl::unexpected<Error> refuse(std::string reason, std::size_t line, std::string_view why) {
    return fail(Errc::malformed, std::move(reason),
                "SHA256SUMS, line " + std::to_string(line) + ": " + std::string(why));
}

Result<Sum> parse_line(std::string_view line, std::size_t number) {
    if (line.starts_with('\\')) {
        return refuse("sums_escaped", number, "an escaped name, which no bundle of ours has");
    }
    const auto sha256 = Sha256::from_hex(line.substr(0, digits));
    if (!sha256 || line.substr(std::min(digits, line.size()), 2) != separator) {
        return refuse("sums_line", number, "is not 64 hex digits, two blanks and a path");
    }
    return Sum{std::string(line.substr(digits + separator.size())), *sha256};
}

Outcome check_paths_of(const std::vector<Sum>& sums) {
    std::vector<std::string> paths;
    paths.reserve(sums.size());
    for (const Sum& sum : sums)
        paths.push_back(sum.path);
    return catalog::check_paths(paths);
}

}  // namespace

std::string write_sums(std::vector<Sum> sums) {
    std::ranges::sort(sums, {}, &Sum::path);
    std::string text;
    for (const Sum& sum : sums) {
        text += sum.sha256.hex();
        text += separator;
        text += sum.path;
        text += '\n';
    }
    return text;
}

Result<std::vector<Sum>> parse_sums(std::string_view text) {
    std::vector<Sum> sums;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        if (end == text.npos) return refuse("sums_truncated", sums.size() + 1, "has no end");
        auto sum = parse_line(text.substr(0, end), sums.size() + 1);
        if (!sum) return tl::unexpected(sum.error());
        sums.push_back(std::move(*sum));
        text.remove_prefix(end + 1);
    }
    if (sums.empty()) return fail(Errc::malformed, "sums_empty", "SHA256SUMS names no file");
    if (auto paths = check_paths_of(sums); !paths) return tl::unexpected(paths.error());
    return sums;
}

}  // namespace croft::bundle
