#pragma once

#include "testing/temporary_folder.h"

#include <sys/mount.h>

#include <filesystem>
#include <string>

namespace croft::test {

/// A small file system of its own, where this process may mount one.
class SmallDisk {
public:
    explicit SmallDisk(const std::string& size)
        : is_mounted_(::mount("tmpfs", folder_.path().c_str(), "tmpfs", 0,
                              ("size=" + size).c_str()) == 0) {}
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;
    ~SmallDisk() {
        if (is_mounted_) ::umount2(folder_.path().c_str(), MNT_DETACH);
    }

    bool is_mounted() const { return is_mounted_; }
    const std::filesystem::path& path() const { return folder_.path(); }
    bool resize(const std::string& size) {
        return ::mount("tmpfs", folder_.path().c_str(), "tmpfs", MS_REMOUNT,
                       ("size=" + size).c_str()) == 0;
    }

private:
    TemporaryFolder folder_;
    bool is_mounted_;
};

}  // namespace croft::test
