#include "library/library.h"

#include "library/keeper.h"

namespace croft::library {

std::string_view name_of(State state) {
    switch (state) {
        case State::offered: return "offered";
        case State::queued: return "queued";
        case State::fetching: return "fetching";
        case State::checking: return "checking";
        case State::held: return "held";
        case State::paused: return "paused";
        case State::failed: return "failed";
    }
    return "";
}

/// Finds the item, or answers that there is none; the rest is the keeper's.
struct Library::Impl {
    Keeper keeper;

    template <class Then>
    Item* find_or_answer(const BundleId& id, const Then& then) {
        Item* item = keeper.find(id);
        if (!item) {
            then(fail(Errc::not_found, "no_such_release", "there is no release " + id.hex()));
        }
        return item;
    }
};

Library::Library(Loop& loop, Pool& pool, store::Store& store, Clock clock, Options options,
                 const store::Snapshot& snapshot)
    : impl_(new Impl{Keeper(loop, pool, store, std::move(clock), std::move(options), snapshot)}) {
    impl_->keeper.on_changed = [this](const ReleaseView& view) {
        if (on_changed) on_changed(view);
    };
    impl_->keeper.on_gone = [this](const BundleId& id) {
        if (on_gone) on_gone(id);
    };
}
Library::~Library() = default;

void Library::start(swarm::Swarm& swarm, FetchDocuments fetch_documents) {
    impl_->keeper.start(swarm, std::move(fetch_documents));
}

void Library::offer(const PublisherId& publisher, Offers offers) {
    impl_->keeper.offer(publisher, std::move(offers));
}

void Library::withdraw_offers(const PublisherId& publisher) {
    impl_->keeper.withdraw_offers(publisher);
}

void Library::share_again(const PublisherId& publisher) { impl_->keeper.share_again(publisher); }

void Library::handle(const swarm::Event& event) { impl_->keeper.handle(event); }

void Library::get(const BundleId& id, std::vector<std::string> peers,
                  std::function<void(Result<Jobs::Id>)> then) {
    if (Item* item = impl_->find_or_answer(id, then)) {
        impl_->keeper.get(*item, peers, std::move(then));
    }
}

void Library::pin(const BundleId& id, bool pinned, std::function<void(Outcome)> then) {
    if (Item* item = impl_->find_or_answer(id, then)) {
        impl_->keeper.pin(*item, pinned, std::move(then));
    }
}

void Library::pause(const BundleId& id, bool paused, std::function<void(Outcome)> then) {
    if (Item* item = impl_->find_or_answer(id, then)) {
        impl_->keeper.pause(*item, paused, std::move(then));
    }
}

void Library::drop(const BundleId& id, std::function<void(Outcome)> then) {
    if (Item* item = impl_->find_or_answer(id, then)) {
        impl_->keeper.drop(*item, std::move(then));
    }
}

void Library::set_budget(std::optional<std::uint64_t> bytes, std::function<void(Outcome)> then) {
    impl_->keeper.set_budget(bytes, std::move(then));
}

std::optional<std::uint64_t> Library::budget() const { return impl_->keeper.budget(); }

std::uint64_t Library::used_bytes() const {
    std::uint64_t used = 0;
    for (const auto& [id, item] : impl_->keeper.items()) {
        const bool is_counted = item.is_taken_on() && !item.is_own() && item.step() != Step::wanted;
        if (is_counted) used += item.entry.total_size;
    }
    return used;
}

MirrorPlan Library::plan(std::optional<std::uint64_t> budget) const {
    return impl_->keeper.plan(budget);
}

std::vector<Problem> Library::problems() const { return impl_->keeper.problems(); }

std::vector<const ReleaseView*> Library::releases() const { return impl_->keeper.views(); }

const ReleaseView* Library::find(const BundleId& id) const {
    const Item* item = impl_->keeper.find(id);
    return item ? &item->view : nullptr;
}

std::vector<RootView> Library::roots() const { return impl_->keeper.roots().views(); }

void Library::documents(const BundleId& id,
                        std::function<void(Result<std::shared_ptr<const Documents>>)> then) {
    if (Item* item = impl_->find_or_answer(id, then)) {
        impl_->keeper.documents(*item, std::move(then));
    }
}

Jobs& Library::jobs() { return impl_->keeper.jobs(); }

}  // namespace croft::library
