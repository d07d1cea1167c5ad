#include "bundle/digest_impl.h"
#include "bundle/memory_hashes_impl.h"
#include "bundle/merkle.h"

#include <array>

#if defined(__x86_64__)
#include "bundle/sha_lanes_impl.h"

#include <cpuid.h>
#endif

namespace croft::bundle {
namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr std::array<std::uint8_t, block_size> zeros{};

/// Takes up to `size` bytes off the front.
Bytes take(Bytes& bytes, std::uint64_t size) {
    const Bytes taken = bytes.first(std::min<std::size_t>(size, bytes.size()));
    bytes = bytes.subspan(taken.size());
    return taken;
}

void blocks_one_by_one(Bytes bytes, std::span<Sha256> out) {
    Digest<Sha256> digest;
    for (Sha256& hash : out)
        hash = digest.of(take(bytes, block_size));
}

AllHashes all_one_by_one(Bytes file, std::uint64_t piece_length) {
    AllHashes hashes;
    hashes.whole = Digest<Sha256>().of(file);
    hashes.blocks.resize((file.size() + block_size - 1) / block_size);
    blocks_one_by_one(file, hashes.blocks);
    Digest<Sha1> digest;
    while (!file.empty()) {
        const Bytes piece = take(file, piece_length);
        digest.update(piece);
        for (std::uint64_t padding = piece_length - piece.size(); padding > 0;) {
            const std::uint64_t part = std::min<std::uint64_t>(padding, zeros.size());
            digest.update(Bytes(zeros).first(part));
            padding -= part;
        }
        hashes.pieces.push_back(digest.finish());
    }
    return hashes;
}

#if defined(__x86_64__)

using lanes::Sha1Lane, lanes::Sha256Lane;

bool has_sha_instructions() {
    unsigned a = 0, b = 0, c = 0, d = 0;
    if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_SSE4_1)) return false;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & bit_SHA);
}

[[gnu::target("sha,sse4.1")]] void blocks_side_by_side(Bytes bytes, std::span<Sha256> out) {
    for (; out.size() > 1; out = out.subspan(2)) {
        const Bytes left = take(bytes, block_size), right = take(bytes, block_size);
        Sha256Lane left_lane, right_lane;
        left_lane.in = left.data(), right_lane.in = right.data();
        const std::size_t common = right.size() / 64;
        lanes::advance(common, left_lane, right_lane);
        out[0] = lanes::finish(left_lane, left.subspan(common * 64), left.size());
        out[1] = lanes::finish(right_lane, right.subspan(common * 64), right.size());
    }
    if (!out.empty()) out[0] = lanes::finish(Sha256Lane{}, bytes, bytes.size());
}

/// The hash of a piece of which `rest`, less than 64 bytes, was not yet taken, and to whose length
/// it and zeros still bring it: `missing` bytes, a multiple of 64.
[[gnu::target("sha,sse4.1")]] Sha1 finish_padded(Sha1Lane lane, Bytes rest, std::uint64_t missing,
                                                 std::uint64_t piece_length) {
    std::array<std::uint8_t, 64> seam{};
    std::ranges::copy(rest, seam.begin());
    if (!rest.empty()) {
        lane.in = seam.data();
        lanes::advance(1, lane);
        missing -= seam.size();
    }
    while (missing > 0) {
        const std::uint64_t part = std::min<std::uint64_t>(missing, zeros.size());
        lane.in = zeros.data();
        lanes::advance(part / 64, lane);
        missing -= part;
    }
    return lanes::finish(lane, {}, piece_length);
}

[[gnu::target("sha,sse4.1")]] AllHashes all_side_by_side(Bytes file, std::uint64_t piece_length) {
    AllHashes hashes;
    hashes.blocks.reserve((file.size() + block_size - 1) / block_size);
    hashes.pieces.reserve((file.size() + piece_length - 1) / piece_length);
    Sha256Lane whole;
    Bytes rest;  // of the last block: what is not a multiple of 64 bytes
    const std::uint64_t size = file.size();
    while (!file.empty()) {
        Bytes piece = take(file, piece_length);
        const std::uint64_t in_piece = piece.size();
        Sha1Lane piece_lane;
        while (!piece.empty()) {
            const Bytes block = take(piece, block_size);
            Sha256Lane block_lane;
            whole.in = block_lane.in = piece_lane.in = block.data();
            lanes::advance(block.size() / 64, whole, block_lane, piece_lane);
            rest = block.subspan(block.size() / 64 * 64);
            hashes.blocks.push_back(lanes::finish(block_lane, rest, block.size()));
        }
        const std::uint64_t missing = piece_length - (in_piece - rest.size());
        hashes.pieces.push_back(finish_padded(piece_lane, rest, missing, piece_length));
    }
    hashes.whole = lanes::finish(whole, rest, size);
    return hashes;
}

constexpr MemoryHashes by_lanes{&blocks_side_by_side, &all_side_by_side};

#else

bool has_sha_instructions() { return false; }
constexpr MemoryHashes by_lanes{};

#endif

}  // namespace

const MemoryHashes one_by_one{&blocks_one_by_one, &all_one_by_one};

const MemoryHashes* side_by_side() {
    static const bool is_possible = has_sha_instructions();
    return is_possible ? &by_lanes : nullptr;
}

const MemoryHashes& memory_hashes() {
    const MemoryHashes* const faster = side_by_side();
    return faster ? *faster : one_by_one;
}

}  // namespace croft::bundle
