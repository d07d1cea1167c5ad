#include "bundle/piece_length.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <bit>
#include <vector>

namespace croft::bundle {
namespace {

constexpr std::uint64_t kib = 1024, mib = 1024 * kib, gib = 1024 * mib;

using Sizes = std::vector<std::uint64_t>;

TEST(PieceLength, GrowsWithASingleFile) {
    EXPECT_EQ(choose_piece_length(Sizes{}), 16 * kib);
    EXPECT_EQ(choose_piece_length(Sizes{1}), 16 * kib);
    EXPECT_EQ(choose_piece_length(Sizes{36 * mib}), 32 * kib);
    EXPECT_EQ(choose_piece_length(Sizes{2 * gib}), 1 * mib);
    EXPECT_EQ(choose_piece_length(Sizes{1024 * gib}), 16 * mib);
}

TEST(PieceLength, StaysShortForManySmallFiles) {
    EXPECT_EQ(choose_piece_length(Sizes(20'000, 53 * kib)), 16 * kib);
    EXPECT_EQ(choose_piece_length(Sizes(8'326, 4400)), 16 * kib);
}

TEST(PieceLength, ACrowdTooLargeForTheLimitsStillFitsTheCap) {
    const std::uint64_t length = choose_piece_length(Sizes(200'000, 50 * kib));
    const std::uint64_t pieces_a_file = (50 * kib + length - 1) / length;
    EXPECT_LE(200'000 * (200 + pieces_a_file * 52), 64 * mib);
}

std::uint64_t pieces_at(std::uint64_t length, const Sizes& sizes) {
    std::uint64_t pieces = 0;
    for (const auto size : sizes)
        pieces += (size + length - 1) / length;
    return pieces;
}

std::uint64_t padding_at(std::uint64_t length, const Sizes& sizes) {
    std::uint64_t padding = 0;
    for (const auto size : sizes)
        padding += (length - size % length) % length;
    return padding;
}

Sizes any_sizes() {
    const auto count = *rc::gen::inRange<std::size_t>(0, 300);
    return *rc::gen::container<Sizes>(
        count, rc::gen::map(rc::gen::pair(rc::gen::inRange(0, 38), rc::gen::inRange(0, 1 << 20)),
                            [](const auto& drawn) {
                                const auto [magnitude, fraction] = drawn;
                                return (std::uint64_t{1} << magnitude) *
                                           static_cast<std::uint64_t>(fraction) >>
                                       20;
                            }));
}

RC_GTEST_PROP(PieceLengthProperty, IsAPowerOfTwoWithinItsBounds, ()) {
    const std::uint64_t length = choose_piece_length(any_sizes());
    RC_ASSERT(std::has_single_bit(length));
    RC_ASSERT(length >= shortest_piece && length <= longest_piece);
}

RC_GTEST_PROP(PieceLengthProperty, DependsOnNoOrder, ()) {
    Sizes sizes = any_sizes();
    const std::uint64_t length = choose_piece_length(sizes);
    std::ranges::reverse(sizes);
    RC_ASSERT(choose_piece_length(sizes) == length);
}

RC_GTEST_PROP(PieceLengthProperty, KeepsThePieceLimitWhereSomeLengthDoes, ()) {
    const Sizes sizes = any_sizes();
    RC_PRE(pieces_at(longest_piece, sizes) <= 1 << 16);
    RC_ASSERT(pieces_at(choose_piece_length(sizes), sizes) <= 1 << 17);
}

RC_GTEST_PROP(PieceLengthProperty, PadsLittleOrIsTheShortestTheLimitsAllow, ()) {
    const Sizes sizes = any_sizes();
    const std::uint64_t length = choose_piece_length(sizes);
    std::uint64_t total = 0;
    for (const auto size : sizes)
        total += size;
    const bool is_shortest = length == shortest_piece || pieces_at(length / 2, sizes) > 1 << 17 ||
                             sizes.size() * 200 + pieces_at(length / 2, sizes) * 52 > 16 * mib;
    RC_ASSERT(padding_at(length, sizes) <= total / 16 || is_shortest);
}

}  // namespace
}  // namespace croft::bundle
