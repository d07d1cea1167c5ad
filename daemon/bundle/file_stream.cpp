#include "bundle/file_stream_impl.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>

namespace croft::bundle {

FileStream::FileStream(OpenFile file, const HashPlan& plan)
    : file_(std::move(file)),
      plan_(plan),
      stamp_(stamp()),
      node_length_(std::min(chunk_size, plan.piece_length)) {
    if (plan_.merkle) nodes_.resize((file_.size + node_length_ - 1) / node_length_);
    if (plan_.sha1) pieces_.reserve((file_.size + plan_.piece_length - 1) / plan_.piece_length);
}

std::uint64_t FileStream::length_of(std::uint64_t chunk) const {
    return std::min(chunk_size, file_.size - chunk * chunk_size);
}

Outcome FileStream::read(std::uint64_t chunk, Buffer& buffer) {
    const std::uint64_t offset = chunk * chunk_size;
    const std::span bytes(buffer.data(), length_of(chunk));
    if (auto read = read_exactly(bytes, offset); !read) return read;
    if (plan_.drop_cache) {
        ::posix_fadvise(file_.file.number(), static_cast<off_t>(offset),
                        static_cast<off_t>(bytes.size()), POSIX_FADV_DONTNEED);
    }
    if (file_.copy) {
        if (auto written = write_exactly(bytes, offset); !written) return written;
    }
    if (plan_.merkle) hash_blocks(chunk, bytes);
    return {};
}

Outcome FileStream::read_exactly(std::span<std::uint8_t> out, std::uint64_t offset) const {
    while (!out.empty()) {
        const ssize_t got =
            ::pread(file_.file.number(), out.data(), out.size(), static_cast<off_t>(offset));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return tl::unexpected(system_error("read", file_.name, errno));
        if (got == 0) return changed();
        out = out.subspan(static_cast<std::size_t>(got));
        offset += static_cast<std::uint64_t>(got);
    }
    return {};
}

Outcome FileStream::write_exactly(std::span<const std::uint8_t> bytes, std::uint64_t offset) const {
    while (!bytes.empty()) {
        const ssize_t written =
            ::pwrite(file_.copy.number(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return tl::unexpected(system_error("copy", file_.name, errno));
        bytes = bytes.subspan(static_cast<std::size_t>(written));
        offset += static_cast<std::uint64_t>(written);
    }
    return {};
}

void FileStream::hash_blocks(std::uint64_t chunk, std::span<const std::uint8_t> bytes) {
    Digest<Sha256> digest;
    std::array<Sha256, chunk_size / block_size> blocks;
    std::uint64_t node = chunk * (chunk_size / node_length_);
    while (!bytes.empty()) {
        auto rest = bytes.first(std::min<std::size_t>(node_length_, bytes.size()));
        bytes = bytes.subspan(rest.size());
        std::size_t count = 0;
        for (; !rest.empty(); ++count) {
            const auto block = rest.first(std::min<std::size_t>(block_size, rest.size()));
            blocks[count] = digest.of(block);
            rest = rest.subspan(block.size());
        }
        const std::size_t leaves =
            nodes_.size() == 1 ? std::bit_ceil(count) : node_length_ / block_size;
        nodes_[node++] = merkle_root(std::span(blocks).first(count), leaves, Sha256{});
    }
}

void FileStream::hash_pieces(std::span<const std::uint8_t> chunk) {
    while (!chunk.empty()) {
        const auto part =
            chunk.first(std::min<std::size_t>(plan_.piece_length - in_piece_, chunk.size()));
        piece_.update(part);
        in_piece_ += part.size();
        if (in_piece_ == plan_.piece_length) end_piece();
        chunk = chunk.subspan(part.size());
    }
}

void FileStream::end_piece() {
    pieces_.push_back(piece_.finish());
    in_piece_ = 0;
}

void FileStream::hash_whole(std::span<const std::uint8_t> chunk) { whole_.update(chunk); }

bool FileStream::needs_whole() const {
    const bool is_one_block = file_.size > 0 && file_.size <= block_size;
    return plan_.sha256 && !(plan_.merkle && is_one_block);
}

Result<FileHashes> FileStream::finish() {
    static constexpr std::array<std::uint8_t, block_size> zeros{};
    while (in_piece_ > 0) {
        hash_pieces(std::span(zeros).first(
            std::min<std::size_t>(plan_.piece_length - in_piece_, zeros.size())));
    }
    if (stamp() != stamp_) return changed();
    Tree tree = tree_of_nodes(nodes_, node_length_, plan_.piece_length);
    FileHashes hashes;
    if (plan_.sha256) hashes.sha256 = needs_whole() ? whole_.finish() : *tree.root;
    hashes.size = file_.size;
    hashes.root = tree.root;
    hashes.piece_layer = std::move(tree.layer);
    hashes.v1_pieces = std::move(pieces_);
    return hashes;
}

FileStream::Stamp FileStream::stamp() const {
    struct stat status {};
    if (::fstat(file_.file.number(), &status) != 0) return {};
    return {status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec};
}

tl::unexpected<Error> FileStream::changed() const {
    return fail(Errc::conflict, "file_changed",
                file_.name + " changed while it was read; try again when nobody writes to it");
}

}  // namespace croft::bundle
