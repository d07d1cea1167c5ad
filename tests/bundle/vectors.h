#pragma once

#include "base/bytes.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace croft::test {

/// Torrents made by libtorrent, and the trees they were made from.
inline std::filesystem::path torrent_vectors() {
    return std::filesystem::path(CROFT_TEST_SOURCE) / "data/vectors/torrents";
}

inline std::string slurp(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

inline void spill(const std::filesystem::path& path, std::string_view content) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << content;
}

inline Sha256 sha256_of_hex(std::string_view digits) { return Sha256::from_hex(digits).value(); }

/// Bytes that look random and are the same every time.
inline std::string noise(std::size_t size, unsigned seed) {
    std::string bytes(size, '\0');
    std::uint64_t state = seed + 1;
    for (char& byte : bytes) {
        state = state * 6364136223846793005U + 1442695040888963407U;
        byte = static_cast<char>(state >> 56);
    }
    return bytes;
}

}  // namespace croft::test
