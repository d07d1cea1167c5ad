// Publishing and verifying: how fast beside the least a program could do, and beside libtorrent.
//
//     bench_hash                     everything, in a temporary folder in /dev/shm: takes 3 GiB
//     bench_hash publish|verify DIR  one of ours over a folder, for `perf`; says its peak of memory

#include "benchmarks/bare_hash.h"
#include "benchmarks/libtorrent_hash.h"
#include "benchmarks/pairs.h"
#include "bundle/check.h"
#include "bundle/make_torrent.h"
#include "bundle/piece_length.h"
#include "bundle/scan.h"

#include <cstdlib>
#include <fstream>
#include <memory>

namespace {

namespace fs = std::filesystem;
using namespace std::string_literals;
using namespace croft;
using namespace croft::bundle;

constexpr std::uint64_t kib = 1024, mib = 1024 * kib, gib = 1024 * mib;

class Noise {
public:
    void write(const fs::path& path, std::uint64_t size) {
        std::ofstream file(path, std::ios::binary);
        std::vector<std::uint64_t> buffer(mib / 8);
        while (size > 0) {
            for (auto& word : buffer)
                word = next();
            const std::uint64_t part = std::min(size, mib);
            file.write(reinterpret_cast<const char*>(buffer.data()),
                       static_cast<std::streamsize>(part));
            size -= part;
        }
    }

private:
    std::uint64_t next() {
        state_ ^= state_ << 13;
        state_ ^= state_ >> 7;
        return state_ ^= state_ << 17;
    }
    std::uint64_t state_ = 88172645463325252U;
};

/// 20,000 files of 2 KiB to 105 KiB, 1 GiB in all, in 100 folders.
void write_small_files(const fs::path& folder) {
    Noise noise;
    for (std::uint64_t i = 0; i < 20'000; ++i) {
        const fs::path below = folder / std::to_string(i % 100);
        if (i < 100) fs::create_directories(below);
        noise.write(below / (std::to_string(i) + ".bin"),
                    2 * kib + (i * 7919 % 20'000) * 5264 / 1000);
    }
}

/// What `publish` does with the bytes of a folder: everything but the signatures.
struct Published {
    std::string bytes;
    Torrent torrent;
    catalog::Release release;
};

Published publish(const fs::path& folder) {
    const Scanned scanned = scan(folder).value();
    std::vector<FileToHash> files;
    std::vector<std::uint64_t> sizes;
    for (const auto& file : scanned.files) {
        files.push_back({folder / file.path, file.size});
        sizes.push_back(file.size);
    }
    const std::uint64_t piece_length = choose_piece_length(sizes);
    auto hashes = hash_files(files, {.piece_length = piece_length}).value();
    Published published;
    std::vector<TorrentFileEntry> entries;
    for (std::size_t i = 0; i < files.size(); ++i) {
        published.release.files.push_back(
            {scanned.files[i].path, sizes[i], hashes[i].sha256, hashes[i].root});
        entries.push_back({scanned.files[i].path, sizes[i], std::move(hashes[i])});
    }
    published.bytes = make_torrent("bench-1", piece_length, entries);
    return published;
}

void verify(const fs::path& folder, const Published& published) {
    const auto checked = check_folder(folder, published.release, published.torrent, {});
    if (!checked || !checked->is_whole()) std::abort();
}

double megabytes(std::uint64_t bytes) { return static_cast<double>(bytes) / 1e6; }

void run(const fs::path& folder, const std::string& program) {
    const fs::path big = folder / "big", small = folder / "small";
    fs::create_directories(big);
    Noise().write(big / "file.bin", 2 * gib);
    write_small_files(small);
    const Scanned scanned = scan(small).value();
    std::vector<fs::path> small_files;
    std::uint64_t small_bytes = 0;
    for (const auto& file : scanned.files) {
        small_files.push_back(small / file.path);
        small_bytes += file.size;
    }
    const Published big_release = publish(big), small_release = publish(small);

    std::printf("%-52s | ours         | theirs       | ratio\n", "what");
    bench::pair(
        "publish, a file of 2 GiB / bare pread + EVP", megabytes(2 * gib), [&] { publish(big); },
        [&] { bench::bare::three_hashes(big / "file.bin", mib); }, 0.9);
    bench::pair(
        "publish, 20,000 files, 1 GiB / set_piece_hashes", megabytes(small_bytes),
        [&] { publish(small); }, [&] { bench::libtorrent_hybrid(small); }, 8);
    bench::pair(
        "verify, a file of 2 GiB / bare pread + SHA-256", megabytes(2 * gib),
        [&] { verify(big, big_release); }, [&] { bench::bare::sha256_of_chunks(big / "file.bin"); },
        0.9);
    bench::pair(
        "verify, 20,000 files, 1 GiB / bare pread + SHA-256", megabytes(small_bytes),
        [&] { verify(small, small_release); }, [&] { bench::bare::sha256_of_files(small_files); },
        0.9);
    for (const auto& [what, source] :
         {std::pair("a file of 2 GiB", big), {"20,000 files", small}}) {
        for (const char* part : {"publish", "verify"}) {
            bench::peak("peak memory of "s + part + ", " + what,
                        "'" + program + "' " + part + " " + source.native(), 64);
        }
    }
}

}  // namespace

int main(int count, char** arguments) {
    if (count == 3) {
        const Published published = publish(arguments[2]);
        if (arguments[1] == "verify"s) verify(arguments[2], published);
        std::printf("%.1f\n", bench::peak_mib());
        return 0;
    }
    std::string folder = "/dev/shm/croft-bench-XXXXXX";
    if (!::mkdtemp(folder.data())) return 1;
    run(folder, fs::read_symlink("/proc/self/exe"));
    fs::remove_all(folder);
}
