#include "library/root_marker.h"

#include "base/hex.h"

#include <sys/statvfs.h>

#include <algorithm>
#include <cerrno>
#include <random>

namespace croft::library {
namespace {

namespace fs = std::filesystem;

constexpr const char* marker_name = ".croft-root";
constexpr const char* lock_name = ".croft-root.lock";
constexpr std::size_t marker_cap = 4096;

/// A random UUID (RFC 9562, version 4).
std::string make_uuid() {
    std::random_device random;
    std::array<std::uint8_t, 16> bytes{};
    std::ranges::generate(bytes, [&] { return static_cast<std::uint8_t>(random()); });
    bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0f) | 0x40);
    bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3f) | 0x80);
    std::string text = to_hex(bytes);
    for (const std::size_t at : {20, 16, 12, 8})
        text.insert(at, "-");
    return text;
}

tl::unexpected<Error> absent(const fs::path& path, const std::string& why) {
    return fail(Errc::not_found, "disk_absent",
                "the disk of " + path.native() + " is absent: " + why);
}

/// A fresh file system is not quite empty.
bool has_nothing(const fs::path& folder) {
    std::error_code error;
    return std::ranges::all_of(fs::directory_iterator(folder, error), [](const auto& entry) {
        return entry.path().filename() == "lost+found";
    });
}

Result<std::string> make_marker(const KnownRoot& known) {
    if (!known.is_first_start && !has_nothing(known.path)) {
        return fail(Errc::conflict, "root_in_use",
                    known.path.native() + " holds other things; name an empty folder");
    }
    std::string uuid = make_uuid();
    if (auto written = write_file(known.path / marker_name, uuid + "\n"); !written) {
        return tl::unexpected(written.error());
    }
    return uuid;
}

Result<std::string> read_or_make_marker(const KnownRoot& known) {
    auto marker = read_file(known.path / marker_name, marker_cap);
    if (!marker && marker.error().code != Errc::not_found) return marker;
    if (!marker && known.uuid.empty()) return make_marker(known);
    if (!marker) return absent(known.path, "it has no .croft-root");
    std::string uuid = marker->substr(0, marker->find('\n'));
    if (!known.uuid.empty() && uuid != known.uuid) {
        return absent(known.path, "another one lies there, with " + uuid + " in its .croft-root");
    }
    return uuid;
}

}  // namespace

Result<FoundRoot> look_at_root(const KnownRoot& known, Lock lock) {
    std::error_code error;
    if (!fs::is_directory(known.path, error)) {
        if (!known.is_first_start) return absent(known.path, "there is no such folder");
        if (auto made = make_folders(known.path, 0755); !made) return tl::unexpected(made.error());
    }
    auto uuid = read_or_make_marker(known);
    if (!uuid) return tl::unexpected(uuid.error());

    FoundRoot found{.uuid = std::move(*uuid), .free_bytes = 0, .lock = {}};
    if (lock == Lock::take) {
        auto locked = lock_file(known.path / lock_name);
        if (!locked) return tl::unexpected(locked.error());
        found.lock = std::move(*locked);
    }
    struct statvfs status {};
    if (::statvfs(known.path.c_str(), &status) != 0) {
        return tl::unexpected(system_error("statvfs", known.path.native(), errno));
    }
    found.free_bytes = std::uint64_t{status.f_bavail} * status.f_frsize;
    return found;
}

}  // namespace croft::library
