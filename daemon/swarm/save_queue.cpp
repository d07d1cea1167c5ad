#include "swarm/save_queue_impl.h"

#include <algorithm>

namespace croft::swarm {

void SaveQueue::add(const catalog::BundleId& id) {
    if (under_way_.contains(id) || std::ranges::find(waiting_, id) != waiting_.end()) return;
    waiting_.push_back(id);
    start_waiting();
}

void SaveQueue::done(const catalog::BundleId& id) {
    if (under_way_.erase(id) > 0) start_waiting();
}

void SaveQueue::start_waiting() {
    while (!waiting_.empty() && under_way_.size() < most_under_way) {
        const catalog::BundleId id = waiting_.front();
        waiting_.pop_front();
        if (save_(id)) under_way_.insert(id);
    }
}

}  // namespace croft::swarm
