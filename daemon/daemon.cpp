#include "daemon.h"

#include "base/file.h"
#include "bundle/known_publishers.h"
#include "loop/pool.h"

#include <systemd/sd-daemon.h>

#include <algorithm>
#include <csignal>
#include <set>
#include <string>

namespace croft {
namespace {

using namespace std::chrono_literals;

constexpr auto resume_data_deadline = 6s;  // of the 10 s that a clean stop may take
constexpr auto watchdog_period = 10s;

std::shared_ptr<const library::Documents> documents_of(const feeds::ReleaseDocuments& from) {
    return std::make_shared<const library::Documents>(library::Documents{
        from.release, from.release_bytes, from.torrent_bytes, from.torrent, from.sums});
}

}  // namespace

/// Members in order of construction; destroyed in reverse.
struct Daemon::Impl {
    Config config;
    Descriptor lock;
    Clock clock = system_clock();
    Loop loop;
    std::unique_ptr<store::Store> store;
    std::unique_ptr<feeds::Fetcher> fetcher;
    std::unique_ptr<feeds::Feeds> feeds;
    std::unique_ptr<library::Library> library;
    std::unique_ptr<swarm::Swarm> swarm;
    std::unique_ptr<api::Api> api;
    std::unique_ptr<Pool> pool;
    Loop::Timer watchdog, deadline;
    bool is_stopping = false;

    explicit Impl(Config given)
        : config(std::move(given)), pool(std::make_unique<Pool>(loop, Pool::Options{})) {}

    Outcome build();
    void follow_the_lost(store::Snapshot& snapshot);
    void connect_feeds();
    void show_trust(const feeds::Publisher& publisher);
    void hide_trust(const catalog::PublisherId& id);
    void connect_library();
    void on_swarm_event(const swarm::Event& event);
    void start();
    void stop();
};

Outcome Daemon::Impl::build() {
    if (auto made = make_folders(config.state_folder, 0700); !made) return made;
    auto locked = lock_file(config.state_folder / "croftd.lock");
    if (!locked) return tl::unexpected(locked.error());
    lock = std::move(*locked);

    auto opened = store::open(loop, config.state_folder);
    if (!opened) return tl::unexpected(opened.error());
    store = std::move(opened->store);
    if (opened->snapshot.is_restored) follow_the_lost(opened->snapshot);

    fetcher = feeds::make_curl_fetcher(loop, {.proxy = config.proxy});
    config.feeds.evidence_folder = config.state_folder / "evidence";
    feeds = std::make_unique<feeds::Feeds>(loop, *pool, *store, *fetcher, clock, config.feeds,
                                           opened->snapshot.follows);
    config.library.may_lead_home = config.feeds.allow_private_addresses;
    library = std::make_unique<library::Library>(loop, *pool, *store, clock, config.library,
                                                 opened->snapshot);
    for (const library::RootView& root : library->roots()) {
        if (root.problem && root.problem->reason == "locked") return tl::unexpected(*root.problem);
    }

    auto made = swarm::make_libtorrent_swarm(
        loop, config.swarm, [this](const swarm::Event& event) { on_swarm_event(event); });
    if (!made) return tl::unexpected(made.error());
    swarm = std::move(*made);

    api::Options options{.runtime_folder = config.socket.parent_path(),
                         .socket = config.socket,
                         .control_listen = config.control_listen,
                         .content_origin = {},
                         .webui_folder = config.webui_folder,
                         .version = CROFT_VERSION};
    api = std::make_unique<api::Api>(loop, clock, options,
                                     api::Modules{*feeds, *library, *swarm, *store, *pool},
                                     config.settings, opened->snapshot.journal);
    connect_feeds();
    connect_library();
    return {};
}

/// Whom we followed lies in the public copy too, signed: that is no decision of a backup's to
/// forget. Their bundles are found on the disks when they are offered.
void Daemon::Impl::follow_the_lost(store::Snapshot& snapshot) {
    const auto known = bundle::read_known_publishers(config.state_folder / "followed", clock());
    for (const bundle::KnownPublisher& each : known.publishers) {
        const std::string id = each.state.id.hex();
        if (std::ranges::count(snapshot.follows, id, &store::Follow::publisher) > 0) continue;
        snapshot.follows.push_back(feeds::follow_again(each.petname, each.state, clock()));
        log::warning("croftd: followed again, out of its documents", {{"publisher", each.petname}});
        store->commit({store::PutFollow{snapshot.follows.back()}}, {});
    }
}

void Daemon::Impl::connect_feeds() {
    feeds->on_accepted = [this](const feeds::Publisher& publisher) {
        std::optional<std::filesystem::path> own_feed;
        if (publisher.own && !publisher.sources.empty()) own_feed = publisher.sources.front();
        library->offer(publisher.id, {publisher.petname, publisher.peers, publisher.state,
                                      std::move(own_feed), publisher.is_near});
        show_trust(publisher);
    };
    feeds->on_changed = [this](const feeds::Publisher& publisher) { api->publish(publisher); };
    feeds->held_names = [this](const catalog::PublisherId& id) {
        std::set<std::string> names;
        for (const auto* release : library->releases()) {
            const bool is_held = release->state == library::State::held;
            if (is_held && release->publisher == id) names.insert(release->entry.release.name);
        }
        return names;
    };
    feeds->on_unfollowed = [this](const catalog::PublisherId& id) {
        library->withdraw_offers(id);
        hide_trust(id);
        api->publish_gone(id);
    };
}

/// The public copy of whom we follow, for `croft verify` and others on this computer: a
/// convenience, so that its failure is only logged.
void Daemon::Impl::show_trust(const feeds::Publisher& publisher) {
    const auto folder = config.state_folder / "followed";
    const bundle::KnownPublisher known{publisher.petname, *publisher.state};
    const auto log_failure = [](const Outcome& written) {
        if (!written) log::warning("followed: not written", {{"why", written.error().message}});
    };
    const auto queued = pool->run(
        Pool::Lane::quick,
        [folder, known](const std::stop_token&) {
            return bundle::write_known_publisher(folder, known);
        },
        log_failure);
    log_failure(queued);
}

void Daemon::Impl::hide_trust(const catalog::PublisherId& id) {
    const auto forgotten = bundle::forget_known_publisher(config.state_folder / "followed", id);
    if (!forgotten) log::warning("followed: not removed", {{"why", forgotten.error().message}});
}

void Daemon::Impl::connect_library() {
    library->on_changed = [this](const library::ReleaseView& release) { api->publish(release); };
    library->on_gone = [this](const catalog::BundleId& id) { api->publish_gone(id); };
    store->on_appended = [this](const store::JournalEntry& entry) { api->publish(entry); };
    api->on_stop_requested = [this] { stop(); };
}

void Daemon::Impl::on_swarm_event(const swarm::Event& event) {
    library->handle(event);
    api->publish(event);
}

void Daemon::Impl::start() {
    library->start(*swarm, [this](const catalog::PublisherId& publisher,
                                  const catalog::ReleaseName& release, auto then) {
        // While we stop, the library may still ask; the feeds are gone first.
        if (!feeds) return then(fail(Errc::unavailable, "stopping", "croftd is stopping"));
        feeds->fetch_release(publisher, release,
                             [then](Result<std::shared_ptr<const feeds::ReleaseDocuments>> got) {
                                 if (!got) return then(tl::unexpected(got.error()));
                                 then(documents_of(**got));
                             });
    });
    swarm->set_limits(config.down_limit, config.up_limit);
    feeds->start();
    watchdog = loop.every(watchdog_period, [] { ::sd_notify(0, "WATCHDOG=1"); });
    ::sd_notify(0, "READY=1");
    log::info("croftd: ready",
              {{"version", CROFT_VERSION}, {"state", config.state_folder.native()}});
}

/// Listeners, feeds, resume data, pool, database: in this order.
void Daemon::Impl::stop() {
    if (is_stopping) return;
    is_stopping = true;
    ::sd_notify(0, "STOPPING=1");
    log::info("croftd: stopping");
    deadline = loop.after(9s, [this] { loop.stop(); });
    api->stop([this] {
        feeds.reset();
        swarm->stop(resume_data_deadline, [this] {
            // What the last events made us commit is queued already: an empty commit comes after
            // it.
            store->commit({}, [this](const Outcome&) { loop.stop(); });
        });
    });
}

Daemon::Daemon() = default;
Daemon::~Daemon() = default;

Result<std::unique_ptr<Daemon>> Daemon::make(Config config) {
    std::unique_ptr<Daemon> daemon(new Daemon());
    daemon->impl_ = std::make_unique<Impl>(std::move(config));
    if (auto built = daemon->impl_->build(); !built) return tl::unexpected(built.error());
    if (auto listening = daemon->impl_->api->start(); !listening)
        return tl::unexpected(listening.error());
    return daemon;
}

void Daemon::run() {
    impl_->loop.on_signal([this](int signal) {
        if (signal != SIGHUP) impl_->stop();
    });
    impl_->loop.post([this] { impl_->start(); });
    impl_->loop.run();
    impl_->pool.reset();
}

}  // namespace croft
