#pragma once

#include "feeds/checks_impl.h"
#include "feeds/introduction_impl.h"
#include "feeds/look_impl.h"
#include "feeds/turns_impl.h"

#include <map>

namespace croft::feeds {

/// One publisher that we follow: its sources, when to look at them, and what came of it.
///
/// Every change of what is stored is made *in turn*: it starts when the one before is committed,
/// so that no commit undoes another. What is accepted is used and told only after its commit.
class Following {
public:
    /// Whom we tell and ask. Outlives this.
    struct Listener {
        std::function<void(const Publisher&)> accepted;
        std::function<void(const Publisher&)> changed;
        std::function<std::set<std::string>(const PublisherId&)> held_names;
    };

    /// `row` is committed already.
    Following(std::shared_ptr<Context> context, const Listener& listener, store::Follow row);

    /// Verifies the stored documents, tells of them, and begins to look.
    void restore();
    /// Begins with what a source showed just now, and what was committed with `row`.
    void begin(const Introduction::Met& met);

    Publisher publisher() const;

    void check(std::function<void(Result<bool>)> then);
    void accept_waiting(std::function<void(Outcome)> then);

    /// Changes the stored row by `change`, with a line for the journal.
    void change(std::function<Outcome(store::Follow&)> change, store::JournalEntry entry,
                std::function<void(Outcome)> then);
    /// The last turn, unless it fails: whoever still waits for something is told that it is gone.
    void remove(std::function<void(Outcome)> then);

    void fetch_release(const catalog::ReleaseName& release,
                       Then<std::shared_ptr<const ReleaseDocuments>> then);

    store::JournalEntry entry(std::string kind, std::string level, std::string message) const;

private:
    struct Slot {
        std::shared_ptr<Source> source;
        std::unique_ptr<Look> look;
        Loop::Timer timer;
        bool is_looking = false;
        bool look_again = false;      ///< somebody asked while it was looking already
        std::uint64_t looks = 0;      ///< started so far
        unsigned failures = 0;        ///< in a row
        std::optional<Outcome> last;  ///< none: not looked at yet
    };
    void follow_sources();
    void add_slot(const std::string& address, GivenBy given_by);
    void look_at(Slot& slot);
    void look_in(Slot& slot, std::chrono::milliseconds wait);

    void judged(Slot& slot, Seen seen);
    void take(Slot& slot, std::shared_ptr<const Update> accepted);
    void take_same(Slot& slot, const catalog::Accepted& accepted);
    std::optional<Waiting> would_wait(const Update& update) const;
    void keep_waiting(Slot& slot, std::shared_ptr<const Update> update, Waiting what);
    void commit(store::Follow row, StatePointer state, std::optional<store::JournalEntry> line,
                std::function<void(Outcome)> then);
    void commit_update(std::shared_ptr<const Update> update, std::function<void(Outcome)> then);
    void install(const std::shared_ptr<const Update>& accepted);
    void take_equivocation(Slot& slot, Seen seen);
    void conclude(Slot& slot, Result<bool> outcome);
    void start_check(std::function<void(Result<bool>)> then);
    void close();
    tl::unexpected<Error> gone() const;
    void note(const std::string& subject, const Error& error);
    std::optional<Error> last_error() const;

    std::shared_ptr<Context> context_;
    const Listener& listener_;
    store::Follow row_;  ///< as committed, without what `state_` says once it is verified
    StatePointer state_;
    bool clock_warning_ = false;
    std::optional<Error> restore_error_;
    std::shared_ptr<const Update> waiting_update_;
    std::optional<Waiting> waiting_;
    std::vector<std::unique_ptr<Slot>> slots_;
    Checks checks_;
    std::map<std::string, std::string> noted_;  ///< subject -> the refusal that was told last
    Turns turns_;
    bool is_gone_ = false;
    Lifetime lifetime_;
};

}  // namespace croft::feeds
