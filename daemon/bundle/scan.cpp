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

class Scan {
public:
    explicit Scan(Descriptor root) : root_(std::move(root)) {}

    Result<Scanned> run(const std::filesystem::path& folder) {
        if (!list("")) {
            return tl::unexpected(system_error("read folder", folder.native(), errno));
        }
        while (!folders_.empty()) {
            const std::string next = std::move(folders_.back());
            folders_.pop_back();
            if (!list(next)) found_.unreadable.push_back(next);
        }
        std::ranges::sort(found_.files, {}, &Scanned::File::path);
        for (auto* names : {&found_.symlinks, &found_.specials, &found_.unreadable})
            std::ranges::sort(*names);
        return std::move(found_);
    }

private:
    bool list(const std::string& relative) {
        const Folder folder = read_folder(
            open_beneath(root_, relative.empty() ? "." : relative, O_RDONLY | O_DIRECTORY));
        if (!folder) return false;
        errno = 0;
        while (const dirent* entry = ::readdir(folder.get())) {
            const std::string name = entry->d_name;
            if (name != "." && name != "..") {
                place(::dirfd(folder.get()), name, relative.empty() ? name : relative + '/' + name);
            }
            errno = 0;
        }
        return errno == 0;
    }

    void place(int folder, const std::string& name, std::string path) {
        struct stat status {};
        if (::fstatat(folder, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
            if (errno != ENOENT) found_.unreadable.push_back(std::move(path));
        } else if (S_ISDIR(status.st_mode)) {
            folders_.push_back(std::move(path));
        } else if (S_ISLNK(status.st_mode)) {
            found_.symlinks.push_back(std::move(path));
        } else if (!S_ISREG(status.st_mode)) {
            found_.specials.push_back(std::move(path));
        } else if (::faccessat(folder, name.c_str(), R_OK, AT_EACCESS) != 0) {
            found_.unreadable.push_back(std::move(path));
        } else {
            found_.files.push_back(
                {std::move(path), static_cast<std::uint64_t>(status.st_size),
                 status.st_mtim.tv_sec * 1'000'000'000 + status.st_mtim.tv_nsec});
        }
    }

    Descriptor root_;
    std::vector<std::string> folders_;  // still to list
    Scanned found_;
};

}  // namespace

Result<Scanned> scan(const std::filesystem::path& folder) {
    Descriptor root(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!root) return tl::unexpected(system_error("open folder", folder.native(), errno));
    return Scan(std::move(root)).run(folder);
}

}  // namespace croft::bundle
