#include "bundle/file_stream_impl.h"
#include "bundle/memory_hashes_impl.h"

#include <algorithm>
#include <array>

namespace croft::bundle {
namespace {

constexpr std::size_t blocks_a_chunk = chunk_size / block_size;

std::uint64_t count_of(std::uint64_t bytes, std::uint64_t unit) {
    return (bytes + unit - 1) / unit;
}

void set_tree(FileHashes& hashes, std::span<const Sha256> nodes, std::uint64_t node_length,
              const HashPlan& plan) {
    Tree tree = tree_of_nodes(nodes, node_length, plan.piece_length);
    hashes.root = tree.root;
    hashes.piece_layer = std::move(tree.layer);
}

}  // namespace

FileHashes hash_chunk(std::span<const std::uint8_t> file, const HashPlan& plan) {
    FileHashes hashes;
    hashes.size = file.size();
    if (plan.sha1 && !file.empty()) {
        AllHashes all = memory_hashes().all(file, plan.piece_length);
        hashes.sha256 = all.whole;
        hashes.v1_pieces = std::move(all.pieces);
        set_tree(hashes, all.blocks, block_size, plan);
        return hashes;
    }
    if (plan.merkle) {
        std::array<Sha256, blocks_a_chunk> space;
        const auto blocks = std::span(space).first(count_of(file.size(), block_size));
        memory_hashes().blocks(file, blocks);
        set_tree(hashes, blocks, block_size, plan);
    }
    if (plan.sha256) hashes.sha256 = Digest<Sha256>().of(file);
    return hashes;
}

FileStream::FileStream(OpenFile file, const HashPlan& plan)
    : file_(std::move(file)), plan_(plan), node_length_(std::min(chunk_size, plan.piece_length)) {
    if (plan_.merkle) nodes_.resize(count_of(file_.size(), node_length_));
    if (plan_.sha1) pieces_.reserve(count_of(file_.size(), plan_.piece_length));
}

std::uint64_t FileStream::length_of(std::uint64_t chunk) const {
    return std::min(chunk_size, file_.size() - chunk * chunk_size);
}

Outcome FileStream::read(std::uint64_t chunk, Buffer& buffer) {
    const std::span bytes(buffer.data(), length_of(chunk));
    if (auto read = file_.read(bytes, chunk * chunk_size); !read) return read;
    if (plan_.merkle) hash_blocks(chunk, bytes);
    return {};
}

void FileStream::hash_blocks(std::uint64_t chunk, std::span<const std::uint8_t> bytes) {
    std::array<Sha256, blocks_a_chunk> space;
    auto blocks = std::span(space).first(count_of(bytes.size(), block_size));
    memory_hashes().blocks(bytes, blocks);
    const std::size_t leaves = node_length_ / block_size;
    for (std::uint64_t node = chunk * (chunk_size / node_length_); !blocks.empty(); ++node) {
        const auto below = blocks.first(std::min(leaves, blocks.size()));
        nodes_[node] = merkle_root(below, leaves, Sha256{});
        blocks = blocks.subspan(below.size());
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

Result<FileHashes> FileStream::finish() {
    static constexpr std::array<std::uint8_t, block_size> zeros{};
    while (in_piece_ > 0) {
        hash_pieces(std::span(zeros).first(
            std::min<std::size_t>(plan_.piece_length - in_piece_, zeros.size())));
    }
    if (auto unchanged = file_.unchanged(); !unchanged) return tl::unexpected(unchanged.error());
    FileHashes hashes;
    hashes.size = file_.size();
    if (plan_.sha256) hashes.sha256 = whole_.finish();
    hashes.v1_pieces = std::move(pieces_);
    set_tree(hashes, nodes_, node_length_, plan_);
    return hashes;
}

}  // namespace croft::bundle
