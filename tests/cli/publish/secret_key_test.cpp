#include "cli/publish/secret_key.h"

#include "cli/publish/sign.h"
#include "command.h"
#include "files.h"
#include "testing/shared.h"
#include "testing/temporary_folder.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>

namespace croft::publish {
namespace {

namespace fs = std::filesystem;
using test::shell;

AskPassword answer(std::string password) {
    return [password]() -> Result<SecretBytes> { return SecretBytes(password); };
}

Result<SecretBytes> must_not_ask() {
    ADD_FAILURE() << "asked for a password";
    return SecretBytes();
}

/// A key file of the vectors, with the rights that a key file needs.
fs::path vector_key(const test::TemporaryFolder& folder, const std::string& name) {
    const fs::path copy = folder.path() / name;
    fs::copy_file(test::vectors() / "minisign" / name, copy, fs::copy_options::overwrite_existing);
    fs::permissions(copy, fs::perms::owner_read | fs::perms::owner_write);
    return copy;
}

std::string vector_file(const std::string& name) {
    return test::read(test::vectors() / "minisign" / name);
}

void expect_stock_accepts(const SecretKey& key, const fs::path& folder) {
    test::write(folder / "doc", "signed by us\n");
    test::write(folder / "doc.minisig", sign(key, "signed by us\n", "croft.test/1 version=1"));
    const auto result = shell(fmt::format("cd {} && minisign -HVm doc -P {}", folder.native(),
                                          key.public_key().minisign()));
    EXPECT_EQ(result.status, 0) << result.output;
    EXPECT_NE(result.output.find("Trusted comment: croft.test/1 version=1"), std::string::npos)
        << result.output;
}

TEST(SecretKey, ReadsKeysOfStockMinisignWithPassword) {
    CROFT_NEEDS(test::vectors());
    const test::TemporaryFolder folder;
    const auto k1 =
        load_secret_key(vector_key(folder, "k1.key"), answer("correct horse battery staple"));
    ASSERT_TRUE(k1) << k1.error().message;
    EXPECT_EQ(k1->public_key(), trust::PublicKey::parse(vector_file("k1.pub")).value());
    expect_stock_accepts(*k1, folder.path());

    const auto k3 = load_secret_key(vector_key(folder, "k3.key"), answer("pässwörd"));
    ASSERT_TRUE(k3) << k3.error().message;
    EXPECT_EQ(k3->public_key(), trust::PublicKey::parse(vector_file("k3.pub")).value());
}

TEST(SecretKey, ReadsKeysWithoutPasswordAndAsksForNone) {
    CROFT_NEEDS(test::vectors());
    const test::TemporaryFolder folder;
    const auto key = load_secret_key(vector_key(folder, "k2.key"), must_not_ask);
    ASSERT_TRUE(key) << key.error().message;
    EXPECT_EQ(key->public_key().id.text(),
              trust::PublicKey::parse(vector_file("k2.pub"))->id.text());
    expect_stock_accepts(*key, folder.path());
}

TEST(SecretKey, SignsTheSameBytesAsStockMinisign) {
    CROFT_NEEDS(test::vectors());
    const test::TemporaryFolder folder;
    const auto key = load_secret_key(vector_key(folder, "k4_interactive.key"), answer("pass"));
    ASSERT_TRUE(key) << key.error().message;
    const auto stock = trust::Signature::parse(vector_file("doc.json.k4.minisig")).value();
    const auto ours =
        trust::Signature::parse(sign(*key, vector_file("doc.json"), stock.trusted_comment)).value();
    EXPECT_EQ(ours.of_document, stock.of_document);
    EXPECT_EQ(ours.of_comment, stock.of_comment);
    EXPECT_EQ(ours.key_id, stock.key_id);
}

TEST(SecretKey, WritesWhatStockMinisignReads) {
    const test::TemporaryFolder folder;
    const auto key = SecretKey::generate();
    ASSERT_TRUE(save_secret_key(folder.path() / "clear.key", key, SecretBytes(), Cost::moderate));
    ASSERT_TRUE(save_secret_key(folder.path() / "locked.key", key, SecretBytes("pass word"),
                                Cost::moderate));
    test::write(folder.path() / "our.pub", public_key_file(key.public_key()));
    const auto in_folder = "cd " + folder.path().native() + " && echo hello > doc && ";
    auto result =
        shell(in_folder + "minisign -WSHm doc -s clear.key && minisign -HVm doc -p our.pub");
    EXPECT_EQ(result.status, 0) << result.output;
    result =
        shell(in_folder +
              "echo 'pass word' | minisign -SHm doc -s locked.key && minisign -HVm doc -p our.pub");
    EXPECT_EQ(result.status, 0) << result.output;
    // Stock derives the public key from the secret file.
    result = shell(in_folder + "minisign -WRf -s clear.key -p again.pub && cat again.pub");
    EXPECT_EQ(result.status, 0) << result.output;
    EXPECT_EQ(result.output.find(key.public_key().minisign()) == std::string::npos, false)
        << result.output;
}

TEST(SecretKey, WritesFilesThatOnlyTheOwnerReads) {
    const test::TemporaryFolder folder;
    const fs::path path = folder.path() / "daily.key";
    ASSERT_TRUE(save_secret_key(path, SecretKey::generate(), SecretBytes(), Cost::moderate));
    EXPECT_EQ(fs::status(path).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST(SecretKey, NeverOverwritesAKey) {
    const test::TemporaryFolder folder;
    const fs::path path = folder.path() / "daily.key";
    ASSERT_TRUE(save_secret_key(path, SecretKey::generate(), SecretBytes(), Cost::moderate));
    const std::string before = test::read(path);
    const auto again = save_secret_key(path, SecretKey::generate(), SecretBytes(), Cost::moderate);
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().reason, "key_exists");
    EXPECT_EQ(test::read(path), before);
}

TEST(SecretKey, RefusesAWrongPassword) {
    const test::TemporaryFolder folder;
    const fs::path path = folder.path() / "daily.key";
    ASSERT_TRUE(save_secret_key(path, SecretKey::generate(), SecretBytes("right"), Cost::moderate));
    const auto key = load_secret_key(path, answer("wrong"));
    ASSERT_FALSE(key);
    EXPECT_EQ(key.error().reason, "wrong_password");
}

TEST(SecretKey, RefusesFilesThatOthersMayReadOrThatAreSymlinks) {
    const test::TemporaryFolder folder;
    const fs::path path = folder.path() / "daily.key";
    ASSERT_TRUE(save_secret_key(path, SecretKey::generate(), SecretBytes(), Cost::moderate));
    fs::create_symlink(path, folder.path() / "link.key");
    EXPECT_EQ(load_secret_key(folder.path() / "link.key", must_not_ask).error().reason,
              "key_is_symlink");
    fs::permissions(path, fs::perms::group_read, fs::perm_options::add);
    EXPECT_EQ(load_secret_key(path, must_not_ask).error().reason, "key_readable_by_others");
    EXPECT_EQ(load_secret_key(folder.path(), must_not_ask).error().reason, "key_not_a_file");
    EXPECT_EQ(load_secret_key(folder.path() / "none.key", must_not_ask).error().code,
              Errc::not_found);
}

TEST(SecretKey, RefusesFilesOfAnotherUser) {
    if (::geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
    const test::TemporaryFolder folder;
    const fs::path path = folder.path() / "daily.key";
    ASSERT_TRUE(save_secret_key(path, SecretKey::generate(), SecretBytes(), Cost::moderate));
    ASSERT_EQ(::chown(path.c_str(), 65534, 65534), 0);
    EXPECT_EQ(load_secret_key(path, must_not_ask).error().reason, "key_of_another_user");
}

/// A key file in which one byte, counted before base64, is another.
std::string with_byte(const SecretBytes& file, std::size_t at, std::uint8_t value) {
    const std::string text(file.text());
    const std::string head = text.substr(0, text.find('\n') + 1);
    const auto decoded =
        shell(fmt::format("echo '{}' | base64 -d | xxd -p -c 999", text.substr(head.size())));
    std::string hex = decoded.output.substr(0, decoded.output.find('\n'));
    hex.replace(at * 2, 2, fmt::format("{:02x}", value));
    return head + shell(fmt::format("echo {} | xxd -r -p | base64 -w0", hex)).output + "\n";
}

TEST(SecretKey, RefusesWorkThatNoHonestFileAsksFor) {
    const auto file =
        write_secret_key(SecretKey::generate(), SecretBytes("pass"), Cost::moderate).value();
    for (const std::size_t most_significant : {45U, 53U}) {
        const auto key = parse_secret_key(with_byte(file, most_significant, 1), answer("pass"));
        ASSERT_FALSE(key);
        EXPECT_EQ(key.error().reason, "kdf_too_expensive");
    }
}

TEST(SecretKey, RefusesAPublicHalfThatIsNotTheSeeds) {
    const auto file =
        write_secret_key(SecretKey::generate(), SecretBytes(), Cost::moderate).value();
    const auto key = parse_secret_key(with_byte(file, 100, 0x55), must_not_ask);
    ASSERT_FALSE(key);
    EXPECT_EQ(key.error().reason, "inconsistent_key");
}

TEST(SecretKey, RefusesWhatIsNoKeyFile) {
    const auto good =
        write_secret_key(SecretKey::generate(), SecretBytes(), Cost::moderate).value();
    const std::string text(good.text());
    EXPECT_EQ(parse_secret_key("", must_not_ask).error().reason, "not_a_secret_key");
    EXPECT_EQ(parse_secret_key(text.substr(0, text.size() - 9), must_not_ask).error().reason,
              "not_a_secret_key");
    EXPECT_EQ(parse_secret_key(text.substr(1), must_not_ask).error().reason, "not_a_secret_key");
    EXPECT_EQ(parse_secret_key(public_key_file(SecretKey::generate().public_key()), must_not_ask)
                  .error()
                  .reason,
              "not_a_secret_key");
    EXPECT_EQ(parse_secret_key(with_byte(good, 2, 'X'), must_not_ask).error().reason,
              "unknown_kdf");
}

TEST(SecretKey, IsReadBackWithItsIdAndKey) {
    const auto key = SecretKey::generate();
    const auto file = write_secret_key(key, SecretBytes("pass"), Cost::moderate).value();
    const auto back = parse_secret_key(file.text(), answer("pass"));
    ASSERT_TRUE(back) << back.error().message;
    EXPECT_EQ(back->public_key(), key.public_key());
    EXPECT_EQ(back->public_key().id, key.public_key().id);
}

}  // namespace
}  // namespace croft::publish
