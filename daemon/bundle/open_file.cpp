#include "bundle/open_file_impl.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace croft::bundle {

OpenFile::OpenFile(Descriptor file, const struct stat& status, std::string name)
    : file_(std::move(file)),
      name_(std::move(name)),
      size_(static_cast<std::uint64_t>(status.st_size)),
      modified_seconds_(status.st_mtim.tv_sec),
      modified_nanoseconds_(status.st_mtim.tv_nsec) {}

Outcome OpenFile::read(std::span<std::uint8_t> out, std::uint64_t offset) const {
    if (auto read = read_exactly(out, offset); !read) return read;
    if (drops_cache_) {
        ::posix_fadvise(file_.number(), static_cast<off_t>(offset), static_cast<off_t>(out.size()),
                        POSIX_FADV_DONTNEED);
    }
    return copy_ ? write_exactly(out, offset) : Outcome();
}

Outcome OpenFile::unchanged() const {
    struct stat status {};
    const bool is_same = ::fstat(file_.number(), &status) == 0 &&
                         static_cast<std::uint64_t>(status.st_size) == size_ &&
                         status.st_mtim.tv_sec == modified_seconds_ &&
                         status.st_mtim.tv_nsec == modified_nanoseconds_;
    return is_same ? Outcome() : changed();
}

Outcome OpenFile::read_exactly(std::span<std::uint8_t> out, std::uint64_t offset) const {
    while (!out.empty()) {
        const ssize_t got =
            ::pread(file_.number(), out.data(), out.size(), static_cast<off_t>(offset));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return tl::unexpected(system_error("read", name_, errno));
        if (got == 0) return changed();
        out = out.subspan(static_cast<std::size_t>(got));
        offset += static_cast<std::uint64_t>(got);
    }
    return {};
}

Outcome OpenFile::write_exactly(std::span<const std::uint8_t> bytes, std::uint64_t offset) const {
    while (!bytes.empty()) {
        const ssize_t written =
            ::pwrite(copy_.number(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return tl::unexpected(system_error("copy", name_, errno));
        bytes = bytes.subspan(static_cast<std::size_t>(written));
        offset += static_cast<std::uint64_t>(written);
    }
    return {};
}

tl::unexpected<Error> OpenFile::changed() const {
    return fail(Errc::conflict, "file_changed",
                name_ + " changed while it was read; try again when nobody writes to it");
}

}  // namespace croft::bundle
