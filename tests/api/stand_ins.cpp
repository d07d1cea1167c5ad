#include "api/stand_ins.h"

#include <algorithm>

namespace croft::test {
namespace {

std::unique_ptr<StandIns>& current() {
    static std::unique_ptr<StandIns> one = std::make_unique<StandIns>();
    return one;
}

Outcome change(const std::string& what) {
    if (stand_ins().refuses) return tl::unexpected(*stand_ins().refuses);
    stand_ins().changes.push_back(what);
    return {};
}

}  // namespace

StandIns& stand_ins() { return *current(); }
void renew_stand_ins() { current() = std::make_unique<StandIns>(); }

}  // namespace croft::test

namespace croft::feeds {

using test::change;
using test::stand_ins;

struct Feeds::Impl {};

Feeds::Feeds(Loop& /*loop*/, Pool& /*pool*/, store::Store& /*store*/, Fetcher& /*fetcher*/,
             Clock /*clock*/, Options /*options*/, const std::vector<store::Follow>& /*restored*/)
    : impl_(std::make_unique<Impl>()) {}
Feeds::~Feeds() = default;

void Feeds::start() {}

void Feeds::preview(FollowRequest /*request*/, std::function<void(Result<Preview>)> then) {
    if (stand_ins().preview) return then(*stand_ins().preview);
    then(fail(Errc::unavailable, "no_source_answered", "no source answered"));
}

void Feeds::follow(FollowRequest request, std::function<void(Result<PublisherId>)> then) {
    const auto changed = change("follow " + request.source);
    if (!changed) return then(tl::unexpected(changed.error()));
    then(stand_ins().publishers.front().id);
}

void Feeds::unfollow(const PublisherId& id, std::function<void(Outcome)> then) {
    then(change("unfollow " + id.hex()));
}

void Feeds::rename(const PublisherId& id, std::string petname, std::function<void(Outcome)> then) {
    then(change("rename " + id.hex() + " " + petname));
}

void Feeds::confirm(const PublisherId& id, std::function<void(Outcome)> then) {
    then(change("confirm " + id.hex()));
}

void Feeds::check(const PublisherId& id, std::function<void(Result<bool>)> then) {
    const auto changed = change("check " + id.hex());
    if (!changed) return then(tl::unexpected(changed.error()));
    then(true);
}

void Feeds::accept_waiting(const PublisherId& id, std::function<void(Outcome)> then) {
    then(change("accept " + id.hex()));
}

std::vector<Publisher> Feeds::publishers() const { return stand_ins().publishers; }

std::optional<Publisher> Feeds::find(const PublisherId& id) const {
    const auto& all = stand_ins().publishers;
    const auto at = std::ranges::find(all, id, &Publisher::id);
    return at == all.end() ? std::nullopt : std::optional(*at);
}

void Feeds::fetch_release(
    const PublisherId& /*id*/, const catalog::ReleaseName& /*release*/,
    std::function<void(Result<std::shared_ptr<const ReleaseDocuments>>)> then) {
    then(fail(Errc::unavailable, "no_source_answered", "no source answered"));
}

}  // namespace croft::feeds

namespace croft::library {

using test::change;
using test::stand_ins;

std::string_view name_of(State state) {
    static constexpr std::string_view names[] = {"offered", "queued", "fetching", "checking",
                                                 "held",    "paused", "failed"};
    return names[static_cast<std::size_t>(state)];
}

struct Library::Impl {};

Library::Library(Loop& /*loop*/, Pool& /*pool*/, store::Store& /*store*/, Clock /*clock*/,
                 Options /*options*/, const store::Snapshot& /*snapshot*/)
    : impl_(std::make_unique<Impl>()) {}
Library::~Library() = default;

void Library::start(swarm::Swarm& /*swarm*/, FetchDocuments /*fetch_documents*/) {}
void Library::offer(const PublisherId& /*publisher*/, Offers /*offers*/) {}
void Library::withdraw_offers(const PublisherId& /*publisher*/) {}
void Library::share_again(const PublisherId& publisher) {
    stand_ins().changes.push_back("share again " + publisher.hex());
}
void Library::handle(const swarm::Event& /*event*/) {}

void Library::get(const BundleId& id, std::vector<std::string> peers,
                  std::function<void(Result<Jobs::Id>)> then) {
    const auto changed = change("get " + id.hex() + (peers.empty() ? "" : " " + peers.front()));
    if (!changed) return then(tl::unexpected(changed.error()));
    const ReleaseView* release = find(id);
    const auto job = stand_ins().jobs.start("get", release->entry.release.text());
    stand_ins().jobs.progress(job, 0, release->entry.total_size);
    then(job);
}

void Library::pin(const BundleId& id, bool pinned, std::function<void(Outcome)> then) {
    then(change((pinned ? "pin " : "unpin ") + id.hex()));
}

void Library::pause(const BundleId& id, bool paused, std::function<void(Outcome)> then) {
    then(change((paused ? "pause " : "resume ") + id.hex()));
}

void Library::drop(const BundleId& id, std::function<void(Outcome)> then) {
    then(change("drop " + id.hex()));
}

void Library::set_budget(std::optional<std::uint64_t> bytes, std::function<void(Outcome)> then) {
    auto changed = change("budget " + (bytes ? std::to_string(*bytes) : "none"));
    if (changed) stand_ins().budget = bytes;
    then(std::move(changed));
}

std::optional<std::uint64_t> Library::budget() const { return stand_ins().budget; }
std::uint64_t Library::used_bytes() const { return stand_ins().used_bytes; }
MirrorPlan Library::plan(std::optional<std::uint64_t> /*budget*/) const { return stand_ins().plan; }

std::vector<Problem> Library::problems() const { return stand_ins().problems; }

std::vector<const ReleaseView*> Library::releases() const {
    std::vector<const ReleaseView*> all;
    for (const auto& each : stand_ins().releases)
        all.push_back(&each);
    return all;
}

const ReleaseView* Library::find(const BundleId& id) const {
    const auto& all = stand_ins().releases;
    const auto at = std::ranges::find(all, id, &ReleaseView::id);
    return at == all.end() ? nullptr : &*at;
}

std::vector<RootView> Library::roots() const { return stand_ins().roots; }

void Library::documents(const BundleId& id,
                        std::function<void(Result<std::shared_ptr<const Documents>>)> then) {
    const auto at = stand_ins().documents.find(id);
    if (at != stand_ins().documents.end()) return then(at->second);
    then(fail(Errc::unavailable, "no_source_answered", "no source has its documents"));
}

Jobs& Library::jobs() { return stand_ins().jobs; }

}  // namespace croft::library

namespace croft::swarm {

std::string library_version() { return "2.0.8.0"; }

}  // namespace croft::swarm
