#include "benchmarks/bare_hash.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <thread>

namespace croft::bench::bare {
namespace {

constexpr std::size_t block = 16 * 1024, mebibyte = 1024 * 1024;

class Hash {
public:
    explicit Hash(const EVP_MD* algorithm) : algorithm_(algorithm), context_(EVP_MD_CTX_new()) {
        EVP_DigestInit_ex(context_, algorithm_, nullptr);
    }
    Hash(const Hash&) = delete;
    Hash& operator=(const Hash&) = delete;
    ~Hash() { EVP_MD_CTX_free(context_); }

    void update(const char* bytes, std::size_t size) { EVP_DigestUpdate(context_, bytes, size); }
    void finish() {
        unsigned char digest[EVP_MAX_MD_SIZE];
        EVP_DigestFinal_ex(context_, digest, nullptr);
        EVP_DigestInit_ex(context_, nullptr, nullptr);
    }
    void of(const char* bytes, std::size_t size) {
        update(bytes, size);
        finish();
    }

private:
    const EVP_MD* algorithm_;
    EVP_MD_CTX* context_;
};

const EVP_MD* sha256() {
    static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    return algorithm;
}
const EVP_MD* sha1() {
    static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA1", nullptr);
    return algorithm;
}

void on_all_cores(const std::function<void(unsigned)>& work) {
    std::vector<std::jthread> threads;
    for (unsigned i = 0; i < std::max(1U, std::thread::hardware_concurrency()); ++i)
        threads.emplace_back(work, i);
}

struct File {
    explicit File(const std::filesystem::path& path)
        : number(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ~File() { ::close(number); }

    std::size_t read(std::vector<char>& buffer, std::uint64_t offset) const {
        const ssize_t got =
            ::pread(number, buffer.data(), buffer.size(), static_cast<off_t>(offset));
        return got > 0 ? static_cast<std::size_t>(got) : 0;
    }
    int number;
};

}  // namespace

void three_hashes(const std::filesystem::path& path, std::uint64_t piece_length) {
    const File file(path);
    std::atomic<std::uint64_t> next_piece = 0;
    on_all_cores([&](unsigned thread) {
        std::vector<char> buffer(piece_length);
        Hash whole(sha256()), blocks(sha256()), piece(sha1());
        if (thread == 0) {
            std::uint64_t offset = 0;
            while (const std::size_t got = file.read(buffer, offset)) {
                whole.update(buffer.data(), got);
                offset += got;
            }
            whole.finish();
        }
        while (const std::size_t got = file.read(buffer, next_piece++ * piece_length)) {
            piece.of(buffer.data(), got);
            for (std::size_t at = 0; at < got; at += block)
                blocks.of(buffer.data() + at, std::min(block, got - at));
        }
    });
}

void sha256_of_chunks(const std::filesystem::path& path) {
    const File file(path);
    std::atomic<std::uint64_t> next = 0;
    on_all_cores([&](unsigned) {
        std::vector<char> buffer(mebibyte);
        Hash hash(sha256());
        while (const std::size_t got = file.read(buffer, next++ * mebibyte))
            hash.of(buffer.data(), got);
    });
}

void sha256_of_files(const std::vector<std::filesystem::path>& paths) {
    std::atomic<std::size_t> next = 0;
    on_all_cores([&](unsigned) {
        std::vector<char> buffer(mebibyte);
        Hash hash(sha256());
        for (std::size_t i = next++; i < paths.size(); i = next++) {
            const File file(paths[i]);
            std::uint64_t offset = 0;
            while (const std::size_t got = file.read(buffer, offset)) {
                hash.update(buffer.data(), got);
                offset += got;
            }
            hash.finish();
        }
    });
}

}  // namespace croft::bench::bare
