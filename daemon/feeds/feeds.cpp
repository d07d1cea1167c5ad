#include "feeds/feeds.h"

#include "feeds/commit_impl.h"
#include "feeds/following_impl.h"
#include "feeds/petname_impl.h"
#include "feeds/publisher_state_impl.h"

#include <algorithm>

namespace croft::feeds {

struct Feeds::Impl {
    Feeds& feeds;
    std::shared_ptr<Context> context;
    Following::Listener listener;
    std::map<PublisherId, std::unique_ptr<Following>> followings;
    std::map<PublisherId, std::string> arriving;  ///< petnames; their first commit is on its way
    std::map<std::uint64_t, std::unique_ptr<Introduction>> introductions;
    std::uint64_t next_introduction = 0;
    Lifetime lifetime;

    Impl(Feeds& outer, std::shared_ptr<Context> with);
    template <class Value, class Call>
    void meet(FollowRequest request, Then<Value> then, Call call);
    Preview preview_of(const Lead& lead, const Introduction::Met& met) const;
    void welcome(const FollowRequest& request, const Lead& lead, const Introduction::Met& met,
                 std::function<void(Result<PublisherId>)> then);
    void add(const FollowRequest& request, const Lead& lead, const Introduction::Met& met,
             std::function<void(Result<PublisherId>)> then);
    void extend(Following& known, const FollowRequest& request, const Lead& lead,
                std::function<void(Result<PublisherId>)> then);
    std::vector<std::string> petnames(const PublisherId* except = nullptr) const;

    /// Calls `with` on the publisher, or answers `not_found`, on the loop.
    template <class Value, class With>
    void with(const PublisherId& id, Then<Value> then, With call) {
        const auto found = followings.find(id);
        if (found != followings.end()) {
            call(*found->second, lifetime.guard(std::move(then)));
            return;
        }
        auto nobody = [then = std::move(then)] {
            then(fail(Errc::not_found, "not_followed", "no such publisher is followed"));
        };
        context->loop.post(lifetime.guard(std::move(nobody)));
    }
};

namespace {

bool is_confirmed(const FollowRequest& request, const Lead& lead) {
    return lead.anchor || !request.fingerprint.empty() || request.own;
}

/// Whether the user compared with somebody else.
Outcome check_fingerprint(const FollowRequest& request, const PublisherId& id) {
    if (request.fingerprint.empty()) return {};
    const auto expected = catalog::normalise_fingerprint(request.fingerprint);
    if (!expected) return tl::unexpected(expected.error());
    const std::string found = catalog::fingerprint(id);
    if (*expected == found) return {};
    return fail(Errc::conflict, "other_fingerprint",
                "this is not who you expect: the fingerprint is " + found + ", not " + *expected);
}

template <class Value>
void add_new(std::vector<Value>& to, const std::vector<Value>& from) {
    for (const auto& value : from)
        if (!std::ranges::count(to, value)) to.push_back(value);
}

/// What a second request to follow somebody adds to the first. Our own feed's folder comes first:
/// that is where its bundles lie.
void extend_row(store::Follow& row, const FollowRequest& request, const Lead& lead) {
    if (request.own) {
        std::erase(row.sources, lead.sources.front());
        row.sources.insert(row.sources.begin(), lead.sources.front());
    }
    add_new(row.sources, lead.sources);
    add_new(row.peers, lead.peers);
    row.own = row.own || request.own;
    row.confirmed = row.confirmed || is_confirmed(request, lead);
}

}  // namespace

Feeds::Impl::Impl(Feeds& outer, std::shared_ptr<Context> with)
    : feeds(outer), context(std::move(with)) {
    listener.accepted = [this](const Publisher& publisher) {
        if (feeds.on_accepted) feeds.on_accepted(publisher);
    };
    listener.changed = [this](const Publisher& publisher) {
        if (feeds.on_changed) feeds.on_changed(publisher);
    };
    listener.held_names = [this](const PublisherId& id) {
        return feeds.held_names ? feeds.held_names(id) : std::set<std::string>();
    };
}

/// Finds out who is meant, then goes on with `call(request, lead, met, then)`.
template <class Value, class Call>
void Feeds::Impl::meet(FollowRequest request, Then<Value> then, Call call) {
    auto lead = read_lead(request);
    if (!lead) {
        auto refused = [then, error = lead.error()] { then(tl::unexpected(error)); };
        context->loop.post(lifetime.guard(std::move(refused)));
        return;
    }
    const auto number = next_introduction++;
    auto& introduction = introductions[number];
    introduction = std::make_unique<Introduction>(context, *lead);
    introduction->start([this, number, request = std::move(request), lead = std::move(*lead), then,
                         call](const Result<Introduction::Met>& met) {
        const auto ended = introductions.extract(number);
        if (!met) return then(tl::unexpected(met.error()));
        const auto same = check_fingerprint(request, met->update->accepted.state.id);
        if (!same) return then(tl::unexpected(same.error()));
        call(request, lead, *met, then);
    });
}

std::vector<std::string> Feeds::Impl::petnames(const PublisherId* except) const {
    std::vector<std::string> names;
    for (const auto& [id, petname] : arriving)
        names.push_back(petname);
    for (const auto& [id, following] : followings)
        if (except == nullptr || id != *except) names.push_back(following->publisher().petname);
    return names;
}

Preview Feeds::Impl::preview_of(const Lead& lead, const Introduction::Met& met) const {
    const auto& state = met.update->accepted.state;
    Preview preview;
    preview.id = state.id;
    preview.fingerprint = catalog::fingerprint(state.id);
    preview.claimed_name = state.publisher.name;
    preview.newest_created = state.newest_created;
    preview.stale = met.update->accepted.stale;
    preview.anchored = lead.anchor.has_value();
    preview.already_followed = followings.contains(state.id);
    preview.state = {met.update, &state};
    if (state.catalogue) {
        for (const auto& entry : state.catalogue->releases) {
            auto& offer = preview.offers[entry.kind];
            ++offer.releases;
            offer.size_bytes += entry.total_size;
        }
    }
    for (const auto& [id, following] : followings) {
        const Publisher other = following->publisher();
        const std::string looks = skeleton(preview.claimed_name);
        const bool is_alike =
            looks == skeleton(other.petname) || looks == skeleton(other.claimed_name);
        if (id != state.id && is_alike)
            preview.warnings.push_back("its name looks like “" + other.petname +
                                       "”, whom you follow already: it is somebody else");
    }
    if (met.update->accepted.clock_warning)
        preview.warnings.emplace_back(
            "it is dated more than a day ahead of this computer's clock: one of the two is wrong");
    return preview;
}

void Feeds::Impl::welcome(const FollowRequest& request, const Lead& lead,
                          const Introduction::Met& met,
                          std::function<void(Result<PublisherId>)> then) {
    const PublisherId& id = met.update->accepted.state.id;
    if (arriving.contains(id))
        return then(fail(Errc::conflict, "busy", "this publisher is being followed just now"));
    if (const auto known = followings.find(id); known != followings.end())
        return extend(*known->second, request, lead, std::move(then));
    add(request, lead, met, std::move(then));
}

void Feeds::Impl::add(const FollowRequest& request, const Lead& lead, const Introduction::Met& met,
                      std::function<void(Result<PublisherId>)> then) {
    const auto& state = met.update->accepted.state;
    const auto taken = petnames();
    store::Follow row;
    row.petname =
        request.petname.empty() ? make_petname(state.publisher.name, taken) : request.petname;
    if (const auto fits = check_petname(row.petname, taken); !fits)
        return then(tl::unexpected(fits.error()));
    extend_row(row, request, lead);
    row.followed_at = context->clock();
    row.last_news = row.followed_at;
    row.publisher = state.id.hex();

    auto following = std::make_shared<std::unique_ptr<Following>>(
        std::make_unique<Following>(context, listener, row));
    const auto line =
        (*following)->entry("followed", "info", row.petname + ": " + met.update->description);
    arriving[state.id] = row.petname;
    auto committed = [this, following, met, id = state.id,
                      then = std::move(then)](const Outcome& outcome) {
        arriving.erase(id);
        if (!outcome) return then(tl::unexpected(outcome.error()));
        Following& added = *followings.emplace(id, std::move(*following)).first->second;
        added.begin(met);
        then(id);
    };
    commit_follow(context, lifetime, std::move(row), {met.update, &state}, line,
                  std::move(committed));
}

void Feeds::Impl::extend(Following& known, const FollowRequest& request, const Lead& lead,
                         std::function<void(Result<PublisherId>)> then) {
    const PublisherId id = known.publisher().id;
    const auto taken = petnames(&id);
    auto change = [request, lead, taken](store::Follow& row) -> Outcome {
        extend_row(row, request, lead);
        if (request.petname.empty() || request.petname == row.petname) return {};
        row.petname = request.petname;
        return check_petname(row.petname, taken);
    };
    auto changed = [this, id, then = std::move(then)](const Outcome& outcome) {
        const auto found = followings.find(id);
        if (!outcome) return then(tl::unexpected(outcome.error()));
        if (found == followings.end()) return then(id);
        found->second->check(lifetime.guard([id, then](const Result<bool>& checked) {
            then(checked.map([&](bool) { return id; }));
        }));
    };
    known.change(
        std::move(change),
        known.entry("followed", "info", known.publisher().petname + ": followed once more"),
        lifetime.guard(std::move(changed)));
}

store::Follow follow_again(const std::string& petname, const catalog::FollowerState& state,
                           Time now) {
    store::Follow row;
    row.petname = petname;
    row.followed_at = now;
    return with_state(std::move(row), state);
}

Feeds::Feeds(Loop& loop, Pool& pool, store::Store& store, Fetcher& fetcher, Clock clock,
             Options options, const std::vector<store::Follow>& restored)
    : impl_(std::make_unique<Impl>(
          *this, std::make_shared<Context>(
                     Context{loop, pool, store, fetcher, std::move(clock), std::move(options)}))) {
    for (const auto& row : restored) {
        const auto id = PublisherId::parse(row.publisher);
        if (id)
            impl_->followings.emplace(
                *id, std::make_unique<Following>(impl_->context, impl_->listener, row));
    }
}

Feeds::~Feeds() = default;

void Feeds::start() {
    for (const auto& [id, following] : impl_->followings)
        following->restore();
}

void Feeds::preview(FollowRequest request, std::function<void(Result<Preview>)> then) {
    impl_->meet<Preview>(
        std::move(request), std::move(then),
        [impl = impl_.get()](const FollowRequest&, const Lead& lead, const Introduction::Met& met,
                             const auto& answer) { answer(impl->preview_of(lead, met)); });
}

void Feeds::follow(FollowRequest request, std::function<void(Result<PublisherId>)> then) {
    impl_->meet<PublisherId>(
        std::move(request), std::move(then),
        [impl = impl_.get()](const FollowRequest& asked, const Lead& lead,
                             const Introduction::Met& met,
                             const auto& answer) { impl->welcome(asked, lead, met, answer); });
}

void Feeds::unfollow(const PublisherId& id, std::function<void(Outcome)> then) {
    impl_->with<void>(id, std::move(then), [this, id](Following& following, auto answer) {
        following.remove([this, id, answer](const Outcome& outcome) mutable {
            if (!outcome) return answer(outcome);
            const auto gone = impl_->followings.extract(id);
            if (on_unfollowed) on_unfollowed(id);
            answer(outcome);
        });
    });
}

void Feeds::rename(const PublisherId& id, std::string petname, std::function<void(Outcome)> then) {
    impl_->with<void>(id, std::move(then), [&](Following& following, auto answer) {
        auto change = [this, id, petname](store::Follow& row) -> Outcome {
            row.petname = petname;
            return check_petname(petname, impl_->petnames(&id));
        };
        following.change(std::move(change),
                         following.entry("renamed", "info",
                                         following.publisher().petname + " is now " + petname),
                         answer);
    });
}

void Feeds::confirm(const PublisherId& id, std::function<void(Outcome)> then) {
    impl_->with<void>(id, std::move(then), [&](Following& following, auto answer) {
        following.change(
            [](store::Follow& row) -> Outcome {
                row.confirmed = true;
                return {};
            },
            following.entry("confirmed", "info",
                            following.publisher().petname + ": fingerprint " +
                                catalog::fingerprint(id) + " confirmed"),
            answer);
    });
}

void Feeds::check(const PublisherId& id, std::function<void(Result<bool>)> then) {
    impl_->with<bool>(id, std::move(then), [](Following& following, auto answer) {
        following.check(std::move(answer));
    });
}

void Feeds::accept_waiting(const PublisherId& id, std::function<void(Outcome)> then) {
    impl_->with<void>(id, std::move(then), [](Following& following, auto answer) {
        following.accept_waiting(std::move(answer));
    });
}

std::vector<Publisher> Feeds::publishers() const {
    std::vector<Publisher> all;
    for (const auto& [id, following] : impl_->followings)
        all.push_back(following->publisher());
    std::ranges::sort(all, {}, &Publisher::petname);
    return all;
}

std::optional<Publisher> Feeds::find(const PublisherId& id) const {
    const auto found = impl_->followings.find(id);
    if (found == impl_->followings.end()) return std::nullopt;
    return found->second->publisher();
}

void Feeds::fetch_release(
    const PublisherId& id, const catalog::ReleaseName& release,
    std::function<void(Result<std::shared_ptr<const ReleaseDocuments>>)> then) {
    impl_->with<std::shared_ptr<const ReleaseDocuments>>(
        id, std::move(then), [&](Following& following, auto answer) {
            following.fetch_release(release, std::move(answer));
        });
}

}  // namespace croft::feeds
