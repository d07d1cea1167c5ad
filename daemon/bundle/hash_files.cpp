#include "bundle/hash_files.h"

#include "bundle/hash_engine_impl.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <bit>
#include <cassert>
#include <cerrno>
#include <mutex>

namespace croft::bundle {
namespace {

Result<Descriptor> create_copy(const std::filesystem::path& path) {
    constexpr int flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC;
    Descriptor copy(::open(path.c_str(), flags, 0644));
    if (!copy && errno == ENOENT) {
        if (auto made = make_folders(path.parent_path()); !made) {
            return tl::unexpected(made.error());
        }
        copy = Descriptor(::open(path.c_str(), flags, 0644));
    }
    if (!copy) return tl::unexpected(system_error("create", path.native(), errno));
    return copy;
}

Result<OpenFile> open_file(const FileToHash& wanted) {
    const std::string& name = wanted.path.native();
    Descriptor file(::open(name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    struct stat status {};
    if (!file || ::fstat(file.number(), &status) != 0) {
        return tl::unexpected(system_error("open", name, errno));
    }
    if (!S_ISREG(status.st_mode)) {
        return fail(Errc::malformed, "not_a_file", name + " is not a regular file");
    }
    if (static_cast<std::uint64_t>(status.st_size) != wanted.size) {
        return fail(Errc::conflict, "file_changed", name + " has another size than before");
    }
    OpenFile opened(std::move(file), status, name);
    if (!wanted.copy_to.empty()) {
        auto copy = create_copy(wanted.copy_to);
        if (!copy) return tl::unexpected(copy.error());
        opened.copy_to(std::move(*copy));
    }
    return opened;
}

}  // namespace

Result<std::vector<FileHashes>> hash_files(std::span<const FileToHash> files,
                                           const HashOptions& options) {
    assert(std::has_single_bit(options.piece_length) && options.piece_length >= block_size);
    std::vector<FileHashes> hashes(files.size());
    std::mutex mutex;
    std::optional<Error> error;
    const HashBatch batch{
        .count = files.size(),
        .open = [&](std::size_t index) { return open_file(files[index]); },
        .done =
            [&](std::size_t index, Result<FileHashes> result) {
                if (result) {
                    hashes[index] = std::move(*result);
                    return true;
                }
                const std::lock_guard lock(mutex);
                if (!error) error = result.error();
                return false;
            },
        .on_bytes = options.on_bytes,
    };
    hash_batch(batch, {.piece_length = options.piece_length}, options.threads, options.stop);
    if (error) return tl::unexpected(*error);
    if (options.stop.stop_requested())
        return fail(Errc::cancelled, "stopped", "hashing was stopped");
    return hashes;
}

}  // namespace croft::bundle
