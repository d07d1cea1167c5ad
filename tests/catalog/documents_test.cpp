#include "catalog/beacon.h"
#include "catalog/catalogue.h"
#include "catalog/publisher.h"
#include "catalog/release.h"
#include "testing/vectors.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace croft::catalog {
namespace {

/// A document as if its hash were trusted: these tests are about reading, not about signatures.
trust::Verified given(const std::string& document) {
    return trust::pinned(document, trust::sha256(document)).value();
}

std::string with(std::string document, std::string_view from, std::string_view to) {
    const std::size_t at = document.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return at == std::string::npos ? document : document.replace(at, from.size(), to);
}

template <class T>
std::string reason_of(const Result<T>& result) {
    return result ? "fine" : result.error().reason;
}

// The vectors were written by another program (Python's json with one blank of indent); our own
// writer gives the same bytes, which shows that nothing is lost between.
TEST(Documents, AreWrittenAsTheVectorsHaveThem) {
    for (const auto* feed : {"docs/feed-57/", "docs/feed-58/"}) {
        const auto read = [&](std::string_view name) {
            return test::read_vector(std::string(feed) + std::string(name));
        };
        EXPECT_EQ(write(parse_catalogue(given(read("catalogue.json"))).value()),
                  read("catalogue.json"));
        EXPECT_EQ(write(parse_beacon(given(read("beacon.json"))).value()), read("beacon.json"));
        EXPECT_EQ(write(parse_publisher(given(read("publisher.1.json"))).value()),
                  read("publisher.1.json"));
        EXPECT_EQ(write(parse_publisher(given(read("publisher.2.json"))).value()),
                  read("publisher.2.json"));
        EXPECT_EQ(write(parse_release(given(read("releases/demo-1.json"))).value()),
                  read("releases/demo-1.json"));
    }
}

class CatalogueTest : public testing::Test {
protected:
    std::string reason(std::string_view from, std::string_view to) const {
        return reason_of(parse_catalogue(given(with(document, from, to))));
    }
    const std::string document = test::read_vector("docs/feed-58/catalogue.json");
};

TEST_F(CatalogueTest, SaysWhatIsOffered) {
    const auto catalogue = parse_catalogue(given(document)).value();
    EXPECT_EQ(catalogue.version, 58U);
    EXPECT_EQ(catalogue.publisher_document.version, 2U);
    EXPECT_EQ(catalogue.previous->version, 57U);
    const auto* demo = catalogue.find({"demo", 2});
    ASSERT_TRUE(demo);
    EXPECT_EQ(demo->total_size, 309181U);
    EXPECT_EQ(demo->bundle.hex(),
              "2ac1302bfacb3e51b06ed75720ea6203a1c0ece5d4d5372353b84141d1e1a915");
    EXPECT_EQ(translated(demo->title), "Demo bundle");
    EXPECT_EQ(translated(demo->title, std::vector<std::string>{"de", "fr"}),
              "Lot de démonstration");
    EXPECT_EQ(catalogue.find({"demo", 1}), nullptr);
    EXPECT_FALSE(catalogue.is_stale(*parse_utc("2027-01-31T00:00:00Z")));
    EXPECT_TRUE(catalogue.is_stale(*parse_utc("2027-01-31T00:00:01Z")));
}

TEST_F(CatalogueTest, RefusesEachFaultWithItsOwnReason) {
    EXPECT_EQ(reason("croft.catalogue/1", "croft.catalogue/2"), "wrong_type");
    EXPECT_EQ(reason("\"df053e80", "\"DF053e80"), "member_hex");
    EXPECT_EQ(reason("\"df053e80", "\"f053e80"), "member_hex");
    EXPECT_EQ(reason("\"12202ac1", "\"12212ac1"), "member_hex");
    EXPECT_EQ(reason("2026-11-02T00:00:00Z", "2026-11-02 00:00:00Z"), "member_time");
    EXPECT_EQ(reason("2026-11-02T00:00:00Z", "2026-02-30T00:00:00Z"), "member_time");
    EXPECT_EQ(reason("2027-01-31T00:00:00Z", "2026-11-01T00:00:00Z"), "expires_early");
    EXPECT_EQ(reason("\"expires\"", "\"expired\""), "expires_missing");
    EXPECT_EQ(reason("\"version\": 57", "\"version\": 58"), "previous_version");
    EXPECT_EQ(reason("\"demo\"", "\"../demo\""), "bad_release_name");
    EXPECT_EQ(reason("\"demo\"", "\"demo-7\""), "bad_release_name");
    EXPECT_EQ(reason("\"other\"", "\"warez\""), "unknown_kind");
    EXPECT_EQ(reason("releases/demo-2.json", "releases/demo-3.json"), "manifest_path");
    EXPECT_EQ(reason("2607", "40000000"), "manifest_size");
    EXPECT_EQ(reason("\"withdrawn\": []", "\"withdrawn\": [], \"critical\": [\"trap\"]"),
              "critical_unknown");
    EXPECT_EQ(reason("\"fr\": \"Lot", "\"f r\": \"Lot"), "member_translation");
}

TEST_F(CatalogueTest, RefusesWhatIsOfferedTwiceOrAlsoWithdrawn) {
    auto catalogue = parse_catalogue(given(document)).value();
    catalogue.releases.push_back(catalogue.releases.front());
    EXPECT_EQ(reason_of(parse_catalogue(given(write(catalogue)))), "release_duplicate");
    catalogue.releases.pop_back();
    catalogue.withdrawn = {{.release = ReleaseName{"demo", 2}}};
    EXPECT_EQ(reason_of(parse_catalogue(given(write(catalogue)))), "release_withdrawn");
    EXPECT_EQ(reason("\"withdrawn\": []",
                     R"("withdrawn": [{"reason": "legal", "date": "2026-01-01T00:00:00Z"}])"),
              "withdrawn_what");
    EXPECT_EQ(reason("\"withdrawn\": []", R"("withdrawn": [{"name": "a", "serial": 1,
                     "reason": "whim", "date": "2026-01-01T00:00:00Z"}])"),
              "withdrawn_reason");
}

TEST_F(CatalogueTest, ComesBackAsItWasWritten) {
    auto catalogue = parse_catalogue(given(document)).value();
    catalogue.final = true;
    catalogue.expires.reset();
    catalogue.previous.reset();
    catalogue.releases.front().title["de"] = "\"Umlaute\": \\ ü\n\t\x01";
    catalogue.withdrawn = {{.release = ReleaseName{"old", 1}, .reason = WithdrawalReason::legal},
                           {.file = trust::sha256("x"), .reason = WithdrawalReason::malware}};
    const std::string bytes = write(catalogue);
    const auto again = parse_catalogue(given(bytes));
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(again->releases.front().title, catalogue.releases.front().title);
    EXPECT_EQ(again->withdrawn.at(1).file, trust::sha256("x"));
    EXPECT_FALSE(again->is_stale(Time::max()));
    EXPECT_EQ(write(*again), bytes);
}

class ReleaseTest : public testing::Test {
protected:
    std::string reason(std::string_view from, std::string_view to) const {
        return reason_of(parse_release(given(with(document, from, to))));
    }
    const std::string document = test::read_vector("docs/feed-58/releases/demo-2.json");
};

TEST_F(ReleaseTest, SaysWhichFilesItHas) {
    const auto release = parse_release(given(document)).value();
    EXPECT_EQ(release.release.text(), "demo-2");
    EXPECT_EQ(release.files.size(), 8U);
    EXPECT_EQ(release.files.front().path, "README.txt");
    EXPECT_EQ(release.files.at(5).root, std::nullopt);
    EXPECT_EQ(release.torrent.piece_length, 32768U);
    EXPECT_EQ(release.previous->serial, 1U);
}

TEST_F(ReleaseTest, RefusesEachFaultWithItsOwnReason) {
    EXPECT_EQ(reason("\"name\": \"demo\"", "\"name\": \"Demo\""), "bad_release_name");
    EXPECT_EQ(reason("\"name\": \"demo-2\"", "\"name\": \"demo-3\""), "torrent_name");
    EXPECT_EQ(reason("32768", "32769"), "piece_length");
    EXPECT_EQ(reason("32768", "8192"), "piece_length");
    EXPECT_EQ(reason("32768", "33554432"), "piece_length");
    EXPECT_EQ(reason("\"size\": 2113", "\"size\": 67108865"), "torrent_size");
    EXPECT_EQ(reason("\"size\": 23", "\"size\": 24"), "total_size");
    EXPECT_EQ(reason("\"path\": \"README.txt\"", "\"path\": \"aaa-new.bin\""), "path_duplicate");
    EXPECT_EQ(reason("\"path\": \"README.txt\"", "\"path\": \"../x\""), "path_dotdot");
    EXPECT_EQ(reason(",\n   \"root\": \"2df99b7d", ",\n   \"rood\": \"2df99b7d"), "file_root");
    EXPECT_EQ(reason("\"files\"", "\"filed\""), "files_or_list");
    EXPECT_EQ(reason("https://archive.example/data/", "archive.example"), "member_url");
}

TEST_F(ReleaseTest, HasAListOfFilesInsteadWhereThereAreTooMany) {
    auto release = parse_release(given(document)).value();
    const auto file = release.files.front();
    release.files.clear();
    release.total_size = 0;
    for (std::size_t i = 0; i <= Release::inline_files; ++i) {
        release.files.push_back(file);
        release.files.back().path = std::to_string(i);
        release.total_size += file.size;
    }
    EXPECT_EQ(reason_of(parse_release(given(write(release)))), "files_too_many");
    release.total_size -= file.size;
    release.files.pop_back();
    EXPECT_EQ(reason_of(parse_release(given(write(release)))), "fine");

    release.files.clear();
    release.files_list = {"SHA256SUMS", trust::sha256("x"), 100};
    const auto again = parse_release(given(write(release)));
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(again->files_list->size, 100U);
    release.files_list->path = "other";
    EXPECT_EQ(reason_of(parse_release(given(write(release)))), "files_list_path");
}

TEST_F(ReleaseTest, ComesBackAsItWasWritten) {
    auto release = parse_release(given(document)).value();
    release.source = "https://wiki.example/";
    release.doi = "10.1000/1";
    release.authors = {{"Ada", "https://orcid.org/0000-0001"}, {"Grace", ""}};
    release.subjects = {"commons", "p2p"};
    release.trackers = {"udp://tracker.example:6969"};
    release.metadata = {"ro-crate-metadata.json"};
    const std::string bytes = write(release);
    const auto again = parse_release(given(bytes));
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(again->authors.size(), 2U);
    EXPECT_EQ(again->files, release.files);
    EXPECT_EQ(write(*again), bytes);
}

TEST_F(ReleaseTest, IsComparedWithWhatTheCatalogueSaysOfIt) {
    const auto catalogue =
        parse_catalogue(given(test::read_vector("docs/feed-58/catalogue.json"))).value();
    const auto release = parse_release(given(document)).value();
    const auto& entry = catalogue.releases.front();
    EXPECT_TRUE(matches(release, entry));
    for (auto spoil : std::initializer_list<void (*)(Release&)>{
             [](Release& r) { r.release.serial = 3; }, [](Release& r) { r.kind = Kind::wiki; },
             [](Release& r) { r.total_size++; }, [](Release& r) { r.torrent.btih.bytes[0] ^= 1; },
             [](Release& r) { r.torrent.btmh.info_hash_v2.bytes[0] ^= 1; }}) {
        Release other = release;
        spoil(other);
        EXPECT_EQ(matches(other, entry).error().reason, "release_mismatch");
    }
}

class PublisherTest : public testing::Test {
protected:
    std::string reason(std::string_view from, std::string_view to) const {
        return reason_of(parse_publisher(given(with(document, from, to))));
    }
    const std::string document = test::read_vector("docs/feed-58/publisher.2.json");
};

TEST_F(PublisherTest, SaysWhoMaySignWhat) {
    const auto publisher = parse_publisher(given(document)).value();
    EXPECT_EQ(publisher.name, "Example Open Archive");
    EXPECT_EQ(publisher.root.threshold, 2U);
    EXPECT_EQ(publisher.root.keys.size(), 3U);
    EXPECT_EQ(publisher.beacon_salt, "croft/1");
    EXPECT_EQ(publisher.pointer_key(), publisher.beacon.keys.front());
    ASSERT_EQ(publisher.revoked.size(), 1U);
    EXPECT_EQ(publisher.revoked.front().from_catalogue, 57U);
    EXPECT_TRUE(publisher.revocation_of(publisher.revoked.front().key));
    EXPECT_FALSE(publisher.revocation_of(publisher.release.keys.front()));
}

TEST_F(PublisherTest, LetsNoRevokedKeySignWhateverTheRolesSay) {
    auto publisher = parse_publisher(given(document)).value();
    publisher.revoked.push_back({publisher.release.keys.front(), 58, ""});
    EXPECT_TRUE(publisher.release_ring().keys().empty());
    EXPECT_EQ(publisher.root_ring().keys().size(), 3U);
}

TEST_F(PublisherTest, RefusesEachFaultWithItsOwnReason) {
    EXPECT_EQ(reason("RWRbBYxLU3hp", "RWRbBYxLU3h"), "key_base64");
    EXPECT_EQ(reason("\"6beba28e", "\"7beba28e"), "key_mismatch");
    EXPECT_EQ(reason("    \"6beba28e", "    \"7beba28e"), "role_key_unknown");
    EXPECT_EQ(reason("    \"6beba28e0a3cb4a904639e15c5ead6f410ec5df2f6dcf5182fce7ae207b28d55",
                     "    \"f583bf8a468498e9b23b1361f674587697347c3803a629a634b1e92bf1c09f6c"),
              "role_key_duplicate");
    EXPECT_EQ(reason("\"threshold\": 2", "\"threshold\": 4"), "role_threshold");
    EXPECT_EQ(reason("\"threshold\": 2", "\"threshold\": 0"), "member_zero");
    EXPECT_EQ(reason("63726f66742f31", "63726f66742f3"), "member_hex");
    EXPECT_EQ(reason("\"salt\"", "\"key\": \"00\", \"salt\""), "beacon_key");
    EXPECT_EQ(reason("2027-12-01", "2026-05-01"), "expires_early");
    EXPECT_EQ(reason("\"version\": 2", "\"version\": 1"), "previous_missing");
    EXPECT_EQ(reason("\"previous\"", "\"previously\""), "previous_missing");
    EXPECT_EQ(reason("\"version\": 1", "\"version\": 2"), "previous_version");
}

TEST_F(PublisherTest, ComesBackAsItWasWritten) {
    auto publisher = parse_publisher(given(document)).value();
    publisher.beacon_key = publisher.beacon.keys.front();
    publisher.reset = Publisher::Reset{60, std::nullopt};
    publisher.homepage = "";
    const std::string bytes = write(publisher);
    const auto again = parse_publisher(given(bytes));
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(again->root, publisher.root);
    EXPECT_EQ(again->beacon_key, publisher.beacon_key);
    EXPECT_EQ(again->reset->catalogue, 60U);
    EXPECT_EQ(write(*again), bytes);
}

TEST(Beacon, NamesTheNewestCatalogue) {
    const std::string document = test::read_vector("docs/feed-58/beacon.json");
    const auto beacon = parse_beacon(given(document)).value();
    EXPECT_EQ(beacon.serial, 5800U);
    EXPECT_EQ(beacon.catalogue.version, 58U);
    EXPECT_EQ(beacon.catalogue.sha256,
              trust::sha256(test::read_vector("docs/feed-58/catalogue.json")));
    EXPECT_EQ(reason_of(parse_beacon(given(with(document, "2026-11-16", "2026-11-01")))),
              "expires_early");
    EXPECT_EQ(reason_of(parse_beacon(given(document + std::string(4096, ' ')))), "too_large");
}

RC_GTEST_PROP(DocumentsProperty, KeepAnyTextThatIsUtf8, (const std::string& bytes)) {
    std::string text;
    for (const char c : bytes) {
        if (static_cast<unsigned char>(c) < 0x80) text += c;
    }
    Catalogue catalogue;
    catalogue.version = 1;
    catalogue.publisher_document = {1, {}, 1};
    catalogue.final = true;
    Catalogue::Entry entry;
    entry.release = {"a", 1};
    entry.title["en"] = text + "é漢\u202e";
    entry.licence = text;
    entry.manifest = {"releases/a-1.json", {}, 1};
    catalogue.releases.push_back(entry);
    const auto again = parse_catalogue(given(write(catalogue)));
    RC_ASSERT(again.has_value());
    RC_ASSERT(again->releases.front().title == entry.title);
    RC_ASSERT(again->releases.front().licence == text);
}

}  // namespace
}  // namespace croft::catalog
