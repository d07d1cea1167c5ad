#pragma once

#include "library/library.h"

#include <map>
#include <set>
#include <string>
#include <vector>

/// Which releases a list shows, and in which order. Pure.
namespace croft::api {

struct ReleaseQuery {
    enum class Sort {
        name,
        created,
        size,
        done,
        up,
        state,
        publisher
    };

    Sort sort = Sort::name;
    bool falling = false;
    std::string publisher;  ///< id or petname
    std::set<std::string> kinds, states;
    std::string language;
    bool held = false, offered = false;
    std::string text;  ///< part of NAME-SERIAL, a title or the petname; case-folded

    /// From a request's query; members of paging (`offset`, `limit`, `fields`) are not looked at.
    static Result<ReleaseQuery> parse(const std::map<std::string, std::string, std::less<>>& query);
};

/// All that fit, in order. Ties: by name, then falling serial, then id, so that pages never
/// overlap.
std::vector<const library::ReleaseView*> select(std::vector<const library::ReleaseView*> releases,
                                                const ReleaseQuery& query);

}  // namespace croft::api
