#include "library/item.h"

#include "base/text.h"
#include "bundle/feed_folder.h"

#include <algorithm>
#include <array>
#include <cassert>

namespace croft::library {
namespace {

constexpr std::array<std::pair<Step, std::string_view>, 6> step_names{{
    {Step::wanted, "wanted"},
    {Step::fetching, "fetching"},
    {Step::complete, "complete"},
    {Step::held, "held"},
    {Step::dropping, "dropping"},
    {Step::dropped, "dropped"},
}};

State state_by_step(const Item& item) {
    switch (*item.step()) {
        case Step::wanted: return State::queued;
        case Step::fetching: return State::fetching;
        case Step::complete: return State::checking;
        case Step::held: return item.committed == Step::held ? State::held : State::checking;
        case Step::dropping: return State::paused;
        case Step::dropped: return State::offered;
    }
    return State::offered;
}

bool is_stopped_by(Obstacle obstacle) {
    switch (obstacle) {
        case Obstacle::paused:
        case Obstacle::withdrawn:
        case Obstacle::taken_back:
        case Obstacle::unfollowed:
        case Obstacle::over_budget:
        case Obstacle::disk_absent:
        case Obstacle::disk_full: return true;
        case Obstacle::none:
        case Obstacle::no_root:
        case Obstacle::no_room: return false;  // queued: it comes by itself
    }
    return false;
}

State state_of(const Item& item) {
    if (!item.is_taken_on()) return State::offered;
    if (is_stopped_by(item.obstacle)) return State::paused;
    return item.problem ? State::failed : state_by_step(item);
}

std::string wait_in_swarm(const Item& item) {
    if (!item.progress || item.progress->state == swarm::State::checking) {
        return "what lies on the disk already is being looked at";
    }
    const auto& progress = *item.progress;
    if (progress.down_rate > 0) return "";
    if (progress.peers == 0) return "no peer has answered yet";
    if (progress.seeds == 0) return "its peers have nothing that is missing here";
    return "its peers do not send yet";
}

/// How far our own pass is. No pass has begun while it has read nothing.
std::string wait_for_check(const Item& item) {
    const std::uint64_t read = item.checked_bytes ? item.checked_bytes->load() : 0;
    if (read == 0) return "its turn to be read and compared";
    const std::uint64_t percent = read / std::max<std::uint64_t>(item.holding->size_bytes / 100, 1);
    return "every file is being read and compared: " +
           std::to_string(std::min<std::uint64_t>(percent, 100)) + " %";
}

std::string wait_of(const Item& item) {
    if (!item.is_taken_on()) return "";
    switch (item.obstacle) {
        case Obstacle::paused: return "paused by you";
        case Obstacle::withdrawn: return "its publisher took it back";
        case Obstacle::taken_back: return "its publisher took files of it back";
        case Obstacle::unfollowed: return "its publisher is no longer followed";
        case Obstacle::over_budget: return "does not fit the budget any more";
        case Obstacle::no_root: return "there is no folder to put it: set mirror.roots";
        case Obstacle::disk_absent: return "its disk is absent";
        case Obstacle::disk_full: return "the disk is full: it goes on when the rest of it fits";
        case Obstacle::no_room:
        case Obstacle::none: break;
    }
    const Step step = *item.step();
    if (step == Step::dropping) return "its files are being removed";
    if (step == Step::held || item.problem) return "";
    if (item.is_checking) return wait_for_check(item);
    if (item.course == Course::swarm && step == Step::fetching) return wait_in_swarm(item);
    return item.waits_for.empty() ? "its documents" : item.waits_for;
}

std::optional<Error> problem_of(const Item& item) {
    const bool is_awaited = item.step() == Step::wanted || item.step() == Step::fetching;
    if (item.problem || !is_awaited || !item.is_waiting_long) return item.problem;
    return Error{Errc::unavailable, "no_peers",
                 "nothing comes of it: " + wait_of(item) +
                     "; it goes on by itself when somebody has it, or name one who has"};
}

std::uint64_t done_bytes(const Item& item) {
    if (!item.is_taken_on()) return 0;
    switch (*item.step()) {
        case Step::complete:
        case Step::held: return item.holding->size_bytes;
        case Step::fetching:
        case Step::wanted:
        case Step::dropping:
        case Step::dropped: return item.progress ? item.progress->done_bytes : 0;
    }
    return 0;
}

}  // namespace

std::string_view name_of(Step step) {
    return std::ranges::find(step_names, step, &std::pair<Step, std::string_view>::first)->second;
}

std::optional<Step> step_from(std::string_view name) {
    const auto* at =
        std::ranges::find(step_names, name, &std::pair<Step, std::string_view>::second);
    return at == step_names.end() ? std::nullopt : std::optional(at->first);
}

void Item::set_step(Step step) {
    assert(holding);
    step_ = step;
    holding->state = name_of(step);
}

std::uint64_t Item::missing_bytes() const {
    const bool is_begun =
        step() == Step::fetching || (step() == Step::wanted && course != Course::idle);
    if (!is_begun) return 0;
    const std::uint64_t done = progress ? progress->done_bytes : 0;
    return holding->size_bytes - std::min(done, holding->size_bytes);
}

store::Holding holding_of(const Item& item) {
    store::Holding holding;
    holding.bundle = item.id.hex();
    holding.publisher = item.publisher.hex();
    holding.name = item.entry.release.name;
    holding.serial = item.entry.release.serial;
    holding.manifest = item.entry.manifest.sha256.hex();
    holding.state = name_of(Step::wanted);
    holding.size_bytes = item.entry.total_size;
    return holding;
}

ReleaseView view_of(const Item& item) {
    ReleaseView view;
    view.id = item.id;
    view.publisher = item.publisher;
    view.petname = item.petname;
    view.entry = item.entry;
    view.created = item.created;
    view.version = item.version;
    view.state = state_of(item);
    view.offered = item.offered;
    view.newest = item.newest;
    view.withdrawn = item.withdrawn;
    view.done_bytes = done_bytes(item);
    view.waits_for = wait_of(item);
    view.problem = problem_of(item);
    if (item.is_taken_on()) {
        view.pinned = item.holding->pinned;
        view.own = item.holding->own;
        view.held_since = item.holding->held_since;
        view.proved_at = item.holding->proved_at;
        view.folder = item.holding->folder;
    }
    if (item.progress) {
        view.down_rate = item.progress->down_rate;
        view.up_rate = item.progress->up_rate;
        view.sent_bytes = item.progress->sent_bytes;
        view.peers = item.progress->peers;
        view.seeds = item.progress->seeds;
        view.known_seeds = item.progress->known_seeds;
    }
    return view;
}

catalog::Catalogue::Entry entry_of(const Documents& documents, const Sha256& manifest) {
    const catalog::Release& release = documents.release;
    catalog::Catalogue::Entry entry;
    entry.release = release.release;
    entry.kind = release.kind;
    entry.title = release.title;
    entry.languages = release.languages;
    entry.licence = release.licence;
    entry.total_size = release.total_size;
    entry.btih = release.torrent.btih;
    entry.bundle = release.torrent.btmh;
    entry.manifest = {bundle::layout::release(release.release), manifest,
                      documents.release_bytes.document.size()};
    return entry;
}

}  // namespace croft::library
