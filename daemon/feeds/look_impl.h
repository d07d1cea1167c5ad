#pragma once

#include "feeds/lifetime_impl.h"
#include "feeds/publisher_state_impl.h"
#include "feeds/source_impl.h"

namespace croft::feeds {

/// What one source shows, judged against what we held at that moment.
struct Seen {
    StatePointer against;
    std::shared_ptr<const catalog::FeedBytes> feed;  ///< none where it could not be read
    Result<std::shared_ptr<const Update>> accepted;
};

/// Looks at one source: reads the feed, judges it on the pool. What might just be in the middle of
/// being published is read a second time, past all caches, before the judgement counts.
///
/// From the loop's thread; nothing is answered once it is gone.
class Look {
public:
    /// Pure: runs on the pool.
    using Judge = std::function<Result<catalog::Accepted>(
        const StatePointer& held, const catalog::FeedBytes& feed, Time now)>;
    using Then = std::function<void(Seen)>;

    Look(std::shared_ptr<Context> context, std::shared_ptr<Source> source,
         std::function<StatePointer()> held, Judge judge)
        : context_(std::move(context)),
          source_(std::move(source)),
          held_(std::move(held)),
          judge_(std::move(judge)) {}

    /// One at a time.
    void start(Then then);

    /// Judges what was read before, against what we hold now.
    void judge(const std::shared_ptr<const catalog::FeedBytes>& feed, Then then);

private:
    void read(Freshness freshness);
    void conclude(Freshness freshness, Seen seen);

    std::shared_ptr<Context> context_;
    std::shared_ptr<Source> source_;
    std::function<StatePointer()> held_;
    Judge judge_;
    Then then_;
    Loop::Timer second_look_;
    Lifetime lifetime_;
};

}  // namespace croft::feeds
