#include "cli/publish/wiki_dump.h"

#include "command.h"
#include "files.h"
#include "testing/shared.h"
#include "testing/temporary_folder.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace croft::publish {
namespace {

namespace fs = std::filesystem;
using test::shell;

Result<std::optional<WikiDump>> read(const fs::path& path) {
    return read_wiki_dump(path, [](auto) { return true; }, {});
}

class WikiDumpFile : public testing::Test {
protected:
    fs::path write(const std::string& name, const std::string& content) {
        const fs::path path = folder_.path() / name;
        test::write(path, content);
        return path;
    }
    const fs::path& folder() const { return folder_.path(); }

    static std::string two_pages() {
        return "<mediawiki xml:lang=\"en\">\n <siteinfo/>\n"
               " <page>\n  <title>One</title><revision><text>a &lt; b</text></revision>\n </page>\n"
               " <page>\n  <title>Two &amp; a half</title>\n </page>\n</mediawiki>\n";
    }

private:
    test::TemporaryFolder folder_;
};

TEST_F(WikiDumpFile, CountsThePagesOfEveryCompression) {
    const auto plain = write("d.xml", two_pages());
    shell(fmt::format("cd {} && bzip2 -k d.xml && gzip -k d.xml && zstd -q d.xml && xz -k d.xml",
                      folder().native()));
    for (const char* name : {"d.xml", "d.xml.bz2", "d.xml.gz", "d.xml.zst", "d.xml.xz"}) {
        const auto dump = read(folder() / name);
        ASSERT_TRUE(dump) << name << ": " << dump.error().message;
        ASSERT_TRUE(*dump) << name;
        EXPECT_EQ((*dump)->pages, 2U) << name;
    }
}

TEST_F(WikiDumpFile, ReadsASevenZipArchive) {
    write("d.xml", two_pages());
    // bsdtar is libarchive's own; 7-Zip's format is written by it and read by others.
    const auto made =
        shell(fmt::format("cd {} && bsdtar --format=7zip -cf d.xml.7z d.xml", folder().native()));
    if (made.status != 0) GTEST_SKIP() << "bsdtar is not here: " << made.output;
    const auto dump = read(folder() / "d.xml.7z");
    ASSERT_TRUE(dump) << dump.error().message;
    EXPECT_EQ((*dump)->pages, 2U);
}

TEST_F(WikiDumpFile, RefusesATruncatedDumpAndSaysWhere) {
    const std::string whole = two_pages();
    const auto dump = read(write("d.xml", whole.substr(0, whole.find("half"))));
    ASSERT_FALSE(dump);
    EXPECT_EQ(dump.error().reason, "dump_truncated");
    EXPECT_NE(dump.error().message.find("line 7"), std::string::npos) << dump.error().message;
    EXPECT_NE(dump.error().message.find("1 whole pages, in page \"Two & a"), std::string::npos)
        << dump.error().message;
}

TEST_F(WikiDumpFile, RefusesEveryTruncation) {
    const std::string whole = two_pages();
    const std::size_t root = whole.find('>') + 1, end = whole.rfind('>');
    for (std::size_t size = root; size <= end; ++size) {
        EXPECT_FALSE(read(write("d.xml", whole.substr(0, size)))) << size;
    }
    EXPECT_TRUE(read(write("d.xml", whole.substr(0, end + 1))));
}

TEST_F(WikiDumpFile, RefusesBrokenXmlAndSaysWhere) {
    std::string broken = two_pages();
    broken.replace(broken.find("&lt;"), 4, "<");
    const auto dump = read(write("d.xml", broken));
    ASSERT_FALSE(dump);
    EXPECT_EQ(dump.error().reason, "dump_malformed");
    EXPECT_NE(dump.error().message.find("line 4"), std::string::npos) << dump.error().message;
}

TEST_F(WikiDumpFile, RefusesATruncatedArchive) {
    write("d.xml", two_pages());
    shell(
        fmt::format("cd {} && gzip -k d.xml && bzip2 -k d.xml && zstd -q d.xml && "
                    "for f in d.xml.*; do truncate -s -20 $f; done",
                    folder().native()));
    for (const char* name : {"d.xml.bz2", "d.xml.gz", "d.xml.zst"}) {
        const auto dump = read(folder() / name);
        ASSERT_FALSE(dump) << name;
        EXPECT_EQ(dump.error().reason, "damaged_archive") << name;
    }
}

TEST_F(WikiDumpFile, LeavesOtherXmlAlone) {
    EXPECT_EQ(read(write("a.xml", "<html><page></html>")).value(), std::nullopt);
    EXPECT_EQ(read(write("b.xml", "no XML at all")).value(), std::nullopt);
    EXPECT_EQ(read(write("c.xml", "")).value(), std::nullopt);
}

TEST_F(WikiDumpFile, DoesNotFollowEntitiesOutOfTheFile) {
    write("secret", "not to be read");
    const auto path =
        write("d.xml", fmt::format("<!DOCTYPE mediawiki [<!ENTITY x SYSTEM \"file://{}/secret\">]>"
                                   "<mediawiki><page><title>seen &x;</title>",
                                   folder().native()));
    const auto dump = read(path);
    ASSERT_FALSE(dump);
    EXPECT_NE(dump.error().message.find("\"seen "), std::string::npos) << dump.error().message;
    EXPECT_EQ(dump.error().message.find("not to be read"), std::string::npos);
}

TEST_F(WikiDumpFile, StopsWhenAsked) {
    std::stop_source stop;
    stop.request_stop();
    const auto dump = read_wiki_dump(
        write("d.xml", two_pages()), [](auto) { return true; }, stop.get_token());
    ASSERT_FALSE(dump);
    EXPECT_EQ(dump.error().code, Errc::cancelled);
}

/// Pages as Python's own XML parser counts them.
std::uint64_t pages_by_python(const fs::path& path) {
    const auto counted = shell(fmt::format(
        "python3 -c 'import bz2,sys,xml.etree.ElementTree as t\n"
        "f=bz2.open(sys.argv[1]) if sys.argv[1].endswith(\"bz2\") else open(sys.argv[1],\"rb\")\n"
        "print(sum(e.tag.split(\"}}\")[-1]==\"page\" for _,e in t.iterparse(f)))' '{}'",
        path.native()));
    return std::stoull(counted.output);
}

TEST(WikiDump, CountsThePagesOfRealDumps) {
    const fs::path wiki = test::testdata() / "wiki";
    CROFT_NEEDS(wiki);
    for (const char* name : {"p2pfoundation/p2pwiki-sample-pages-current.xml.bz2",
                             "xml/aawiki-20260101-pages-meta-current.xml.bz2"}) {
        const auto dump = read(wiki / name);
        ASSERT_TRUE(dump) << dump.error().message;
        ASSERT_TRUE(*dump) << name;
        EXPECT_EQ((*dump)->pages, pages_by_python(wiki / name)) << name;
        EXPECT_GT((*dump)->pages, 0U);
    }
}

TEST(WikiDump, RefusesARealDumpCutInTheMiddleWithThePlace) {
    const fs::path whole =
        test::testdata() / "wiki/p2pfoundation/p2pwiki-sample-pages-current.xml.bz2";
    CROFT_NEEDS(whole);
    const test::TemporaryFolder folder;
    const auto cut = [&](const std::string& line) {
        const auto made = shell(fmt::format("cd {} && {}", folder.path().native(), line));
        ASSERT_EQ(made.status, 0) << made.output;
    };
    cut(fmt::format("head -c 2000000 {} > packed.xml.bz2", whole.native()));
    const auto packed = read(folder.path() / "packed.xml.bz2");
    ASSERT_FALSE(packed);
    EXPECT_EQ(packed.error().reason, "damaged_archive");
    EXPECT_NE(packed.error().message.find("whole pages"), std::string::npos)
        << packed.error().message;

    cut(fmt::format("bzcat {} | head -c 5000000 > plain.xml || true", whole.native()));
    const auto plain = read(folder.path() / "plain.xml");
    ASSERT_FALSE(plain);
    EXPECT_EQ(plain.error().reason, "dump_truncated");
    EXPECT_NE(plain.error().message.find("page \""), std::string::npos) << plain.error().message;
}

}  // namespace
}  // namespace croft::publish
