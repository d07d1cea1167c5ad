#include "bundle/beneath.h"

#include "base/text.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace croft::bundle {
namespace {

constexpr int never_wait = O_CLOEXEC | O_NONBLOCK | O_NOCTTY;

/// A folder in a folder. Without this, a symlink would answer ENOTDIR, like a file.
Descriptor open_folder(int parent, const std::string& name) {
    Descriptor folder(::openat(parent, name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
    struct stat status {};
    if (!folder || ::fstat(folder.number(), &status) != 0) return {};
    if (S_ISDIR(status.st_mode)) return folder;
    errno = S_ISLNK(status.st_mode) ? ELOOP : ENOTDIR;
    return {};
}

}  // namespace

Descriptor open_beneath(const Descriptor& folder, const std::string& relative, int flags) {
    open_how how{};
    how.flags = static_cast<std::uint64_t>(flags | never_wait);
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS;
    const long opened = ::syscall(SYS_openat2, folder.number(), relative.c_str(), &how, sizeof how);
    if (opened >= 0) return Descriptor(static_cast<int>(opened));
    // Some sandboxes say EPERM to every call that they don't know.
    if (errno != ENOSYS && errno != EPERM) return {};
    return walk_beneath(folder, relative, flags);
}

Descriptor walk_beneath(const Descriptor& folder, const std::string& relative, int flags) {
    auto components = split(relative, '/');
    if (std::ranges::find(components, "..") != components.end()) {
        errno = EXDEV;
        return {};
    }
    const std::string last(components.back());
    components.pop_back();
    Descriptor parent;
    int number = folder.number();
    for (const auto component : components) {
        parent = open_folder(number, std::string(component));
        if (!parent) return {};
        number = parent.number();
    }
    return Descriptor(::openat(number, last.c_str(), flags | never_wait | O_NOFOLLOW));
}

}  // namespace croft::bundle
