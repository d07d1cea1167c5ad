#pragma once

#include "base/result.h"

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

namespace croft {

/// An open file descriptor, closed with its owner.
class Descriptor {
public:
    Descriptor() = default;
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(number_, other.number_);
        return *this;
    }
    ~Descriptor();

    int number() const { return number_; }
    int release() { return std::exchange(number_, -1); }  ///< the caller closes it
    explicit operator bool() const { return number_ >= 0; }

private:
    int number_ = -1;
};

/// The whole file; `too_large` (malformed) where it holds more than `cap_bytes`, before reading it.
/// Regular files only: a FIFO or a device answers `malformed`, at once.
Result<std::string> read_file(const std::filesystem::path& path, std::uint64_t cap_bytes);

/// Replaces a file so that at every instant either the old or the new content is there, whole:
/// a unique temporary in the same folder, write, fsync, rename, fsync of the folder.
Outcome write_file(const std::filesystem::path& path, std::string_view content, mode_t mode = 0644);

/// Makes a folder and its parents; fine where they exist.
Outcome make_folders(const std::filesystem::path& path, mode_t mode = 0755);

/// Makes renames and new names in a folder durable.
Outcome sync_folder(const std::filesystem::path& path);

/// Takes an exclusive `flock` on a file, which is made where missing; `conflict` with the holder's
/// pid where somebody else has it. The lock lasts as long as the descriptor.
Result<Descriptor> lock_file(const std::filesystem::path& path);

}  // namespace croft
