#pragma once

#include "base/time.h"
#include "bundle/check.h"
#include "catalog/follower.h"
#include "library/mirror_plan.h"
#include "loop/jobs.h"
#include "loop/pool.h"
#include "store/store.h"
#include "swarm/swarm.h"

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

/// What do we hold, what should we hold, is it still whole?
///
/// From the loop's thread; nothing blocks. It does not know feeds: documents come through
/// `FetchDocuments`.
namespace croft::library {

using catalog::BundleId;
using catalog::PublisherId;

enum class State {
    offered,   ///< its publisher offers it; we have nothing of it
    queued,    ///< wanted; documents or room are awaited
    fetching,  ///< the swarm is at it
    checking,  ///< complete; our own pass over every file runs
    held,      ///< complete, proved by us, committed: seeded
    paused,
    failed,
};
std::string_view name_of(State state);

/// One release: what the lists and the page show.
struct ReleaseView {
    BundleId id;
    PublisherId publisher;
    std::string petname;
    catalog::Catalogue::Entry entry;
    Time created{};       ///< the release's own; until its document is here, its catalogue's
    std::string version;  ///< for people: "November 2026"; empty until its document is here
    State state = State::offered;
    bool pinned = false, own = false, offered = false, newest = false;
    std::optional<catalog::WithdrawalReason> withdrawn;
    std::uint64_t done_bytes = 0, down_rate = 0, up_rate = 0, sent_bytes = 0;
    std::uint32_t peers = 0, seeds = 0;
    std::optional<std::uint32_t> known_seeds;
    std::optional<Time> held_since, proved_at;
    std::string folder;
    std::optional<Error> problem;
    std::string waits_for;  ///< for people, where nothing moves: "no peer has answered yet"
};

/// Documents and torrent of one release, checked; the shape that feeds::Feeds::fetch_release gives.
struct Documents {
    catalog::Release release;
    catalog::SignedBytes release_bytes;
    std::string torrent_bytes;
    bundle::Torrent torrent;
    std::string sums;
};

/// A folder that holds bundles, told from an empty mount point by the UUID in its `.croft-root`.
struct RootView {
    std::filesystem::path path;
    bool is_present = false;
    std::uint64_t free_bytes = 0;
    std::optional<Error> problem;  ///< `conflict` with reason `locked`: another daemon has it
};

/// What a publisher offers, and where it may send us.
struct Offers {
    std::string petname;
    std::vector<std::string> peers;  ///< host:port
    std::shared_ptr<const catalog::FollowerState> state;
    std::optional<std::filesystem::path> own_feed;  ///< where its bundles lie, to adopt in place
    /// Whether its trackers may lead into a private network: where the user gave an address there.
    bool may_lead_home = false;
};

/// What needs the user, beside what single releases and roots say of themselves.
struct Problem {
    Error error;
    std::string subject;
    std::string command;  ///< that mends it
};

struct Options {
    std::vector<std::filesystem::path> roots;  ///< the first takes new bundles
    std::optional<std::uint64_t> budget;       ///< fixed by configuration; else `set_budget`
    std::uint64_t keep_free = 1ull << 30;
    bool may_lead_home = false;  ///< every publisher's trackers: see `Offers`
    /// How often we look whether disks are still there and have room, and try again what failed.
    std::chrono::milliseconds look_every{10'000};
    /// Before it is a problem that nothing comes.
    std::chrono::milliseconds patience{300'000};
};

class Library {
public:
    using FetchDocuments =
        std::function<void(const PublisherId&, const catalog::ReleaseName&,
                           std::function<void(Result<std::shared_ptr<const Documents>>)>)>;

    /// Looks at the roots at once: `roots()` tells how they stand. A root that is missing is made
    /// only together with a new database, one that is empty and unknown gets its marker.
    Library(Loop& loop, Pool& pool, store::Store& store, Clock clock, Options options,
            const store::Snapshot& snapshot);
    ~Library();

    /// Connects what is made later. Held bundles go to the swarm at once, without reading their
    /// bytes.
    void start(swarm::Swarm& swarm, FetchDocuments fetch_documents);

    /// What a publisher offers now; plans anew.
    void offer(const PublisherId& publisher, Offers offers);
    /// Unfollowed: what is held stays held; what is being fetched stops where it is.
    void withdraw_offers(const PublisherId& publisher);
    /// The user shares their own feed once more: also what they dropped or paused of it, and what
    /// was found damaged is read again.
    void share_again(const PublisherId& publisher);

    void handle(const swarm::Event& event);

    /// Fetches now and pins; `then` when it is committed. The job ends when it is held. Refuses
    /// what is withdrawn, and `no_space` where the disk could not take all of it.
    void get(const BundleId& id, std::vector<std::string> peers,
             std::function<void(Result<Jobs::Id>)> then);
    void pin(const BundleId& id, bool pinned, std::function<void(Outcome)> then);
    void pause(const BundleId& id, bool paused, std::function<void(Outcome)> then);
    /// Stops seeding and deletes the files that the release names; nothing else. Own bundles are
    /// only let go. What was dropped is not fetched again until `get`. `then` when all is gone.
    void drop(const BundleId& id, std::function<void(Outcome)> then);

    void set_budget(std::optional<std::uint64_t> bytes, std::function<void(Outcome)> then);
    std::optional<std::uint64_t> budget() const;
    std::uint64_t used_bytes() const;
    MirrorPlan plan(std::optional<std::uint64_t> budget) const;  ///< with another budget: what if
    std::vector<Problem> problems() const;

    /// By name and serial. The views are valid until the caller returns to the loop.
    std::vector<const ReleaseView*> releases() const;
    const ReleaseView* find(const BundleId& id) const;
    std::vector<RootView> roots() const;

    /// Reads them from the disk, or, where we have none yet, fetches them.
    void documents(const BundleId& id,
                   std::function<void(Result<std::shared_ptr<const Documents>>)> then);

    Jobs& jobs();

    std::function<void(const ReleaseView&)> on_changed;
    std::function<void(const BundleId&)> on_gone;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace croft::library
