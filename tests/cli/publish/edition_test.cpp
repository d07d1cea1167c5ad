#include "cli/publish/edition.h"

#include "cli/publish/licence.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace croft::publish {
namespace {

Edition good() {
    Edition edition;
    edition.name = "wiki";
    edition.title = {{"en", "Wiki"}};
    edition.languages = {"en"};
    edition.licence = "CC0-1.0";
    return edition;
}

std::string refusal(const Edition& edition) {
    const auto checked = check_edition(edition);
    return checked ? "" : checked.error().reason;
}

TEST(Edition, TakesWhatFollowersTake) {
    auto edition = good();
    edition.languages = {"pt-BR", "zh-Hant-TW", "ast"};
    edition.doi = "10.5281/zenodo.1234";
    edition.source = "https://wiki.example.org/";
    EXPECT_EQ(refusal(edition), "");
}

TEST(Edition, RefusesWhatWouldBeSignedForEver) {
    for (const char* title : {"", "  "}) {
        auto edition = good();
        edition.title["en"] = title;
        EXPECT_EQ(refusal(edition), "no_title") << title;
    }
    for (const char* language : {"english", "e", "e1", "zz_!!", "en-"}) {
        auto edition = good();
        edition.languages = {language};
        EXPECT_EQ(refusal(edition), "bad_language") << language;
    }
    for (const char* doi :
         {"nonsense", "10./x", "10.5281", "10.5281/", "https://doi.org/10.5281/x"}) {
        auto edition = good();
        edition.doi = doi;
        EXPECT_EQ(refusal(edition), "bad_doi") << doi;
    }
    for (const char* source : {"foo", "ftp://x", "https://a b"}) {
        auto edition = good();
        edition.source = source;
        EXPECT_EQ(refusal(edition), "bad_source") << source;
    }
}

TEST(Licence, IsAnExpressionOfKnownNames) {
    for (const char* text :
         {"CC0-1.0", "CC-BY-SA-3.0", "MIT OR (Apache-2.0 AND CC0-1.0)", "GPL-3.0-or-later",
          "GPL-2.0+", "Apache-2.0+", "GPL-2.0-only WITH Classpath-exception-2.0",
          "LicenseRef-Public-Domain", "GFDL-1.3-only"})
        EXPECT_EQ(wrong_in_licence(text), std::nullopt) << text;
}

TEST(Licence, NamesWhatIsWrong) {
    EXPECT_EQ(wrong_in_licence("MYLIC"), "MYLIC");
    EXPECT_EQ(wrong_in_licence("CC0"), "CC0");
    EXPECT_EQ(wrong_in_licence("MIT OR CC-BY"), "CC-BY");
    for (const char* text :
         {"", " ", "MIT Apache-2.0", "MIT OR", "OR MIT", "(MIT", "MIT)", "()", "MIT AND OR MIT"})
        EXPECT_EQ(wrong_in_licence(text), text) << text;
    EXPECT_EQ(wrong_in_licence("LicenseRef-"), "LicenseRef-");
}

TEST(Licence, ListIsSorted) { EXPECT_TRUE(std::ranges::is_sorted(known_licences())); }

}  // namespace
}  // namespace croft::publish
