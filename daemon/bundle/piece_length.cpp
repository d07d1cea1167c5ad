#include "bundle/piece_length.h"

#include <algorithm>
#include <numeric>
#include <vector>

namespace croft::bundle {
namespace {

constexpr std::uint64_t most_pieces = 1 << 17;
constexpr std::uint64_t most_torrent_bytes = std::uint64_t{16} * 1024 * 1024;
constexpr std::uint64_t wanted_pieces = 2048;
constexpr std::uint64_t padding_share = 16;

/// What a piece length would cost.
struct Cost {
    std::uint64_t length = 0;
    std::uint64_t pieces = 0;
    std::uint64_t torrent_bytes = 0;
    std::uint64_t padding = 0;

    bool keeps(std::uint64_t slack) const {
        return pieces <= most_pieces * slack && torrent_bytes <= most_torrent_bytes * slack;
    }
};

Cost cost_of(std::uint64_t length, std::span<const std::uint64_t> file_sizes) {
    Cost cost{.length = length};
    for (const std::uint64_t size : file_sizes) {
        const std::uint64_t pieces = size / length + (size % length != 0 ? 1 : 0);
        cost.pieces += pieces;
        cost.torrent_bytes += 200 + pieces * 20 + (pieces > 1 ? pieces * 32 : 0);
        cost.padding += (length - size % length) % length;
    }
    return cost;
}

std::vector<Cost> allowed_costs(std::span<const std::uint64_t> file_sizes) {
    std::vector<Cost> costs;
    for (std::uint64_t length = shortest_piece; length <= longest_piece; length *= 2) {
        costs.push_back(cost_of(length, file_sizes));
    }
    std::uint64_t slack = 1;
    while (std::ranges::none_of(costs, [&](const Cost& cost) { return cost.keeps(slack); })) {
        slack *= 2;
    }
    std::erase_if(costs, [&](const Cost& cost) { return !cost.keeps(slack); });
    return costs;
}

}  // namespace

std::uint64_t choose_piece_length(std::span<const std::uint64_t> file_sizes) {
    const auto total = std::accumulate(file_sizes.begin(), file_sizes.end(), std::uint64_t{0});
    const std::vector<Cost> allowed = allowed_costs(file_sizes);
    std::uint64_t chosen = allowed.front().length;
    for (const Cost& cost : allowed) {
        const bool is_longer_than_wanted =
            cost.length / 2 >= shortest_piece && total / (cost.length / 2) <= wanted_pieces;
        if (!is_longer_than_wanted && cost.padding <= total / padding_share) chosen = cost.length;
    }
    return chosen;
}

}  // namespace croft::bundle
