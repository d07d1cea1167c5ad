#include "cli/publish/unpack.h"

#include "base/bytes.h"
#include "base/file.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

namespace croft::publish {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t piece_size = 256UL * 1024;

using Archive = std::unique_ptr<archive, decltype(&archive_read_free)>;

tl::unexpected<Error> damaged(const fs::path& path, archive* reader) {
    const char* why = archive_error_string(reader);
    return fail(Errc::malformed, "damaged_archive",
                fmt::format("{} cannot be unpacked: {}", path.native(),
                            why ? why : "it is empty or broken"));
}

Archive open_reader() {
    Archive reader(archive_read_new(), &archive_read_free);
    archive_read_support_filter_bzip2(reader.get());
    archive_read_support_filter_gzip(reader.get());
    archive_read_support_filter_xz(reader.get());
    archive_read_support_filter_zstd(reader.get());
    archive_read_support_format_7zip(reader.get());
    archive_read_support_format_raw(reader.get());
    return reader;
}

/// False where `take` wants no more.
Result<bool> read_member(const fs::path& path, archive* reader, std::vector<std::uint8_t>& piece,
                         const TakePiece& take) {
    for (;;) {
        const la_ssize_t got = archive_read_data(reader, piece.data(), piece.size());
        if (got < 0) return damaged(path, reader);
        if (got == 0) return true;
        if (!take({piece.data(), static_cast<std::size_t>(got)})) return false;
    }
}

}  // namespace

Outcome unpack(const fs::path& path, const TakePiece& take) {
    const Archive reader = open_reader();
    if (archive_read_open_filename(reader.get(), path.c_str(), piece_size) != ARCHIVE_OK) {
        return damaged(path, reader.get());
    }
    std::vector<std::uint8_t> piece(piece_size);
    for (;;) {
        archive_entry* entry = nullptr;
        const int found = archive_read_next_header(reader.get(), &entry);
        if (found == ARCHIVE_EOF) return {};
        if (found != ARCHIVE_OK) return damaged(path, reader.get());
        const auto more = read_member(path, reader.get(), piece, take);
        if (!more) return tl::unexpected(more.error());
        if (!*more) return {};
    }
}

Outcome unpack_or_read(const fs::path& path, const TakePiece& take) {
    constexpr std::array<std::string_view, 5> beginnings = {"BZh", "\x1f\x8b",
                                                            "\xfd"
                                                            "7zXZ",
                                                            "\x28\xb5\x2f\xfd",
                                                            "7z\xbc\xaf\x27\x1c"};
    bool is_packed = false;
    const auto look = [&](std::span<const std::uint8_t> piece) {
        is_packed = std::ranges::any_of(beginnings, [&](std::string_view beginning) {
            return as_text(piece).starts_with(beginning);
        });
        return !is_packed && take(piece);
    };
    bool is_first = true;
    const auto read = read_in_pieces(path, [&](std::span<const std::uint8_t> piece) {
        return std::exchange(is_first, false) ? look(piece) : take(piece);
    });
    return read && is_packed ? unpack(path, take) : read;
}

Outcome read_in_pieces(const fs::path& path, const TakePiece& take) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
    if (!file) return tl::unexpected(system_error("open", path.native(), errno));
    std::vector<std::uint8_t> piece(piece_size);
    for (;;) {
        const ssize_t got = ::read(file.number(), piece.data(), piece.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return tl::unexpected(system_error("read", path.native(), errno));
        if (got == 0 || !take({piece.data(), static_cast<std::size_t>(got)})) return {};
    }
}

}  // namespace croft::publish
