#pragma once

#include "base/file.h"

#include <cstdint>
#include <span>
#include <string>

struct stat;

namespace croft::bundle {

/// An open file to read once, and maybe a copy of it to write meanwhile. Any number of threads may
/// read at once.
class OpenFile {
public:
    /// `status` is what fstat says of it now.
    OpenFile(Descriptor file, const struct stat& status, std::string name);

    void copy_to(Descriptor copy) { copy_ = std::move(copy); }
    void drop_cache() { drops_cache_ = true; }  ///< POSIX_FADV_DONTNEED behind us

    std::uint64_t size() const { return size_; }

    /// Fills `out` with the bytes at `offset` and copies them; `conflict` (`file_changed`) where
    /// the file ends before.
    Outcome read(std::span<std::uint8_t> out, std::uint64_t offset) const;

    /// After the last read: `conflict` (`file_changed`) where somebody wrote to it.
    Outcome unchanged() const;

private:
    Outcome read_exactly(std::span<std::uint8_t> out, std::uint64_t offset) const;
    Outcome write_exactly(std::span<const std::uint8_t> bytes, std::uint64_t offset) const;
    tl::unexpected<Error> changed() const;

    Descriptor file_, copy_;
    std::string name_;  // for messages
    std::uint64_t size_;
    std::int64_t modified_seconds_, modified_nanoseconds_;
    bool drops_cache_ = false;
};

}  // namespace croft::bundle
