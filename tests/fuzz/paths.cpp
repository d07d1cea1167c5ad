#include "base/text.h"
#include "catalog/path_rule.h"
#include "fuzz/fuzz.h"

#include <set>

namespace croft::fuzz {

/// One name a line, in one folder: whatever bytes they are, their mapped names pass the rule.
void try_input(const std::string& input) {
    std::set<std::string> originals;
    for (const auto line : split(input, '\n')) {
        std::string name(line.substr(0, 255));
        for (char& c : name) {
            if (c == '/' || c == '\0') c = '_';
        }
        if (!name.empty() && name != "." && name != "..") originals.insert(name);
        if (catalog::check_path(line)) require(to_nfc(line) == line);
    }
    std::vector<std::string> mapped;
    for (const auto& name : catalog::map_names({originals.begin(), originals.end()}))
        mapped.push_back(name.mapped);
    require(catalog::check_paths(mapped).has_value());
}

}  // namespace croft::fuzz
