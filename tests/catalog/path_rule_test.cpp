#include "catalog/path_rule.h"

#include "base/text.h"
#include "testing/shared.h"
#include "trust/hash.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <set>

namespace croft::catalog {
namespace {

std::string reason_of(const std::string& path) {
    const auto checked = check_path(path);
    return checked ? "fine" : checked.error().reason;
}

std::string reason_of_set(const std::vector<std::string>& paths) {
    const auto checked = check_paths(paths);
    return checked ? "fine" : checked.error().reason;
}

TEST(PathRule, AcceptsWhatPeopleCallTheirFiles) {
    for (const auto* path : {"README.txt", "papers/étude.txt", "漢字/かな.pdf", "a b/c (1).txt",
                             "..a", "a..b", "…", "100%.txt", "CONTENT", "com", "com10",
                             "confuse.txt", "a/.pad/b", ".hidden", "a~", "x-y"}) {
        EXPECT_EQ(reason_of(path), "fine") << path;
    }
    EXPECT_EQ(reason_of(std::string(240, 'x')), "fine");
}

TEST(PathRule, RefusesEachTrickWithItsOwnReason) {
    const std::pair<std::string, const char*> tricks[] = {
        {"", "path_empty"},
        {"/etc/passwd", "path_absolute"},
        {"a//b", "path_empty_component"},
        {"a/", "path_empty_component"},
        {".", "path_dot"},
        {"a/./b", "path_dot"},
        {"../evil", "path_dotdot"},
        {"a/..", "path_dotdot"},
        {"a\\b", "path_backslash"},
        {"c:evil", "path_character"},
        {"what?", "path_character"},
        {std::string("a\0b", 3), "path_nul"},
        {"a\nb", "path_control"},
        {"a\x7f", "path_control"},
        {"a\u0085", "path_control"},
        {"a\u202egnp.exe", "path_bidi"},
        {"a\u200bb", "path_zero_width"},
        {"\ufeffa", "path_zero_width"},
        {"-rf", "path_leading"},
        {"a/~root", "path_leading"},
        {"a.", "path_trailing_dot"},
        {"a /b", "path_trailing_space"},
        {"CON", "path_device"},
        {"x/nul.txt", "path_device"},
        {"Com1.tar.gz", "path_device"},
        {"lpt² .x", "path_device"},
        {".pad/10", "path_pad"},
        {".PAD/10", "path_pad"},
        {"e\u0301tude.txt", "path_not_nfc"},
        {"\xff", "path_utf8"},
        {"a\xc0\xafz", "path_utf8"},
        {std::string(241, 'x'), "path_component_long"},
    };
    for (const auto& [path, reason] : tricks) {
        EXPECT_EQ(reason_of(path), reason) << escape_control(path);
    }
}

TEST(PathRule, LimitsDepthAndLength) {
    std::string deep = "a";
    for (int i = 1; i < 32; ++i)
        deep += "/a";
    EXPECT_EQ(reason_of(deep), "fine");
    EXPECT_EQ(reason_of(deep + "/a"), "path_deep");
    const std::string part(200, 'x');
    const std::string five = part + "/" + part + "/" + part + "/" + part + "/" + part;
    EXPECT_EQ(reason_of(five), "fine");
    EXPECT_EQ(reason_of(five + "/" + part), "path_long");
}

TEST(PathRule, RefusesSetsThatSomeDiskCannotHold) {
    EXPECT_EQ(reason_of_set({"a/x", "a/y", "b"}), "fine");
    EXPECT_EQ(reason_of_set({"a", "a"}), "path_duplicate");
    EXPECT_EQ(reason_of_set({"README.txt", "README.TXT"}), "path_casefold");
    EXPECT_EQ(reason_of_set({"STRASSE", "straße"}), "path_casefold");
    EXPECT_EQ(reason_of_set({"A/x", "a/y"}), "path_casefold");
    EXPECT_EQ(reason_of_set({"a", "a/b"}), "path_prefix");
    EXPECT_EQ(reason_of_set({"a/b", "a"}), "path_prefix");
    EXPECT_EQ(reason_of_set({"A", "a/b"}), "path_casefold");
}

std::vector<std::string> mapped(std::vector<std::string> originals) {
    std::vector<std::string> names;
    for (const auto& name : map_names(std::move(originals)))
        names.push_back(name.mapped);
    return names;
}

TEST(MapNames, LeavesSafeNamesAlone) {
    EXPECT_EQ(mapped({"a/b.txt", "é"}), (std::vector<std::string>{"a/b.txt", "é"}));
}

// The eight digits are those of `printf %s NAME | sha256sum`.
TEST(MapNames, MarksEveryMemberOfACaseFoldGroup) {
    EXPECT_EQ(mapped({"Foo", "foo", "bar"}),
              (std::vector<std::string>{"Foo~" + trust::sha256("Foo").hex().substr(0, 8),
                                        "foo~2c26b46b", "bar"}));
}

TEST(MapNames, EscapesWhatIsUnsafeAndKeepsTheFolder) {
    EXPECT_EQ(mapped({"d/a:b"}),
              std::vector<std::string>{"d/a%3Ab~" + trust::sha256("d/a:b").hex().substr(0, 8)});
    EXPECT_TRUE(mapped({"../x"}).front().starts_with("%2E%2E~"));
    EXPECT_TRUE(mapped({"con.txt"}).front().starts_with("%63on.txt~"));
    EXPECT_TRUE(mapped({"-rf"}).front().starts_with("%2Drf~"));
    EXPECT_TRUE(mapped({"\xff.bin"}).front().starts_with("%FF.bin~"));
    EXPECT_TRUE(mapped({"e\u0301"}).front().starts_with("é~"));
}

TEST(MapNames, CutsLongNamesWithinAWholeCharacter) {
    std::string name;
    for (int i = 0; i < 100; ++i)
        name += "é漢";
    const std::string cut = mapped({name}).front();
    EXPECT_LE(cut.size(), 240U);
    EXPECT_GE(cut.size(), 230U);
    EXPECT_EQ(reason_of(cut), "fine");
}

TEST(MapNames, MovesWhatIsTooDeepOrTooLongAsAWholeToTheTop) {
    std::string deep = "a";
    for (int i = 0; i < 40; ++i)
        deep += "/a";
    const auto names = mapped({deep + "/deep.txt", "b"});
    EXPECT_TRUE(names.front().starts_with("deep.txt~"));
    EXPECT_EQ(names.back(), "b");
}

TEST(MapNames, MapsTheRealWikisNamesToASafeSet) {
    const auto wiki = test::testdata() / "wiki/p2pfoundation";
    CROFT_NEEDS(wiki);
    std::vector<std::string> originals;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(wiki)) {
        if (entry.is_regular_file()) {
            originals.push_back(entry.path().lexically_relative(wiki).native());
        }
    }
    EXPECT_EQ(reason_of_set(mapped(originals)), "fine");
}

/// File names that try: case, composition, escapes, bytes that are no UTF-8, devices, dots.
rc::Gen<std::string> hostile_component() {
    return rc::gen::map(
        rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
            "a", "A", "é", "e\u0301", "E", ":", "%", ".", "..", " ", "~", "-", "\xff", "con", "NUL",
            "\u202e", "\\", "ß", "SS", "\n", "pad", "\u0338", "1", std::string(120, 'x'))),
        [](const std::vector<std::string>& parts) {
            std::string name;
            for (const auto& part : parts)
                name += part;
            if (name.empty() || name == "." || name == "..") name += "x";
            return name.substr(0, 255);
        });
}

RC_GTEST_PROP(MapNamesProperty, GivesASetThatPassesWhateverAFileSystemHeld, ()) {
    constexpr int most_files = 12;
    const auto components = *rc::gen::resize(
        most_files, rc::gen::container<std::vector<std::vector<std::string>>>(rc::gen::nonEmpty(
                        rc::gen::container<std::vector<std::string>>(hostile_component()))));
    std::set<std::string> files, folders;
    for (const auto& parts : components) {
        std::string path;
        bool is_free = true;
        for (const auto& part : parts) {
            if (!path.empty()) {
                is_free = is_free && !files.contains(path);
                path += '/';
            }
            path += part;
        }
        if (!is_free || folders.contains(path)) continue;
        files.insert(path);
        for (auto at = path.find('/'); at != std::string::npos; at = path.find('/', at + 1)) {
            folders.insert(path.substr(0, at));
        }
    }
    const std::vector<std::string> originals(files.begin(), files.end());
    const auto names = map_names(originals);
    std::vector<std::string> results;
    for (std::size_t i = 0; i < names.size(); ++i) {
        RC_ASSERT(names[i].original == originals[i]);
        results.push_back(names[i].mapped);
    }
    const auto checked = check_paths(results);
    if (!checked) RC_LOG() << checked.error().message << std::endl;
    RC_ASSERT(checked.has_value());
}

}  // namespace
}  // namespace croft::catalog
