#pragma once

#include "library/admission.h"
#include "library/item.h"
#include "library/roots.h"
#include "library/work_queue.h"

#include <deque>
#include <map>
#include <set>
#include <utility>

namespace croft::library {

/// Takes releases through their course: wanted -> documents -> swarm -> own pass -> held, and out
/// again. Each step is committed before the next begins, so that after a crash it goes on from the
/// last one. `Library` is its face.
class Keeper {
public:
    Keeper(Loop& loop, Pool& pool, store::Store& store, Clock clock, Options options,
           const store::Snapshot& snapshot);

    void start(swarm::Swarm& swarm, Library::FetchDocuments fetch_documents);

    // keeper_offers.cpp: what there is, and what of it we want.

    void offer(const PublisherId& publisher, Offers offers);
    void withdraw_offers(const PublisherId& publisher);
    void share_again(const PublisherId& publisher);
    MirrorPlan plan(std::optional<std::uint64_t> budget) const;
    std::vector<Problem> problems() const;

    // keeper_wishes.cpp: what the user wants.

    void get(Item& item, const std::vector<std::string>& peers,
             std::function<void(Result<Jobs::Id>)> then);
    void pin(Item& item, bool pinned, std::function<void(Outcome)> then);
    void pause(Item& item, bool paused, std::function<void(Outcome)> then);
    void drop(Item& item, std::function<void(Outcome)> then);
    void set_budget(std::optional<std::uint64_t> bytes, std::function<void(Outcome)> then);
    std::optional<std::uint64_t> budget() const;

    // keeper.cpp

    void handle(const swarm::Event& event);
    void documents(Item& item, std::function<void(Result<SharedDocuments>)> then);
    Item* find(const BundleId& id);
    const std::map<BundleId, Item>& items() const { return items_; }
    const std::vector<const ReleaseView*>& views();
    const Roots& roots() const { return roots_; }
    Jobs& jobs() { return jobs_; }

    std::function<void(const ReleaseView&)> on_changed;
    std::function<void(const BundleId&)> on_gone;

private:
    struct Obtained {
        SharedDocuments documents;
        bool are_stored = false;
    };
    using ThenObtained = std::function<void(Result<Obtained>)>;
    using Then = std::function<void(Item&, const Outcome&)>;

    // keeper.cpp: what all rooms need.
    void restore(const store::Snapshot& snapshot);
    void commit(Item& item, const Then& then, std::vector<store::Change> besides = {});
    store::Change journal(const Item& item, std::string kind, std::string level,
                          std::string message) const;
    void refresh(Item& item);
    void show_checks();
    void fail_for_now(Item& item, const Error& error);
    void finish_jobs(Item& item, const Outcome& outcome);
    void forget_if_nothing(const BundleId& id);
    /// Ties a callback to an item: it gets the item if both of us are still there.
    template <class Function>
    auto with(const Item& item, Function function) {
        return [this, here = std::weak_ptr(here_), id = item.id,
                function = std::move(function)](auto&&... arguments) {
            if (here.expired()) return;
            Item* found = find(id);
            if (found) function(*found, std::forward<decltype(arguments)>(arguments)...);
        };
    }

    // keeper_offers.cpp
    void reread_offers();
    void take_entries(const PublisherId& publisher, const Offers& offers);
    void mark_withdrawn(const PublisherId& publisher, const catalog::Catalogue& catalogue);
    void purge(const PublisherId& publisher);
    void adopt(const Offers& offers);
    void look_for_found(const PublisherId& publisher);
    void adopt_found(const PublisherId& publisher, const std::filesystem::path& feed,
                     const std::set<std::string>& found);
    void write_feed_of(const PublisherId& publisher, const Offers& offers);
    std::vector<Candidate> candidates() const;
    void carry_out_plan();
    void want(const std::vector<BundleId>& ids);
    void give_up_wishes(const std::vector<BundleId>& ids);

    // keeper_withdrawn.cpp: single files that a publisher took back.
    void withdraw_files(const PublisherId& publisher, WithdrawnFiles files);
    void look_for_withdrawn(Item& item, const SharedDocuments& documents,
                            std::function<void(Item&)> then);
    Error taken_back_error(const Item& item) const;

    // keeper_wishes.cpp
    Outcome may_get(Item& item) const;
    void take_on(Item& item, const std::vector<std::string>& peers);

    // keeper_disks.cpp: what stands in the way.
    void look();
    const RootView* root_of(const Item& item) const;
    DiskRoom room_on(const RootView& root) const;
    void count_promises();
    Obstacle obstacle_of(const Item& item) const;
    Obstacle obstacle_on_disk(const Item& item) const;
    void note_obstacle(Item& item);
    void disk_is_full(Item& item, const Error& error);
    void disk_changed(const RootView& root);
    void note_waiting(Item& item);

    // keeper_course.cpp: the course itself.
    void advance(Item& item);
    bool is_due(const Item& item) const;
    void steer_in_swarm(Item& item);
    void start_turns();
    void end_turn(Item& item);
    void obtain(Item& item, WorkQueue& queue, ThenObtained then);
    void fetch(Item& item, ThenObtained then);
    void remember(Item& item, const Obtained& obtained);
    void obtained(Item& item, Result<Obtained> obtained);
    void go_on(Item& item, const Obtained& obtained);
    bool may_lead_home(const Item& item) const;
    std::vector<std::string> trackers_for(Item& item, const catalog::Release& release) const;
    std::vector<std::string> peers_for(const Item& item) const;
    void write(Item& item, const SharedDocuments& documents);
    void written(Item& item, const SharedDocuments& documents);
    void join(Item& item, const Documents& documents);
    void leave(Item& item);

    // keeper_check.cpp: our own pass, and deleting.
    void check(Item& item);
    void run_check(Item& item, const SharedDocuments& documents);
    void checked(Item& item, const Result<bundle::Checked>& checked);
    void prove(Item& item);
    void proved(Item& item, const Outcome& outcome);
    void found_damaged(Item& item, const bundle::Checked& checked);
    void delete_files(Item& item);
    void deleted(Item& item, const Result<std::vector<std::string>>& left);

    // keeper_events.cpp
    void on(const swarm::Progressed& event);
    void on(const swarm::Completed& event);
    void on(const swarm::Damaged& event);
    void on(const swarm::ResumeDataSaved& event);
    void on(const swarm::Failed& event);
    void on(const swarm::Removed& event);

    Loop& loop_;
    store::Store& store_;
    const Clock clock_;
    const Options options_;
    std::optional<std::uint64_t> chosen_budget_;
    Jobs jobs_;
    std::map<BundleId, Item> items_;
    std::vector<const ReleaseView*> sorted_views_;  ///< made again when `items_` has others
    std::map<PublisherId, Offers> offers_;
    std::set<PublisherId> followed_;  ///< also whose offers have not come yet
    std::map<PublisherId, WithdrawnFiles> withdrawn_files_;
    std::deque<SharedDocuments> recent_;  ///< a page's few questions read them once
    std::deque<BundleId> turns_;
    std::size_t turns_running_ = 0;

    Roots roots_;
    std::map<const RootView*, std::uint64_t> promised_;  ///< bytes still to come, as last counted
    WorkQueue answering_, reading_, writing_, checking_, deleting_;
    swarm::Swarm* swarm_ = nullptr;
    Library::FetchDocuments fetch_documents_;
    Loop::Timer looking_, showing_;
    const std::shared_ptr<int> here_ = std::make_shared<int>();
};

}  // namespace croft::library
