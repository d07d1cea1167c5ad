#include "bundle/scan.h"

#include "bundle/beneath.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>

namespace croft::bundle {
namespace {

struct CloseFolder {
    void operator()(DIR* folder) const { ::closedir(folder); }
};
using Folder = std::unique_ptr<DIR, CloseFolder>;

Folder read_folder(Descriptor descriptor) {
    Folder folder(descriptor ? ::fdopendir(descriptor.number()) : nullptr);
    if (folder) descriptor.release();
    return folder;
}

/// Walks everything below a folder, listing each folder after the one that holds it.
class Walk {
public:
    explicit Walk(Descriptor root) : root_(std::move(root)) {}

    /// Tells `place(folder, entry, path)` of every entry, where `folder` is the descriptor that the
    /// entry's name is relative to, and `refused(path)` of each folder that can't be listed.
    template <class Place, class Refused>
    Outcome run(const std::filesystem::path& folder, const Place& place, const Refused& refused) {
        if (!list("", place)) {
            return tl::unexpected(system_error("read folder", folder.native(), errno));
        }
        while (!folders_.empty()) {
            const std::string next = std::move(folders_.back());
            folders_.pop_back();
            if (!list(next, place)) refused(next);
        }
        return {};
    }

    /// Lists this one too.
    void enter(std::string path) { folders_.push_back(std::move(path)); }

private:
    template <class Place>
    bool list(const std::string& relative, const Place& place) {
        const Folder folder = read_folder(
            open_beneath(root_, relative.empty() ? "." : relative, O_RDONLY | O_DIRECTORY));
        if (!folder) return false;
        const std::string prefix = relative.empty() ? "" : relative + '/';
        errno = 0;
        while (const dirent* entry = ::readdir(folder.get())) {
            const std::string_view name = entry->d_name;
            if (name != "." && name != "..") {
                place(::dirfd(folder.get()), *entry, prefix + entry->d_name);
            }
            errno = 0;
        }
        return errno == 0;
    }

    Descriptor root_;
    std::vector<std::string> folders_;  // still to list
};

Result<Descriptor> open_root(const std::filesystem::path& folder) {
    Descriptor root(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!root) return tl::unexpected(system_error("open folder", folder.native(), errno));
    return root;
}

bool can_read(int folder, const char* name, const struct stat& status) {
    constexpr mode_t by_all = S_IRUSR | S_IRGRP | S_IROTH;
    // Most files may be read by everybody; that saves the question.
    return (status.st_mode & by_all) == by_all || ::faccessat(folder, name, R_OK, AT_EACCESS) == 0;
}

class Scan {
public:
    explicit Scan(Descriptor root) : walk_(std::move(root)) {}

    Result<Scanned> run(const std::filesystem::path& folder) {
        const auto walked = walk_.run(
            folder,
            [this](int in, const dirent& entry, std::string path) {
                place(in, entry.d_name, std::move(path));
            },
            [this](const std::string& path) { found_.unreadable.push_back(path); });
        if (!walked) return tl::unexpected(walked.error());
        std::ranges::sort(found_.files, {}, &Scanned::File::path);
        for (auto* names : {&found_.symlinks, &found_.specials, &found_.unreadable})
            std::ranges::sort(*names);
        return std::move(found_);
    }

private:
    void place(int folder, const char* name, std::string path) {
        struct stat status {};
        if (::fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) != 0) {
            if (errno != ENOENT) found_.unreadable.push_back(std::move(path));
        } else if (S_ISDIR(status.st_mode)) {
            walk_.enter(std::move(path));
        } else if (S_ISLNK(status.st_mode)) {
            found_.symlinks.push_back(std::move(path));
        } else if (!S_ISREG(status.st_mode)) {
            found_.specials.push_back(std::move(path));
        } else if (!can_read(folder, name, status)) {
            found_.unreadable.push_back(std::move(path));
        } else {
            found_.files.push_back(
                {std::move(path), static_cast<std::uint64_t>(status.st_size),
                 status.st_mtim.tv_sec * 1'000'000'000 + status.st_mtim.tv_nsec});
        }
    }

    Walk walk_;
    Scanned found_;
};

bool is_folder(int in, const dirent& entry) {
    if (entry.d_type != DT_UNKNOWN) return entry.d_type == DT_DIR;
    struct stat status {};
    return ::fstatat(in, entry.d_name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
           S_ISDIR(status.st_mode);
}

}  // namespace

Result<Scanned> scan(const std::filesystem::path& folder) {
    auto root = open_root(folder);
    if (!root) return tl::unexpected(root.error());
    return Scan(std::move(*root)).run(folder);
}

Result<std::vector<std::string>> list_paths(const std::filesystem::path& folder) {
    auto root = open_root(folder);
    if (!root) return tl::unexpected(root.error());
    std::vector<std::string> paths;
    Walk walk(std::move(*root));
    const auto walked = walk.run(
        folder,
        [&](int in, const dirent& entry, std::string path) {
            is_folder(in, entry) ? walk.enter(std::move(path)) : paths.push_back(std::move(path));
        },
        [&](const std::string& path) { paths.push_back(path); });
    if (!walked) return tl::unexpected(walked.error());
    std::ranges::sort(paths);
    return paths;
}

}  // namespace croft::bundle
