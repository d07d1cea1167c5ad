#include "base/log.h"
#include "library/keeper.h"

/// Disks that are absent or full, and everything else that stands in the way.
namespace croft::library {

void Keeper::look() {
    roots_.look();
    for (WorkQueue* queue : {&answering_, &reading_, &writing_, &checking_, &deleting_})
        queue->start();
    count_promises();
    for (auto& [id, item] : items_) {
        if (!item.holding) continue;
        const bool waits = item.looks_until_retry > 0 && --item.looks_until_retry > 0;
        if (item.is_full && !does_not_fit(item.missing_bytes(), room_on(*root_of(item)))) {
            item.is_full = false;
            item.problem.reset();
            promised_[root_of(item)] += item.missing_bytes();
        }
        note_waiting(item);
        if (!waits && (obstacle_of(item) != item.obstacle || is_due(item))) advance(item);
    }
}

/// How long it has waited in vain for others: by looks, since the clock may jump.
void Keeper::note_waiting(Item& item) {
    const bool is_awaited = item.step() == Step::wanted || item.step() == Step::fetching;
    const bool is_our_turn = item.obstacle != Obstacle::none || item.problem;
    const bool is_moving =
        item.course == Course::swarm && item.progress &&
        (item.progress->down_rate > 0 || item.progress->state == swarm::State::checking);
    if (is_awaited && !is_our_turn && !is_moving) {
        item.waited += options_.look_every;
    } else {
        item.waited = {};
    }
    const bool is_long = item.waited >= options_.patience;
    if (std::exchange(item.is_waiting_long, is_long) != is_long) refresh(item);
}

/// Where it lies, or would lie. None for our own bundles.
const RootView* Keeper::root_of(const Item& item) const {
    if (item.is_own()) return nullptr;
    if (!item.holding || item.holding->folder.empty()) return roots_.first();
    return roots_.of(item.holding->folder);
}

void Keeper::count_promises() {
    promised_.clear();
    for (const auto& [id, item] : items_) {
        if (!item.is_full) promised_[root_of(item)] += item.missing_bytes();
    }
}

DiskRoom Keeper::room_on(const RootView& root) const {
    const auto promised = promised_.find(&root);
    return {root.free_bytes, options_.keep_free,
            promised == promised_.end() ? 0 : promised->second};
}

Obstacle Keeper::obstacle_of(const Item& item) const {
    if (!item.is_taken_on()) return Obstacle::none;
    if (item.step() != Step::dropping) {
        if (item.holding->paused) return Obstacle::paused;
        const bool is_begun_only = item.step() == Step::wanted || item.step() == Step::fetching;
        if (item.withdrawn && is_begun_only) return Obstacle::withdrawn;
        if (item.taken_back) return Obstacle::taken_back;
        if (is_begun_only && !followed_.contains(item.publisher)) return Obstacle::unfollowed;
        if (item.is_over_budget) return Obstacle::over_budget;
    }
    return item.is_own() ? Obstacle::none : obstacle_on_disk(item);
}

Obstacle Keeper::obstacle_on_disk(const Item& item) const {
    const RootView* root = root_of(item);
    const bool has_folder = !item.holding->folder.empty();
    if (item.step() == Step::dropping && !has_folder) return Obstacle::none;
    if (!root) return has_folder ? Obstacle::disk_absent : Obstacle::no_root;
    if (!root->is_present) return Obstacle::disk_absent;
    if (item.is_full) return Obstacle::disk_full;
    const bool is_to_begin = item.step() == Step::wanted && item.course == Course::idle;
    if (is_to_begin && does_not_fit(item.holding->size_bytes, room_on(*root))) {
        return Obstacle::no_room;
    }
    return Obstacle::none;
}

/// Keeps the item's words about it up to date.
void Keeper::note_obstacle(Item& item) {
    const Obstacle before = std::exchange(item.obstacle, obstacle_of(item));
    const RootView* root = root_of(item);
    if (item.obstacle == Obstacle::disk_absent) {
        if (root) item.problem = root->problem;
    } else if (item.obstacle == Obstacle::taken_back) {
        item.problem = taken_back_error(item);
        finish_jobs(item, tl::unexpected(*item.problem));
    } else if (before == Obstacle::disk_absent || before == Obstacle::taken_back) {
        item.problem.reset();
    }
    if (item.obstacle == Obstacle::no_room) {
        item.waits_for = *does_not_fit(item.holding->size_bytes, room_on(*root));
    } else if (before == Obstacle::no_room) {
        item.waits_for.clear();
    }
}

/// Everything that comes to that disk has to wait; what is held is shared on.
void Keeper::disk_is_full(Item& item, const Error& error) {
    const RootView* root = root_of(item);
    store_.commit({journal(item, "disk_full", "warning", error.message)}, {});
    for (auto& [id, other] : items_) {
        if (other.step() != Step::fetching || root_of(other) != root) continue;
        other.is_full = true;
        other.problem = error;
        advance(other);
    }
    roots_.look();
}

void Keeper::disk_changed(const RootView& root) {
    count_promises();
    for (auto& [id, item] : items_) {
        if (item.holding && root_of(item) == &root) advance(item);
    }
}

}  // namespace croft::library
