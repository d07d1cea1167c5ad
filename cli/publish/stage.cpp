#include "cli/publish/stage.h"

#include "base/file.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>

namespace croft::publish {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view prefix = ".publishing-";

Outcome reflink(const fs::path& from, const fs::path& to) {
    const Descriptor source(::open(from.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
    if (!source) return tl::unexpected(system_error("open", from.native(), errno));
    const Descriptor copy(::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
    if (!copy) return tl::unexpected(system_error("create", to.native(), errno));
    if (::ioctl(copy.number(), FICLONE, source.number()) == 0) return {};
    const int error = errno;
    ::unlink(to.c_str());
    return tl::unexpected(system_error("share the bytes of", from.native(), error));
}

Outcome hard_link(const fs::path& from, const fs::path& to) {
    if (::link(from.c_str(), to.c_str()) == 0) return {};
    if (errno == EXDEV) {
        return fail(Errc::conflict, "other_file_system",
                    "--in-place needs the feed on the file system of the source: " + from.native() +
                        " can't be in both");
    }
    return tl::unexpected(system_error("link", from.native(), errno));
}

}  // namespace

Result<Staging> Staging::make(const fs::path& parent) {
    if (auto made = make_folders(parent); !made) return tl::unexpected(made.error());
    std::string name = (parent / (std::string(prefix) + "XXXXXX")).native();
    if (!::mkdtemp(name.data())) return tl::unexpected(system_error("make folder", name, errno));
    Staging staging{fs::path(name)};
    if (auto made = make_folders(staging.bundle()); !made) return tl::unexpected(made.error());
    return staging;
}

Staging::~Staging() {
    std::error_code ignored;
    if (!folder_.empty()) fs::remove_all(folder_, ignored);
}

Outcome Staging::sync() const {
    const Descriptor folder(::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder || ::syncfs(folder.number()) != 0) {
        return tl::unexpected(system_error("sync", folder_.native(), errno));
    }
    return {};
}

void Staging::remove_leftovers(const fs::path& parent) {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(parent, ignored)) {
        if (entry.path().filename().native().starts_with(prefix))
            fs::remove_all(entry.path(), ignored);
    }
}

Transfer choose_transfer(const fs::path& source_folder, std::span<const NamedFile> files,
                         const Staging& staging) {
    const auto full =
        std::ranges::find_if(files, [](const NamedFile& file) { return file.source.size > 0; });
    if (full == files.end()) return Transfer::copy;
    const fs::path trial = staging.bundle() / "trial";
    const bool can = reflink(source_folder / full->source.path, trial).has_value();
    ::unlink(trial.c_str());
    return can ? Transfer::reflink : Transfer::copy;
}

Outcome place_files(const fs::path& source_folder, std::span<const NamedFile> files,
                    const Staging& staging, Transfer transfer, const std::stop_token& stop) {
    if (transfer == Transfer::copy || transfer == Transfer::none) return {};
    fs::path made;
    for (const NamedFile& file : files) {
        if (stop.stop_requested()) return fail(Errc::cancelled, "cancelled", "interrupted");
        const fs::path from = source_folder / file.source.path, to = staging.bundle() / file.path;
        if (to.parent_path() != made) {
            made = to.parent_path();
            if (auto folders = make_folders(made); !folders) return folders;
        }
        auto placed = transfer == Transfer::reflink ? reflink(from, to) : hard_link(from, to);
        if (!placed) return placed;
    }
    return {};
}

}  // namespace croft::publish
