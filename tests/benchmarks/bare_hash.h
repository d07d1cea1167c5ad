#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

/// The least a program could do: pread and OpenSSL's EVP on all cores, results thrown away.
namespace croft::bench::bare {

/// SHA-1 of each piece, SHA-256 of each 16 KiB, SHA-256 of the whole: one thread does the
/// sequential one and then helps the others with the pieces.
void three_hashes(const std::filesystem::path& file, std::uint64_t piece_length);

/// SHA-256 of every MiB of a file; of every file.
void sha256_of_chunks(const std::filesystem::path& file);
void sha256_of_files(const std::vector<std::filesystem::path>& files);

}  // namespace croft::bench::bare
