#include "base/text.h"
#include "feeds/introduction_impl.h"
#include "feeds/publisher_state_impl.h"
#include "feeds/refusal_impl.h"
#include "swarm/swarm.h"

#include <algorithm>

namespace croft::feeds {
namespace {

Result<Lead> read_uri(const std::string& text) {
    auto uri = catalog::FollowUri::parse(text);
    if (!uri) return tl::unexpected(uri.error());
    Lead lead{uri->publisher, {}, std::move(uri->peers)};
    for (const auto& feed : uri->feeds) {
        if (auto address = normalise_source(feed)) lead.sources.push_back(std::move(*address));
    }
    if (lead.sources.empty())
        return fail(Errc::unavailable, "no_feed_address",
                    "the URI names no feed that can be fetched (xs=https://…); ask its publisher "
                    "for one, or follow the feed's URL or folder");
    return lead;
}

}  // namespace

Result<Lead> read_lead(const FollowRequest& request) {
    const bool is_uri = request.source.starts_with("magnet:");
    auto lead = is_uri ? read_uri(request.source)
                       : normalise_source(request.source).map([](std::string&& address) {
                             return Lead{std::nullopt, {std::move(address)}, {}};
                         });
    if (!lead) return lead;
    if (request.own && !request.source.starts_with('/'))
        return fail(Errc::invalid_argument, "own_needs_folder",
                    "only the feed of a folder on this computer can be your own");
    for (const auto& peer : request.peers) {
        if (!swarm::is_peer_address(peer))
            return fail(Errc::invalid_argument, "bad_peer",
                        "a peer is HOST:PORT, not " + escape_control(peer));
        if (!std::ranges::count(lead->peers, peer)) lead->peers.push_back(peer);
    }
    return lead;
}

Introduction::Introduction(const std::shared_ptr<Context>& context, Lead lead)
    : lead_(std::move(lead)) {
    const auto judge = [anchor = lead_.anchor](const StatePointer&, const catalog::FeedBytes& feed,
                                               Time now) { return judge_first(anchor, feed, now); };
    const std::string party = lead_.sources.front();
    for (const auto& address : lead_.sources) {
        sources_.push_back(make_source(context, address, GivenBy::user, party));
        looks_.push_back(std::make_unique<Look>(
            context, sources_.back(), [] { return StatePointer(); }, judge));
    }
}

void Introduction::start(std::function<void(Result<Met>)> then) {
    then_ = std::move(then);
    awaited_ = looks_.size();
    for (std::size_t i = 0; i < looks_.size(); ++i)
        looks_[i]->start([this, i](Seen seen) { take(i, std::move(seen)); });
}

void Introduction::take(std::size_t index, Seen seen) {
    --awaited_;
    if (!then_) return;  // we have met already
    if (!seen.accepted) keep_graver(error_, seen.accepted.error());
    if (!seen.accepted && awaited_ > 0) return;
    const auto then = std::exchange(then_, nullptr);
    if (seen.accepted)
        then(Met{lead_.sources[index], std::move(*seen.accepted)});
    else
        then(tl::unexpected(*error_));
}

}  // namespace croft::feeds
