#include "base/text.h"
#include "testing/shared.h"
#include "testing/signer.h"
#include "testing/temporary_folder.h"
#include "testing/vectors.h"
#include "trust/signature.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

// Our verdict beside that of stock minisign, as recorded in the vectors and, where it is installed,
// as it answers now.
namespace croft::trust {
namespace {

bool we_accept(std::string_view key, std::string_view document, std::string_view signature) {
    const auto public_key = PublicKey::parse(key);
    const auto parsed = Signature::parse(signature);
    return public_key && parsed && check(*parsed, document, *public_key);
}

bool has_minisign() { return std::system("command -v minisign >/dev/null 2>&1") == 0; }  // NOLINT

void write(const std::filesystem::path& path, std::string_view content) {
    std::ofstream(path, std::ios::binary) << content;
}

/// `minisign -HVm`: the exit code of the real one.
bool minisign_accepts(std::string_view key, std::string_view document, std::string_view signature) {
    const test::TemporaryFolder folder;
    write(folder.path() / "key.pub", key);
    write(folder.path() / "document", document);
    write(folder.path() / "signature", signature);
    const std::string command =
        "cd " + folder.path().native() +
        " && minisign -HVm document -x signature -p key.pub >/dev/null 2>&1";
    return std::system(command.c_str()) == 0;  // NOLINT(concurrency-mt-unsafe,cert-env33-c)
}

TEST(Minisign, AgreesOnEveryRecordedCase) {
    int cases = 0;
    const std::string table = test::read_vector("minisign/cases.tsv");
    for (const auto line : split(table, '\n')) {
        if (line.empty() || line.starts_with('#')) continue;
        const auto column = split(line, '\t');
        ASSERT_EQ(column.size(), 6U) << line;
        const auto file = [&](std::size_t i) {
            return test::read_vector("minisign/" + std::string(column[i]));
        };
        // Without -H stock also takes the legacy form; we are always as strict as with it.
        const bool is_legacy = column[4].find("legacy") != std::string_view::npos;
        EXPECT_EQ(we_accept(file(2), file(3), file(4)), column[1] == "ok" && !is_legacy) << line;
        ++cases;
    }
    EXPECT_EQ(cases, 23);
}

TEST(Minisign, AgreesWithTheStockProgramOnItsFieldsFixtures) {
    const auto fixtures = test::testdata() / "signatures/minisign";
    CROFT_NEEDS(fixtures);
    if (!has_minisign()) GTEST_SKIP() << "minisign is not installed";
    int accepted = 0, refused = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(fixtures)) {
        if (entry.path().extension() != ".minisig") continue;
        const auto folder = entry.path().parent_path();
        auto message = folder / entry.path().stem();
        if (!std::filesystem::exists(message)) message = folder / "example.txt";
        for (const auto& key : std::filesystem::directory_iterator(folder)) {
            if (key.path().extension() != ".pub") continue;
            const auto bytes = [](const auto& path) { return read_file(path, 1 << 20).value(); };
            const bool ours = we_accept(bytes(key.path()), bytes(message), bytes(entry.path()));
            EXPECT_EQ(ours,
                      minisign_accepts(bytes(key.path()), bytes(message), bytes(entry.path())))
                << entry.path() << " with " << key.path();
            (ours ? accepted : refused)++;
        }
    }
    EXPECT_GE(accepted, 2);
    EXPECT_GE(refused, 10);
}

TEST(Minisign, AgreesWithTheStockProgramOnDamagedFiles) {
    if (!has_minisign()) GTEST_SKIP() << "minisign is not installed";
    const std::string key = test::read_vector("minisign/k1.pub"),
                      document = test::read_vector("minisign/doc.json"),
                      good = test::read_vector("minisign/doc.json.k1.minisig");
    ASSERT_TRUE(we_accept(key, document, good));
    ASSERT_TRUE(minisign_accepts(key, document, good));
    for (std::size_t at = 0; at < good.size(); at += 3) {
        std::string damaged = good;
        damaged[at] = static_cast<char>(damaged[at] ^ (1 << (at % 7)));
        EXPECT_EQ(we_accept(key, document, damaged), minisign_accepts(key, document, damaged))
            << "byte " << at << ":\n"
            << damaged;
    }
    for (std::size_t length = 0; length < good.size(); length += 5) {
        const std::string cut = good.substr(0, length);
        EXPECT_EQ(we_accept(key, document, cut), minisign_accepts(key, document, cut)) << length;
    }
}

TEST(Minisign, AcceptsWhatTheTestsSign) {
    if (!has_minisign()) GTEST_SKIP() << "minisign is not installed";
    const test::Signer signer(7);
    const std::string key = "untrusted comment: a key\n" + signer.key().minisign() + "\n";
    EXPECT_TRUE(minisign_accepts(key, "hello", signer.sign("hello")));
    EXPECT_FALSE(minisign_accepts(key, "hullo", signer.sign("hello")));
}

}  // namespace
}  // namespace croft::trust
