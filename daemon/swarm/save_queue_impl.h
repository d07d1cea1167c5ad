#pragma once

#include "catalog/ids.h"

#include <deque>
#include <functional>
#include <set>

namespace croft::swarm {

/// Whose resume data is to be saved: some at a time, so that thousands don't flood libtorrent.
class SaveQueue {
public:
    /// `save` starts one, which ends with `done`; false: there is nothing to save.
    explicit SaveQueue(std::function<bool(const catalog::BundleId&)> save)
        : save_(std::move(save)) {}

    /// Starts it now or when there is room. One that waits or is under way is not started twice.
    void add(const catalog::BundleId& id);
    /// Harmless for one that is not under way.
    void done(const catalog::BundleId& id);

    bool is_idle() const { return waiting_.empty() && under_way_.empty(); }

private:
    static constexpr std::size_t most_under_way = 64;

    void start_waiting();

    const std::function<bool(const catalog::BundleId&)> save_;
    std::deque<catalog::BundleId> waiting_;
    std::set<catalog::BundleId> under_way_;
};

}  // namespace croft::swarm
