#include "base/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <random>

namespace croft {
namespace {

namespace fs = std::filesystem;

Outcome write_all(int file, std::string_view content, const fs::path& path) {
    while (!content.empty()) {
        const ssize_t written = ::write(file, content.data(), content.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return tl::unexpected(system_error("write", path.native(), errno));
        content.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
}

Outcome write_and_sync(const fs::path& path, std::string_view content, mode_t mode) {
    const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
    if (!file) return tl::unexpected(system_error("create", path.native(), errno));
    // Exactly the mode that was asked for, whatever the umask: the daemon's is 077.
    if (::fchmod(file.number(), mode) != 0) {
        return tl::unexpected(system_error("set mode of", path.native(), errno));
    }
    if (auto written = write_all(file.number(), content, path); !written) return written;
    if (::fsync(file.number()) != 0) {
        return tl::unexpected(system_error("fsync", path.native(), errno));
    }
    return {};
}

fs::path folder_of(const fs::path& path) {
    return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

}  // namespace

Descriptor::~Descriptor() {
    if (number_ >= 0) ::close(number_);
}

Result<std::string> read_file(const fs::path& path, std::uint64_t cap_bytes) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!file) return tl::unexpected(system_error("open", path.native(), errno));
    struct stat status {};
    if (::fstat(file.number(), &status) != 0) {
        return tl::unexpected(system_error("stat", path.native(), errno));
    }
    if (!S_ISREG(status.st_mode)) {
        return fail(Errc::malformed, "not_a_file", path.native() + " is not a regular file");
    }
    std::string content;
    const auto expected = static_cast<std::uint64_t>(status.st_size);
    // One byte more than allowed is enough to know that a file which grows is too large.
    while (expected <= cap_bytes && content.size() <= cap_bytes) {
        const std::size_t have = content.size();
        content.resize(
            std::min<std::uint64_t>(std::max<std::uint64_t>(expected, have) + 1, cap_bytes + 1));
        const ssize_t got = ::read(file.number(), content.data() + have, content.size() - have);
        content.resize(have + static_cast<std::size_t>(got > 0 ? got : 0));
        if (got == 0) return content;
        if (got < 0 && errno != EINTR) {
            return tl::unexpected(system_error("read", path.native(), errno));
        }
    }
    return fail(Errc::malformed, "too_large",
                fmt::format("{} is larger than the {} bytes allowed", path.native(), cap_bytes));
}

Outcome write_file(const fs::path& path, std::string_view content, mode_t mode) {
    std::random_device random;
    const fs::path temporary =
        folder_of(path) / fmt::format(".{}.{:08x}{:08x}.tmp",
                                      path.filename().native().substr(0, 200), random(), random());
    auto outcome = write_and_sync(temporary, content, mode);
    if (outcome && ::rename(temporary.c_str(), path.c_str()) != 0) {
        outcome = tl::unexpected(system_error("rename to", path.native(), errno));
    }
    if (!outcome) {
        ::unlink(temporary.c_str());
        return outcome;
    }
    return sync_folder(folder_of(path));
}

Outcome make_folders(const fs::path& path, mode_t mode) {
    if (path.empty() || ::mkdir(path.c_str(), mode) == 0) return {};
    if (errno == ENOENT && path.has_parent_path() && path.parent_path() != path) {
        if (auto parent = make_folders(path.parent_path(), mode); !parent) return parent;
        if (::mkdir(path.c_str(), mode) == 0) return sync_folder(folder_of(path));
    }
    const int error = errno;
    std::error_code ignored;
    if (error == EEXIST && fs::is_directory(path, ignored)) return {};
    return tl::unexpected(system_error("make folder", path.native(), error));
}

Outcome sync_folder(const fs::path& path) {
    const Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder) return tl::unexpected(system_error("open folder", path.native(), errno));
    // Some file systems (FAT through FUSE) have no fsync for folders; they say EINVAL.
    if (::fsync(folder.number()) != 0 && errno != EINVAL) {
        return tl::unexpected(system_error("fsync folder", path.native(), errno));
    }
    return {};
}

Result<Descriptor> lock_file(const fs::path& path) {
    Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (!file) return tl::unexpected(system_error("open", path.native(), errno));
    if (::flock(file.number(), LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK) return tl::unexpected(system_error("lock", path.native(), errno));
        std::string holder(32, '\0');
        const ssize_t got = ::pread(file.number(), holder.data(), holder.size(), 0);
        holder.resize(static_cast<std::size_t>(got > 0 ? got : 0));
        return fail(Errc::conflict, "locked",
                    fmt::format("{} is held by process {}", path.native(),
                                holder.empty() ? "unknown" : holder));
    }
    const std::string pid = std::to_string(::getpid());
    if (::ftruncate(file.number(), 0) != 0 ||
        ::pwrite(file.number(), pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size())) {
        return tl::unexpected(system_error("write", path.native(), errno));
    }
    return file;
}

}  // namespace croft
