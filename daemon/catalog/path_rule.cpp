#include "catalog/path_rule.h"

#include "base/text.h"
#include "trust/hash.h"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace croft::catalog {
namespace {

constexpr std::size_t component_cap = 240, path_cap = 1024, depth_cap = 32;

/// Why something may not stand in a path; null where it may.
using Fault = const char*;

Fault fault_of_code_point(char32_t c) {
    if (c == 0) return "path_nul";
    if (c == U'\\') return "path_backslash";
    if (c < 0x80 &&
        std::string_view(":*?\"<>|").find(static_cast<char>(c)) != std::string_view::npos) {
        return "path_character";
    }
    if (!is_invisible(c)) return nullptr;
    if (c < 0x20 || (c >= 0x7f && c < 0xa0)) return "path_control";
    const bool is_bidi = c == 0x61c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) ||
                         (c >= 0x2066 && c <= 0x2069);
    return is_bidi ? "path_bidi" : "path_zero_width";
}

/// Names that Windows takes for devices, whatever their extension.
bool is_device(std::string_view component) {
    std::string stem(component.substr(0, component.find('.')));
    while (stem.ends_with(' '))
        stem.pop_back();
    stem = fold_case(stem).value_or(stem);
    constexpr std::array devices = {"con", "prn", "aux", "nul", "conin$", "conout$", "clock$"};
    if (std::ranges::find(devices, stem) != devices.end()) return true;
    if (!stem.starts_with("com") && !stem.starts_with("lpt")) return false;
    const std::string_view number = std::string_view(stem).substr(3);
    return (number.size() == 1 && number[0] >= '0' && number[0] <= '9') || number == "¹" ||
           number == "²" || number == "³";
}

Fault fault_of_component(std::string_view component, bool is_first) {
    if (component.empty()) return "path_empty_component";
    if (component == ".") return "path_dot";
    if (component == "..") return "path_dotdot";
    if (component.size() > component_cap) return "path_component_long";
    for (const char32_t code_point : code_points(component)) {
        if (const Fault fault = fault_of_code_point(code_point)) return fault;
    }
    if (component.front() == '-' || component.front() == '~') return "path_leading";
    if (component.back() == '.') return "path_trailing_dot";
    if (component.back() == ' ') return "path_trailing_space";
    if (is_device(component)) return "path_device";
    if (is_first && fold_case(component) == ".pad") return "path_pad";
    return nullptr;
}

Fault fault_of_path(std::string_view path) {
    if (path.empty()) return "path_empty";
    if (path.size() > path_cap) return "path_long";
    const auto composed = to_nfc(path);
    if (!composed) return "path_utf8";
    if (path.front() == '/') return "path_absolute";
    const auto components = split(path, '/');
    if (components.size() > depth_cap) return "path_deep";
    for (std::size_t i = 0; i < components.size(); ++i) {
        if (const Fault fault = fault_of_component(components[i], i == 0)) return fault;
    }
    return *composed == path ? nullptr : "path_not_nfc";
}

tl::unexpected<Error> refuse(std::string reason, std::string_view path, std::string_view because) {
    const bool is_long = path.size() > 200;
    return fail(Errc::malformed, std::move(reason),
                "path \"" + escape_control(path.substr(0, 200)) + (is_long ? "…" : "") + "\" " +
                    std::string(because));
}

/// Every path and every folder above one, by its case-folded form.
class Names {
public:
    /// What `path` collides with; none where it is new.
    Outcome add(std::string_view path) {
        const std::string folded = fold_case(path).value_or(std::string(path));
        // Folding changes no slash, so that the two strings have the same components.
        std::size_t end = path.find('/'), folded_end = folded.find('/');
        while (end != std::string_view::npos) {
            if (auto added = add(folded.substr(0, folded_end), path.substr(0, end), false);
                !added) {
                return added;
            }
            end = path.find('/', end + 1);
            folded_end = folded.find('/', folded_end + 1);
        }
        return add(folded, path, true);
    }

private:
    struct Name {
        std::string_view spelt;
        bool is_file;
    };

    Outcome add(std::string folded, std::string_view spelt, bool is_file) {
        const auto [at, is_new] = seen_.try_emplace(std::move(folded), Name{spelt, is_file});
        if (is_new || (at->second.spelt == spelt && !is_file && !at->second.is_file)) return {};
        if (at->second.spelt != spelt) {
            return refuse("path_casefold", spelt,
                          "differs only in case from \"" + escape_control(at->second.spelt) + "\"");
        }
        if (is_file && at->second.is_file) return refuse("path_duplicate", spelt, "stands twice");
        return refuse("path_prefix", spelt, "is both a file and a folder");
    }

    std::unordered_map<std::string, Name> seen_;
};

void append_escaped(std::string& out, std::string_view bytes) {
    for (const char byte : bytes) {
        constexpr std::string_view digits = "0123456789ABCDEF";
        const auto code = static_cast<std::uint8_t>(byte);
        out += '%';
        out += digits[code >> 4];
        out += digits[code & 15];
    }
}

/// The bytes that start `text` and belong together: one code point, or one byte that is none.
std::string_view first_unit(std::string_view text) {
    for (std::size_t length = 1; length <= std::min<std::size_t>(4, text.size()); ++length) {
        if (is_utf8(text.substr(0, length))) return text.substr(0, length);
    }
    return text.substr(0, 1);
}

/// A component with everything percent-escaped that must not stand in one; composed, not cut.
std::string escape_component(std::string_view original) {
    const bool is_only_dots = original == "." || original == "..";
    const std::string composed = to_nfc(original).value_or(std::string(original));
    std::string_view rest = composed;
    std::string escaped;
    while (!rest.empty()) {
        const std::string_view unit = first_unit(rest);
        const bool is_first = rest.size() == composed.size(), is_last = rest.size() == unit.size();
        const char c = unit.front();
        const bool is_unsafe = is_only_dots || !is_utf8(unit) ||
                               fault_of_code_point(code_points(unit).front()) ||
                               (is_first && (c == '-' || c == '~' || is_device(composed))) ||
                               (is_last && (c == '.' || c == ' '));
        if (is_unsafe) {
            append_escaped(escaped, unit);
        } else {
            escaped += unit;
        }
        rest.remove_prefix(unit.size());
    }
    if (escaped.empty()) return "%";
    return to_nfc(escaped).value_or(escaped);  // a digit of an escape may meet a combining mark
}

std::string cut(std::string_view text, std::size_t cap) {
    while (text.size() > cap || !is_utf8(text))
        text.remove_suffix(1);
    return std::string(text);
}

/// The name that stands for `component`, marked with the hash of its whole original path.
std::string marked(std::string_view component, std::string_view original_path) {
    const std::string mark = "~" + trust::sha256(original_path).hex().substr(0, 8);
    return cut(escape_component(component), component_cap - mark.size()) + mark;
}

std::string fold_key(std::string_view component) {
    return fold_case(component).value_or(std::string(component));
}

/// How often each name stands in each folder, case aside: folder + '/' + folded name -> spellings.
class Groups {
public:
    explicit Groups(std::span<const std::string> paths) {
        for (const std::string& path : paths) {
            std::size_t start = 0;
            while (start != std::string::npos) {
                const std::size_t end = path.find('/', start);
                const std::string name = path.substr(start, end - start);
                auto& spellings = groups_[path.substr(0, start) + fold_key(name)];
                if (std::ranges::find(spellings, name) == spellings.end())
                    spellings.push_back(name);
                start = end == std::string::npos ? end : end + 1;
            }
        }
    }

    bool is_alone(std::string_view folder, std::string_view name) const {
        return groups_.at(std::string(folder) + fold_key(name)).size() == 1;
    }

private:
    std::unordered_map<std::string, std::vector<std::string>> groups_;
};

std::string mapped_path(const std::string& original, const Groups& groups) {
    std::string mapped;
    std::size_t start = 0;
    while (start != std::string::npos) {
        const std::size_t end = original.find('/', start);
        const std::string_view component =
            std::string_view(original).substr(start, end == std::string::npos ? end : end - start);
        const std::string_view folder = std::string_view(original).substr(0, start);
        const bool is_safe = !fault_of_component(component, start == 0) &&
                             to_nfc(component) == component && groups.is_alone(folder, component);
        if (start > 0) mapped += '/';
        mapped += is_safe ? std::string(component) : marked(component, original.substr(0, end));
        start = end == std::string::npos ? end : end + 1;
    }
    // Too long or too deep as a whole: then its last component, marked, stands at the top.
    const std::string_view last = std::string_view(original).substr(original.rfind('/') + 1);
    return fault_of_path(mapped) ? marked(last, original) : mapped;
}

}  // namespace

Outcome check_path(std::string_view path) {
    const Fault fault = fault_of_path(path);
    if (fault) return refuse(fault, path, "may not stand in a bundle");
    return {};
}

Outcome check_paths(std::span<const std::string> paths) {
    Names names;
    for (const std::string& path : paths) {
        if (auto checked = check_path(path); !checked) return checked;
        if (auto added = names.add(path); !added) return added;
    }
    return {};
}

std::vector<MappedName> map_names(std::vector<std::string> originals) {
    const Groups groups(originals);
    std::vector<MappedName> names;
    names.reserve(originals.size());
    for (std::string& original : originals) {
        std::string mapped = mapped_path(original, groups);
        names.push_back({std::move(original), std::move(mapped)});
    }
    return names;
}

}  // namespace croft::catalog
