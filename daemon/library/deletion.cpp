#include "library/deletion.h"

#include "base/file.h"
#include "bundle/beneath.h"
#include "bundle/feed_folder.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <set>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace croft::library {
namespace {

namespace fs = std::filesystem;
namespace layout = bundle::layout;

/// A path's folder and its last component.
std::pair<std::string, std::string> split(const std::string& path) {
    const auto slash = path.rfind('/');
    if (slash == std::string::npos) return {"", path};
    return {path.substr(0, slash), path.substr(slash + 1)};
}

/// Deletes names below one folder, told by its descriptor.
class Below {
public:
    explicit Below(Descriptor folder) : folder_(std::move(folder)) {}

    /// Whether it is gone now because of us. What is not there, or is no plain name, is passed by.
    Result<bool> unlink(const std::string& path, int flags = 0) {
        const auto [parent, name] = split(path);
        const int number = parent_descriptor(parent);
        if (number >= 0 && ::unlinkat(number, name.c_str(), flags) == 0) return true;
        // EISDIR: a folder of somebody else's in our file's place; ELOOP: a symlink in our
        // folder's place. ENOTEMPTY: not ours alone.
        for (const int passed : {ENOENT, ENOTDIR, EISDIR, ELOOP, ENOTEMPTY, EEXIST}) {
            if (errno == passed) return false;
        }
        return tl::unexpected(system_error("delete", path, errno));
    }
    bool has(const std::string& path) {
        const auto [parent, name] = split(path);
        const int number = parent_descriptor(parent);
        return number >= 0 && ::faccessat(number, name.c_str(), F_OK, AT_SYMLINK_NOFOLLOW) == 0;
    }

private:
    /// Negative, and `errno`, where it can't be opened. Files come sorted, so the last folder is
    /// usually the next one too.
    int parent_descriptor(const std::string& parent) {
        if (parent.empty()) return folder_.number();
        if (!parent_ || parent != parent_path_) {
            parent_ = bundle::open_beneath(folder_, parent, O_RDONLY | O_DIRECTORY);
            parent_path_ = parent;
        }
        return parent_.number();
    }

    Descriptor folder_;
    Descriptor parent_;
    std::string parent_path_;
};

/// Every folder of the paths, the deepest first.
std::set<std::string, std::greater<>> folders_of(const std::vector<bundle::Torrent::File>& files) {
    std::set<std::string, std::greater<>> folders;
    for (const auto& file : files) {
        for (std::string at = split(file.path).first; !at.empty(); at = split(at).first)
            folders.insert(at);
    }
    return folders;
}

Outcome delete_payload(Below& feed, const std::string& bundle, const bundle::Torrent& torrent,
                       Deleted& deleted) {
    for (const auto& file : torrent.files) {
        const auto gone = feed.unlink(bundle + "/" + file.path);
        if (!gone) return tl::unexpected(gone.error());
        deleted.files += *gone ? 1 : 0;
    }
    auto folders = folders_of(torrent.files);
    std::vector<std::string> in_order(folders.begin(), folders.end());
    in_order.emplace_back();  // the bundle's own, last
    for (const std::string& folder : in_order) {
        const std::string path = folder.empty() ? bundle : bundle + "/" + folder;
        if (auto gone = feed.unlink(path, AT_REMOVEDIR); !gone) {
            return tl::unexpected(gone.error());
        }
        if (feed.has(path)) deleted.left.push_back(path);
    }
    return {};
}

/// The documents of this release and every signature beside them.
std::vector<std::string> document_names(const fs::path& feed, const catalog::ReleaseName& release) {
    std::vector<std::string> names = {layout::v1_torrent(release), layout::torrent(release),
                                      layout::release(release), layout::sums(release)};
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(feed / "releases", error)) {
        const std::string name = "releases/" + entry.path().filename().native();
        for (const std::string& document : {layout::release(release), layout::sums(release)}) {
            if (name.starts_with(document + ".") && name.ends_with(".minisig")) {
                names.push_back(name);
            }
        }
    }
    return names;
}

}  // namespace

Result<Deleted> delete_bundle(const fs::path& feed, const Documents& documents) {
    Descriptor folder(::open(feed.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!folder) return tl::unexpected(system_error("open", feed.native(), errno));
    Below below(std::move(folder));
    const catalog::ReleaseName& release = documents.release.release;

    Deleted deleted;
    auto done = delete_payload(below, layout::bundle(release), documents.torrent, deleted);
    if (!done) return tl::unexpected(done.error());
    // Last: what names the files must not go before them.
    for (const std::string& name : document_names(feed, release)) {
        if (auto gone = below.unlink(name); !gone) return tl::unexpected(gone.error());
    }
    if (auto synced = sync_folder(feed / "bundles"); !synced) return tl::unexpected(synced.error());
    return deleted;
}

}  // namespace croft::library
