#include "cli/publish/secret_key.h"

#include "base/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cassert>
#include <cerrno>

namespace croft::publish {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view comment_prefix = "untrusted comment: ";
constexpr std::size_t file_cap = 4096;

// A key file may ask for any amount of work; more than four times stock's own is nobody's honest
// wish.
constexpr std::uint64_t operations_cap = 4ULL * 33'554'432;
constexpr std::uint64_t memory_cap = 2ULL * 1024 * 1024 * 1024;

struct ScryptCost {
    std::uint64_t operations = 0, memory = 0;
};

ScryptCost scrypt_cost(Cost cost) {
    switch (cost) {
        case Cost::moderate: return {4'194'304, 128ULL * 1024 * 1024};
        case Cost::sensitive: return {33'554'432, 1024ULL * 1024 * 1024};
    }
    assert(false);
    return {};
}

tl::unexpected<Error> malformed(std::string reason, std::string message) {
    return fail(Errc::malformed, std::move(reason), std::move(message));
}

void store_le64(std::span<std::uint8_t> out, std::uint64_t value) {
    for (std::size_t i = 0; i < 8; ++i)
        out[i] = static_cast<std::uint8_t>(value >> (8 * i));
}

std::uint64_t load_le64(std::span<const std::uint8_t> in) {
    std::uint64_t value = 0;
    for (std::size_t i = 8; i-- > 0;)
        value = value << 8 | in[i];
    return value;
}

}  // namespace

/// The 158 bytes of a key file before base64, field by field
/// (https://jedisct1.github.io/minisign/).
class SecretKeyFile {
public:
    static constexpr std::size_t size = 158;

    SecretKeyFile() : bytes_(size) {}

    static SecretKeyFile of(const SecretKey& key) {
        SecretKeyFile file;
        std::ranges::copy(std::string_view("Ed"), file.at(0, 2).data());
        std::ranges::copy(std::string_view("B2"), file.at(4, 2).data());
        std::ranges::copy(key.public_.id.bytes, file.key_id().data());
        std::ranges::copy(key.secret_.bytes(), file.secret().data());
        return file;
    }

    Outcome check_form() const {
        if (as_text(at(0, 2)) != "Ed" || as_text(at(4, 2)) != "B2") {
            return malformed("not_a_secret_key", "the file is no minisign secret key");
        }
        if (is_encrypted() || (at(2, 1)[0] == 0 && at(3, 1)[0] == 0)) return {};
        return malformed("unknown_kdf", "the key's password is kept in a way we don't know");
    }

    bool is_encrypted() const { return as_text(at(2, 2)) == "Sc"; }

    Outcome encrypt(const SecretBytes& password, ScryptCost cost) {
        std::ranges::copy(std::string_view("Sc"), at(2, 2).data());
        randombytes_buf(salt().data(), salt().size());
        store_le64(at(38, 8), cost.operations);
        store_le64(at(46, 8), cost.memory);
        std::ranges::copy(checksum_now(), checksum().data());
        return apply_stream(password);
    }

    Outcome decrypt(const SecretBytes& password) {
        if (load_le64(at(38, 8)) > operations_cap || load_le64(at(46, 8)) > memory_cap) {
            return malformed("kdf_too_expensive",
                             "the key file asks for more work than any honest one");
        }
        if (auto applied = apply_stream(password); !applied) return applied;
        if (sodium_memcmp(checksum_now().data(), checksum().data(), 32) != 0) {
            return fail(Errc::not_allowed, "wrong_password", "wrong password");
        }
        return {};
    }

    Result<SecretKey> key() const {
        SecretKey key;
        std::ranges::copy(secret(), key.secret_.bytes().data());
        std::ranges::copy(key_id(), key.public_.id.bytes.data());
        SecretBytes derived(crypto_sign_SECRETKEYBYTES);
        crypto_sign_seed_keypair(key.public_.ed25519.data(), derived.bytes().data(),
                                 secret().data());
        if (sodium_memcmp(derived.bytes().data(), secret().data(), derived.size()) != 0) {
            return malformed("inconsistent_key",
                             "the key's public half does not belong to its secret one");
        }
        return key;
    }

    std::span<std::uint8_t> bytes() { return bytes_.bytes(); }

private:
    std::span<std::uint8_t> at(std::size_t from, std::size_t count) {
        return bytes_.bytes().subspan(from, count);
    }
    std::span<const std::uint8_t> at(std::size_t from, std::size_t count) const {
        return bytes_.bytes().subspan(from, count);
    }
    std::span<std::uint8_t> salt() { return at(6, 32); }
    std::span<std::uint8_t> key_id() { return at(54, 8); }
    std::span<const std::uint8_t> key_id() const { return at(54, 8); }
    std::span<std::uint8_t> secret() { return at(62, 64); }
    std::span<const std::uint8_t> secret() const { return at(62, 64); }
    std::span<std::uint8_t> checksum() { return at(126, 32); }

    std::array<std::uint8_t, 32> checksum_now() const {
        std::array<std::uint8_t, 32> sum{};
        crypto_generichash_state state;
        crypto_generichash_init(&state, nullptr, 0, sum.size());
        crypto_generichash_update(&state, at(0, 2).data(), 2);
        crypto_generichash_update(&state, key_id().data(), 8);
        crypto_generichash_update(&state, secret().data(), 64);
        crypto_generichash_final(&state, sum.data(), sum.size());
        return sum;
    }

    Outcome apply_stream(const SecretBytes& password) {
        SecretBytes stream(104);
        if (crypto_pwhash_scryptsalsa208sha256(
                stream.bytes().data(), stream.size(), password.text().data(), password.size(),
                salt().data(), load_le64(at(38, 8)),
                static_cast<std::size_t>(load_le64(at(46, 8)))) != 0) {
            return fail(Errc::io, "kdf_failed",
                        fmt::format("not enough memory for the key's password: {} MiB are needed",
                                    load_le64(at(46, 8)) / (1024 * 1024)));
        }
        const auto sealed = at(54, 104);
        for (std::size_t i = 0; i < sealed.size(); ++i)
            sealed[i] ^= stream.bytes()[i];
        return {};
    }

    SecretBytes bytes_;
};

SecretKey SecretKey::generate() {
    SecretKey key;
    crypto_sign_keypair(key.public_.ed25519.data(), key.secret_.bytes().data());
    randombytes_buf(key.public_.id.bytes.data(), key.public_.id.bytes.size());
    return key;
}

std::array<std::uint8_t, 64> SecretKey::sign(std::span<const std::uint8_t> message) const {
    std::array<std::uint8_t, 64> signature{};
    crypto_sign_detached(signature.data(), nullptr, message.data(), message.size(),
                         secret_.bytes().data());
    return signature;
}

Result<SecretBytes> write_secret_key(const SecretKey& key, const SecretBytes& password, Cost cost) {
    auto file = SecretKeyFile::of(key);
    if (!password.empty()) {
        if (auto sealed = file.encrypt(password, scrypt_cost(cost)); !sealed) {
            return tl::unexpected(sealed.error());
        }
    }
    const std::string head =
        fmt::format("{}minisign {}secret key {}\n", comment_prefix,
                    password.empty() ? "" : "encrypted ", key.public_key().id.text());
    constexpr std::size_t encoded =
        sodium_base64_ENCODED_LEN(SecretKeyFile::size, sodium_base64_VARIANT_ORIGINAL);
    SecretBytes text(head.size() + encoded);  // the terminating zero's place takes the last newline
    std::ranges::copy(head, text.bytes().data());
    sodium_bin2base64(reinterpret_cast<char*>(text.bytes().data() + head.size()), encoded,
                      file.bytes().data(), SecretKeyFile::size, sodium_base64_VARIANT_ORIGINAL);
    text.bytes().back() = '\n';
    return text;
}

Result<SecretKey> parse_secret_key(std::string_view text, const AskPassword& password) {
    const std::size_t end_of_comment = text.find('\n');
    if (!text.starts_with(comment_prefix) || end_of_comment == std::string_view::npos) {
        return malformed("not_a_secret_key", "the file is no minisign secret key");
    }
    std::string_view line = text.substr(end_of_comment + 1);
    line = line.substr(0, line.find_first_of("\r\n"));
    SecretKeyFile file;
    std::size_t decoded = 0;
    if (sodium_base642bin(file.bytes().data(), SecretKeyFile::size, line.data(), line.size(),
                          nullptr, &decoded, nullptr, sodium_base64_VARIANT_ORIGINAL) != 0 ||
        decoded != SecretKeyFile::size) {
        return malformed("not_a_secret_key", "the file is no minisign secret key");
    }
    if (auto form = file.check_form(); !form) return tl::unexpected(form.error());
    if (file.is_encrypted()) {
        auto given = password();
        if (!given) return tl::unexpected(given.error());
        if (auto opened = file.decrypt(*given); !opened) return tl::unexpected(opened.error());
    }
    return file.key();
}

Outcome save_secret_key(const fs::path& path, const SecretKey& key, const SecretBytes& password,
                        Cost cost) {
    std::error_code ignored;
    if (fs::exists(fs::symlink_status(path, ignored))) {
        return fail(Errc::conflict, "key_exists",
                    path.native() + " exists already; a key is never overwritten");
    }
    return replace_secret_key(path, key, password, cost);
}

Outcome replace_secret_key(const fs::path& path, const SecretKey& key, const SecretBytes& password,
                           Cost cost) {
    const auto text = write_secret_key(key, password, cost);
    if (!text) return tl::unexpected(text.error());
    return write_file(path, text->text(), 0600);
}

namespace {

Outcome check_owner(int file, const fs::path& path) {
    struct stat status {};
    if (::fstat(file, &status) != 0)
        return tl::unexpected(system_error("stat", path.native(), errno));
    const auto refuse = [&](std::string reason, std::string_view why) {
        return fail(Errc::not_allowed, std::move(reason), fmt::format("{} {}", path.native(), why));
    };
    if (!S_ISREG(status.st_mode)) return refuse("key_not_a_file", "is not a regular file");
    if (status.st_uid != ::geteuid())
        return refuse("key_of_another_user", "belongs to another user");
    if ((status.st_mode & 077) != 0)
        return refuse("key_readable_by_others", "may be read by others: chmod 600 it");
    return {};
}

Result<SecretBytes> read_secret(int file, const fs::path& path) {
    SecretBytes content(file_cap);
    std::size_t have = 0;
    while (have < content.size()) {
        const ssize_t got = ::read(file, content.bytes().data() + have, content.size() - have);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return tl::unexpected(system_error("read", path.native(), errno));
        if (got == 0) break;
        have += static_cast<std::size_t>(got);
    }
    if (have == content.size())
        return malformed("not_a_secret_key", path.native() + " is no minisign secret key");
    content.shorten(have);
    return content;
}

}  // namespace

Result<SecretKey> load_secret_key(const fs::path& path, const AskPassword& password) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
    if (!file && errno == ELOOP) {
        return fail(Errc::not_allowed, "key_is_symlink",
                    path.native() + " is a symbolic link: name the file itself");
    }
    if (!file) return tl::unexpected(system_error("open", path.native(), errno));
    if (auto owner = check_owner(file.number(), path); !owner) return tl::unexpected(owner.error());
    const auto content = read_secret(file.number(), path);
    if (!content) return tl::unexpected(content.error());
    return parse_secret_key(content->text(), password);
}

std::string public_key_file(const trust::PublicKey& key) {
    return fmt::format("{}minisign public key {}\n{}\n", comment_prefix, key.id.text(),
                       key.minisign());
}

}  // namespace croft::publish
