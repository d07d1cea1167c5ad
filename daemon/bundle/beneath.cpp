#include "bundle/beneath.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>

namespace croft::bundle {
namespace {

/// For kernels before 5.6 and sandboxes that do not know openat2: component by component.
Descriptor walk(const Descriptor& folder, std::string_view relative, int flags) {
    Descriptor at;
    int number = folder.number();
    for (std::size_t slash = relative.find('/'); slash != relative.npos;
         slash = relative.find('/')) {
        const std::string component(relative.substr(0, slash));
        at = Descriptor(
            ::openat(number, component.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
        if (!at) return {};
        number = at.number();
        relative.remove_prefix(slash + 1);
    }
    return Descriptor(::openat(number, std::string(relative).c_str(), flags | O_NOFOLLOW));
}

}  // namespace

Descriptor open_beneath(const Descriptor& folder, const std::string& relative, int flags) {
    flags |= O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
    open_how how{};
    how.flags = static_cast<std::uint64_t>(flags);
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS;
    const long opened = ::syscall(SYS_openat2, folder.number(), relative.c_str(), &how, sizeof how);
    if (opened >= 0) return Descriptor(static_cast<int>(opened));
    if (errno != ENOSYS && errno != EPERM) return {};
    return walk(folder, relative, flags);
}

}  // namespace croft::bundle
