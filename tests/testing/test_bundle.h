#pragma once

#include "bundle/hash_files.h"
#include "bundle/make_torrent.h"
#include "bundle/torrent.h"
#include "testing/temporary_folder.h"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

namespace croft::test {

/// Bytes that look random and are the same in every run.
inline std::string noise(std::size_t size, std::uint32_t seed) {
    std::mt19937 random(seed);
    std::string bytes(size, '\0');
    std::ranges::generate(bytes, [&] { return static_cast<char>(random()); });
    return bytes;
}

inline void write_bytes(const std::filesystem::path& path, const std::string& bytes) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << bytes;
}

inline std::string read_bytes(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// The torrent of a folder, which is named as the folder.
inline bundle::Torrent torrent_of(const std::filesystem::path& folder, std::uint64_t piece_length) {
    std::vector<bundle::FileToHash> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (!entry.is_regular_file()) continue;
        files.push_back({.path = entry.path(), .size = entry.file_size(), .copy_to = {}});
    }
    std::ranges::sort(files, {}, &bundle::FileToHash::path);
    bundle::HashOptions options;
    options.piece_length = piece_length;
    auto hashes = bundle::hash_files(files, options);
    if (!hashes) throw std::runtime_error(hashes.error().message);
    std::vector<bundle::TorrentFileEntry> entries;
    for (std::size_t i = 0; i < files.size(); ++i) {
        const auto path = std::filesystem::relative(files[i].path, folder).generic_string();
        entries.push_back({path, files[i].size, std::move((*hashes)[i])});
    }
    auto torrent = bundle::parse_torrent(
        bundle::make_torrent(folder.filename().native(), piece_length, entries));
    if (!torrent) throw std::runtime_error(torrent.error().message);
    return std::move(*torrent);
}

/// A bundle as its publisher has it: a folder of files, and its torrent.
class TestBundle {
public:
    static constexpr std::uint64_t piece_length = 16 * 1024;

    TestBundle(const std::string& name, std::size_t big_file_size) {
        write_bytes(folder_of(name) / "articles/one.txt", "one\n");
        write_bytes(folder_of(name) / "articles/two.txt", noise(40'000, 2));
        write_bytes(folder_of(name) / "big.bin", noise(big_file_size, 3));
        torrent_ = torrent_of(folder_of(name), piece_length);
    }

    const bundle::Torrent& torrent() const { return torrent_; }
    const catalog::BundleId& id() const { return torrent_.id; }
    std::filesystem::path folder() const { return folder_of(torrent_.name); }

    /// A whole copy of the files below `bundles`.
    void copy_to(const std::filesystem::path& bundles) const {
        std::filesystem::copy(folder(), bundles / torrent_.name,
                              std::filesystem::copy_options::recursive);
    }

    /// Whether `bundles` has every file, byte for byte.
    bool is_whole_in(const std::filesystem::path& bundles) const {
        return std::ranges::all_of(torrent_.files, [&](const auto& file) {
            return read_bytes(bundles / torrent_.name / file.path) ==
                   read_bytes(folder() / file.path);
        });
    }

private:
    std::filesystem::path folder_of(const std::string& name) const { return home_.path() / name; }

    TemporaryFolder home_;
    bundle::Torrent torrent_;
};

}  // namespace croft::test
