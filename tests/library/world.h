#pragma once

#include "base/file.h"
#include "bundle/feed_folder.h"
#include "bundle/make_torrent.h"
#include "fakes/fake_store.h"
#include "fakes/fake_swarm.h"
#include "library/library.h"
#include "testing/temporary_folder.h"
#include "testing/test_publisher.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace croft::test {

using catalog::BundleId;
using library::Documents;
using library::State;
namespace fs = std::filesystem;

/// A publisher with real files in its feed folder, and a library that follows it, with a fake swarm
/// and a fake store.
class World : public testing::Test {
protected:
    using Files = std::map<std::string, std::string>;
    static constexpr std::uint64_t piece_length = 16 * 1024;

    World() {
        catalogue_ = publisher_.catalogue(1);
        store_.snapshot.follows.emplace_back().publisher = publisher_.id().hex();
    }
    ~World() override { stop(); }

    // --- the publisher ---

    /// Writes a bundle and its documents into the feed, and lists it in the next catalogue.
    BundleId publish(const std::string& name, std::uint64_t serial, const Files& files) {
        const catalog::ReleaseName release{name, serial};
        const fs::path folder = library_folder(feed_, release);
        for (const auto& [path, content] : files)
            put(folder / path, content);
        const auto documents = std::make_shared<const Documents>(describe(release, files));
        documents_[release] = documents;
        catalogue_.releases.push_back(entry_of(*documents));
        require(bundle::write_signed(feed_, bundle::layout::release(release),
                                     documents->release_bytes));
        require(make_folders(feed_ / "torrents"));
        require(write_file(feed_ / bundle::layout::torrent(release), documents->torrent_bytes));
        return documents->torrent.id;
    }
    static Files some_files() {
        return {{"a.txt", "alpha\n"}, {"sub/b.bin", std::string(40'000, 'b')}, {"empty", ""}};
    }

    /// The catalogue as it is now, signed, accepted and offered to the library.
    void offer(bool own = false) {
        offered_ = std::make_shared<catalog::FollowerState>(
            catalog::accept(publisher_.begin(), publisher_.feed(catalogue_), TestPublisher::now)
                .value()
                .state);
        library_->offer(publisher_.id(), {"pet",
                                          {"127.0.0.1:9"},
                                          offered_,
                                          own ? std::optional(feed_) : std::nullopt,
                                          is_near_});
        ++catalogue_.version;
    }

    // --- the daemon ---

    void start() {
        pool_ = std::make_unique<Pool>(loop_, Pool::Options{});
        library_ = std::make_unique<library::Library>(
            loop_, *pool_, store_, [] { return TestPublisher::now; }, options_, store_.snapshot);
        swarm_ = std::make_unique<FakeSwarm>(
            loop_, [this](const swarm::Event& event) { library_->handle(event); });
        library_->start(*swarm_, [this](const auto&, const auto& release, auto then) {
            ++fetched_;
            const auto at = documents_.find(release);
            if (fetch_error_ || at == documents_.end()) {
                return then(tl::unexpected(fetch_error_.value_or(
                    Error{Errc::not_found, "not_found", "no source has it"})));
            }
            then(at->second);
        });
        settle();
    }
    /// As kill -9 would: what is not in the store or on the disk is lost.
    void stop() {
        library_.reset();
        swarm_.reset();
        pool_.reset();
    }
    void restart() {
        stop();
        start();
    }

    bool wait_for(const std::function<bool()>& condition) {
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
        bool reached = false;
        const auto timer = loop_.every(std::chrono::milliseconds(1), [&] {
            reached = condition();
            if (reached || std::chrono::steady_clock::now() > end) loop_.stop();
        });
        loop_.run();
        return reached;
    }
    /// Lets everything happen that would happen by itself, several looks long.
    void settle() {
        const auto timer = loop_.after(std::chrono::milliseconds(100), [&] { loop_.stop(); });
        loop_.run();
    }
    bool wait_for_state(const BundleId& id, State state) {
        return wait_for([&] { return view(id).state == state; });
    }

    /// Calls, and waits for the answer.
    template <class Call>
    Outcome ask(Call call) {
        std::optional<Outcome> answer;
        call([&](const Outcome& outcome) { answer = outcome; });
        EXPECT_TRUE(wait_for([&] { return answer.has_value(); }));
        return answer.value_or(fail(Errc::io, "silent", "no answer came"));
    }
    Outcome get(const BundleId& id, std::vector<std::string> peers = {}) {
        return ask([&](const auto& then) {
            library_->get(id, std::move(peers), [&, then](Result<Jobs::Id> job) {
                if (job) job_ = *job;
                then(job ? Outcome() : tl::unexpected(job.error()));
            });
        });
    }
    Outcome drop(const BundleId& id) {
        return ask([&](const auto& then) { library_->drop(id, then); });
    }
    Outcome set_budget(std::optional<std::uint64_t> bytes) {
        return ask([&](const auto& then) { library_->set_budget(bytes, then); });
    }
    /// Published, offered, fetched from a peer, held.
    BundleId hold(const std::string& name, std::uint64_t serial, const Files& files) {
        const BundleId id = publish(name, serial, files);
        offer();
        seed(id, name, serial);
        EXPECT_TRUE(get(id));
        EXPECT_TRUE(wait_for_state(id, State::held)) << why(id);
        return id;
    }
    void seed(const BundleId& id, const std::string& name, std::uint64_t serial) {
        swarm_->seed(id, library_folder(feed_, {name, serial}));
    }

    // --- what is seen ---

    const library::ReleaseView& view(const BundleId& id) const {
        static const library::ReleaseView nothing;
        const auto* found = library_->find(id);
        return found ? *found : nothing;
    }
    std::string why(const BundleId& id) const {
        const auto& seen = view(id);
        return std::string(name_of(seen.state)) + ": " + seen.waits_for +
               (seen.problem ? " problem: " + seen.problem->message : "");
    }
    std::string stored_state(const BundleId& id) const {
        for (const auto& holding : store_.snapshot.holdings) {
            if (holding.bundle == id.hex()) return holding.state;
        }
        return "none";
    }
    const Jobs::Job& job() const { return *library_->jobs().find(job_); }
    fs::path publisher_folder() const {
        return root_ / bundle::layout::publisher_folder(publisher_.id());
    }
    fs::path held_folder(const std::string& name) const {
        return publisher_folder() / "bundles" / name;
    }

    static fs::path library_folder(const fs::path& feed, const catalog::ReleaseName& release) {
        return feed / bundle::layout::bundle(release);
    }
    static void put(const fs::path& path, const std::string& content) {
        fs::create_directories(path.parent_path());
        require(write_file(path, content));
    }
    static void require(const Outcome& outcome) {
        if (!outcome) throw std::runtime_error(outcome.error().message);
    }

    const TemporaryFolder home_;
    const fs::path root_ = home_.path() / "root";
    const fs::path feed_ = home_.path() / "feed";
    TestPublisher publisher_;
    catalog::Catalogue catalogue_;
    std::map<catalog::ReleaseName, std::shared_ptr<const Documents>> documents_;
    std::shared_ptr<const catalog::FollowerState> offered_;
    std::vector<std::string> trackers_{"http://tracker.example/announce"};

    library::Options options_{.roots = {root_},
                              .budget = std::nullopt,
                              .keep_free = 0,
                              .look_every = std::chrono::milliseconds(10)};
    bool is_near_ = false;
    std::optional<Error> fetch_error_;
    int fetched_ = 0;
    Jobs::Id job_ = 0;

    Loop loop_;
    FakeStore store_{loop_};
    std::unique_ptr<Pool> pool_;
    std::unique_ptr<FakeSwarm> swarm_;
    std::unique_ptr<library::Library> library_;

private:
    Documents describe(const catalog::ReleaseName& release, const Files& files) const {
        std::vector<bundle::FileToHash> to_hash;
        for (const auto& [path, content] : files)
            to_hash.push_back(
                {.path = library_folder(feed_, release) / path, .size = content.size()});
        bundle::HashOptions hashing;
        hashing.piece_length = piece_length;
        const auto hashes = bundle::hash_files(to_hash, hashing).value();

        Documents made;
        std::vector<bundle::TorrentFileEntry> entries;
        std::size_t next = 0;
        for (const auto& [path, content] : files) {
            const auto& hash = hashes.at(next++);
            entries.push_back({path, content.size(), hash});
            made.release.files.push_back({path, content.size(), hash.sha256, hash.root});
        }
        made.torrent_bytes = bundle::make_torrent(release.text(), piece_length, entries);
        made.torrent = bundle::parse_torrent(made.torrent_bytes).value();
        describe(made, release);
        return made;
    }
    void describe(Documents& made, const catalog::ReleaseName& name) const {
        catalog::Release& release = made.release;
        release.publisher = publisher_.id();
        release.release = name;
        release.version = "June 2026";
        release.created = TestPublisher::now - std::chrono::days(2);
        release.title = {{"en", "A test"}};
        release.languages = {"en"};
        release.licence = "CC0-1.0";
        release.trackers = trackers_;
        release.total_size = made.torrent.total_size;
        release.torrent = {made.torrent.btih,
                           made.torrent.id,
                           made.torrent.name,
                           made.torrent.piece_length,
                           trust::sha256(made.torrent_bytes),
                           made.torrent_bytes.size()};
        made.release_bytes = TestPublisher::sign(write(release), {&publisher_.daily});
    }
    static catalog::Catalogue::Entry entry_of(const Documents& made) {
        const catalog::Release& release = made.release;
        const std::string& bytes = made.release_bytes.document;
        return {release.release,
                release.kind,
                release.title,
                release.languages,
                release.licence,
                release.total_size,
                release.torrent.btih,
                release.torrent.btmh,
                {bundle::layout::release(release.release), trust::sha256(bytes), bytes.size()}};
    }
};

}  // namespace croft::test
