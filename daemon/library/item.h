#pragma once

#include "library/documents.h"
#include "library/library.h"
#include "library/withdrawn_files.h"

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace croft::library {

/// So many peers are kept with a release, and tried for it.
constexpr std::size_t most_peers = 100;

/// How far we are with a release that we took on; the words are what the database keeps.
enum class Step {
    wanted,    ///< nothing of it is here, not even its documents
    fetching,  ///< documents are here, the swarm is at it
    complete,  ///< the swarm says so; our own pass is due
    held,      ///< proved by us
    dropping,  ///< its files are being deleted
    dropped,   ///< gone by the user's wish: not fetched again by itself
};
std::string_view name_of(Step step);
std::optional<Step> step_from(std::string_view name);

/// What keeps a release from moving, besides the swarm itself.
enum class Obstacle {
    none,
    paused,       ///< by the user
    withdrawn,    ///< by its publisher, before we had it
    taken_back,   ///< some of its files were, by its publisher
    unfollowed,   ///< its publisher is, and it is not whole
    over_budget,  ///< the budget was lowered below it
    no_root,      ///< none is configured
    disk_absent,
    disk_full,  ///< it had begun, and the disk had no more room
    no_room,    ///< it would not fit: not begun
};

/// Where it is in its course: at most one thing at a time works on it.
enum class Course {
    idle,
    queued,     ///< for its turn to get its documents
    documents,  ///< being read, fetched or written
    swarm,      ///< added
    leaving,    ///< removed; `Removed` is awaited
    deleting,
};

/// One release that is offered or that we took on.
struct Item {
    BundleId id;

    // What its publisher says.
    PublisherId publisher;
    std::string petname;
    catalog::Catalogue::Entry entry;
    Time created{};
    std::string version;
    bool offered = false, newest = false;
    std::optional<catalog::WithdrawalReason> withdrawn;
    std::optional<TakenBack> taken_back;
    std::vector<std::string> publisher_peers;

    // What we decided. Changes are made here first and then committed, so that two that cross do
    // not undo each other; what was not committed is not shown as held.
    std::optional<store::Holding> holding;
    std::optional<Step> committed;

    // What goes on.
    Course course = Course::idle;
    Obstacle obstacle = Obstacle::none;
    bool is_full = false;         ///< its disk was, while it came
    bool is_over_budget = false;  ///< as the plan says
    bool is_damaged = false;      ///< our own pass said so: only the user's `get` tries again
    bool is_paused_in_swarm = false;
    bool is_checking = false;
    std::stop_source stop_check;
    std::shared_ptr<std::atomic<std::uint64_t>> checked_bytes;  ///< of the pass that runs
    std::optional<swarm::Progressed> progress;
    std::string resume_data;
    std::optional<Error> problem;
    std::string waits_for;               ///< for documents or room
    int looks_until_retry = 0;           ///< not a time: the clock may jump
    std::chrono::milliseconds waited{};  ///< so long nothing has come from others
    bool is_waiting_long = false;
    bool are_trackers_left_out = false;  ///< in the swarm without some of its trackers
    std::weak_ptr<const Documents> documents;
    bool are_documents_stored = false;  ///< on the disk, where they belong
    bool has_document = false;          ///< so `created` and `version` are the release's own
    std::vector<Jobs::Id> jobs;
    std::vector<std::function<void(Outcome)>> when_dropped;

    ReleaseView view;  ///< of all above: see `view_of`

    std::optional<Step> step() const { return holding ? std::optional(step_) : std::nullopt; }
    void set_step(Step step);
    bool is_own() const { return holding && holding->own; }
    /// Whether bytes of it are, or will be, on a disk of ours.
    bool is_taken_on() const { return holding && step() != Step::dropped; }
    /// Still to come, where it was begun.
    std::uint64_t missing_bytes() const;

private:
    Step step_ = Step::wanted;
};

/// The holding of a release that nobody has taken on yet.
store::Holding holding_of(const Item& item);

/// What lists and the page show of it.
ReleaseView view_of(const Item& item);

/// A catalogue's entry, as far as the release document itself tells it.
catalog::Catalogue::Entry entry_of(const Documents& documents, const Sha256& manifest);

}  // namespace croft::library
