#include "api/release_list.h"

#include "base/text.h"

#include <algorithm>
#include <array>
#include <tuple>

namespace croft::api {
namespace {

using library::ReleaseView;
using Sort = ReleaseQuery::Sort;
using Query = std::map<std::string, std::string, std::less<>>;

constexpr std::array<std::pair<std::string_view, Sort>, 7> sorts{{{"name", Sort::name},
                                                                  {"created", Sort::created},
                                                                  {"size", Sort::size},
                                                                  {"done", Sort::done},
                                                                  {"up", Sort::up},
                                                                  {"state", Sort::state},
                                                                  {"publisher", Sort::publisher}}};

constexpr std::array<std::string_view, 11> members{"sort",   "publisher", "kind",    "language",
                                                   "state",  "held",      "offered", "q",
                                                   "offset", "limit",     "fields"};

tl::unexpected<Error> refuse(const std::string& what) {
    return fail(Errc::invalid_argument, "bad_query", what);
}

std::string value_of(const Query& query, std::string_view name) {
    const auto at = query.find(name);
    return at == query.end() ? std::string() : at->second;
}

std::set<std::string> values_of(const Query& query, std::string_view name) {
    const std::string value = value_of(query, name);
    std::set<std::string> values;
    for (const std::string_view each : split(value, ',')) {
        if (!each.empty()) values.emplace(each);
    }
    return values;
}

std::string folded(std::string_view text) { return fold_case(text).value_or(std::string(text)); }

bool has_text(const ReleaseView& release, const std::string& text) {
    const auto contains = [&](std::string_view where) {
        return folded(where).find(text) != std::string::npos;
    };
    return contains(release.entry.release.text()) || contains(release.petname) ||
           std::ranges::any_of(release.entry.title,
                               [&](const auto& title) { return contains(title.second); });
}

bool is_asked_for(const ReleaseView& release, const ReleaseQuery& query) {
    const auto fits = [](const std::set<std::string>& wanted, std::string_view value) {
        return wanted.empty() || wanted.contains(std::string(value));
    };
    if (query.held && release.state != library::State::held) return false;
    if (query.offered && !release.offered) return false;
    if (!fits(query.kinds, name_of(release.entry.kind))) return false;
    if (!fits(query.states, name_of(release.state))) return false;
    if (!query.publisher.empty() && query.publisher != release.petname &&
        query.publisher != release.publisher.hex()) {
        return false;
    }
    const auto& languages = release.entry.languages;
    if (!query.language.empty() &&
        std::ranges::find(languages, query.language) == languages.end()) {
        return false;
    }
    return query.text.empty() || has_text(release, query.text);
}

double share_done(const ReleaseView& release) {
    if (release.entry.total_size == 0) return release.state == library::State::held ? 1 : 0;
    return static_cast<double>(release.done_bytes) / static_cast<double>(release.entry.total_size);
}

/// Less, equal or greater by what is sorted for.
std::partial_ordering compare(const ReleaseView& a, const ReleaseView& b, Sort sort) {
    switch (sort) {
        case Sort::name: return a.entry.release.name <=> b.entry.release.name;
        case Sort::created: return a.created <=> b.created;
        case Sort::size: return a.entry.total_size <=> b.entry.total_size;
        case Sort::done: return share_done(a) <=> share_done(b);
        case Sort::up: return a.up_rate <=> b.up_rate;
        case Sort::state: return a.state <=> b.state;
        case Sort::publisher: return a.petname <=> b.petname;
    }
    return std::partial_ordering::equivalent;
}

bool ties_before(const ReleaseView& a, const ReleaseView& b) {
    const auto& one = a.entry.release;
    const auto& other = b.entry.release;
    return std::tie(one.name, other.serial, a.id) < std::tie(other.name, one.serial, b.id);
}

}  // namespace

Result<ReleaseQuery> ReleaseQuery::parse(const Query& query) {
    for (const auto& [name, value] : query) {
        if (std::ranges::find(members, name) == members.end()) {
            return refuse("'" + name + "' is nothing that a list of releases takes");
        }
    }
    ReleaseQuery parsed;
    std::string sort = value_of(query, "sort");
    parsed.falling = sort.starts_with('-');
    if (parsed.falling) sort.erase(0, 1);
    if (sort.empty()) sort = "name";
    const auto at = std::ranges::find(sorts, sort, &std::pair<std::string_view, Sort>::first);
    if (at == sorts.end()) return refuse("releases are not sorted by '" + sort + "'");
    parsed.sort = at->second;
    parsed.publisher = value_of(query, "publisher");
    parsed.kinds = values_of(query, "kind");
    parsed.states = values_of(query, "state");
    parsed.language = value_of(query, "language");
    parsed.held = value_of(query, "held") == "true";
    parsed.offered = value_of(query, "offered") == "true";
    parsed.text = folded(value_of(query, "q"));
    return parsed;
}

std::vector<const ReleaseView*> select(std::vector<const ReleaseView*> releases,
                                       const ReleaseQuery& query) {
    std::erase_if(releases, [&](const ReleaseView* each) { return !is_asked_for(*each, query); });
    std::ranges::sort(releases, [&](const ReleaseView* a, const ReleaseView* b) {
        const auto order = compare(*a, *b, query.sort);
        if (order != 0) return query.falling ? order > 0 : order < 0;
        return ties_before(*a, *b);
    });
    return releases;
}

}  // namespace croft::api
