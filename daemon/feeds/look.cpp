#include "feeds/look_impl.h"
#include "feeds/refusal_impl.h"

namespace croft::feeds {

void Look::start(Then then) {
    then_ = std::move(then);
    read(Freshness::usual);
}

void Look::read(Freshness freshness) {
    auto take = [this, freshness](Result<catalog::FeedBytes> got) {
        if (!got) {
            conclude(freshness, Seen{held_(), nullptr, tl::unexpected(std::move(got.error()))});
            return;
        }
        judge(std::make_shared<const catalog::FeedBytes>(std::move(*got)),
              [this, freshness](Seen seen) { conclude(freshness, std::move(seen)); });
    };
    source_->read_feed(held_(), freshness, lifetime_.guard(std::move(take)));
}

void Look::judge(const std::shared_ptr<const catalog::FeedBytes>& feed, Then then) {
    using Accepted = std::shared_ptr<const Update>;
    const StatePointer against = held_();
    auto work = [judge = judge_, against, feed, now = context_->clock()] {
        return judge(against, *feed, now).map([](catalog::Accepted&& accepted) -> Accepted {
            return std::make_shared<const Update>(std::move(accepted));
        });
    };
    auto take = [against, feed, then = std::move(then)](Result<Accepted> accepted) {
        then(Seen{against, feed, std::move(accepted)});
    };
    context_->on_pool(std::move(work), lifetime_.guard(std::move(take)));
}

void Look::conclude(Freshness freshness, Seen seen) {
    const bool is_first = freshness == Freshness::usual;
    if (is_first && !seen.accepted && may_be_mid_publish(seen.accepted.error())) {
        second_look_ = context_->loop.after(context_->options.second_look_after,
                                            [this] { read(Freshness::uncached); });
        return;
    }
    // Whoever is told may let go of us.
    const Then then = std::move(then_);
    then(std::move(seen));
}

}  // namespace croft::feeds
