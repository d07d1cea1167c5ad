#pragma once

#include "base/time.h"
#include "catalog/catalogue.h"
#include "catalog/release.h"

#include <string>
#include <vector>

namespace croft::publish {

/// What a publisher says of one edition of a work: all of a release but what is computed.
struct Edition {
    std::string name;  ///< `wiki`
    catalog::Kind kind = catalog::Kind::other;
    catalog::Translations title, description;
    std::vector<std::string> languages;
    std::string licence;  ///< SPDX expression
    std::string version;  ///< for people; empty: the month and year of the date, "November 2026"
    std::string source, doi;
    std::vector<catalog::Release::Author> authors;
    std::vector<std::string> subjects;
    std::vector<std::string> trackers, webseeds;
    bool v1_twin = false;  ///< share it with clients that can't read hybrid torrents, too
};

/// `invalid_argument` for what a follower would refuse, and for what people would miss: a name, a
/// title, a licence.
Outcome check_edition(const Edition& edition);

/// "November 2026": what an edition of that date is called where nobody said otherwise.
std::string month_and_year(Time date);

}  // namespace croft::publish
