#pragma once

#include "base/file.h"
#include "bundle/feed_folder.h"
#include "feeds/fake_fetcher.h"
#include "feeds/feeds.h"
#include "feeds/waiting.h"
#include "testing/feed_vectors.h"
#include "testing/temporary_folder.h"
#include "testing/test_publisher.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace croft::feeds::test {

using croft::test::TestPublisher;

/// The real store, in which a test may see and spoil what is committed.
class WatchedStore final : public store::Store {
public:
    WatchedStore(Loop& loop, const std::filesystem::path& folder)
        : loop_(loop), opened(store::open(loop, folder).value()) {}

    void commit(std::vector<store::Change> changes, std::function<void(Outcome)> then) override {
        for (const auto& change : changes) {
            if (const auto* line = std::get_if<store::AppendJournal>(&change))
                journal.push_back(line->entry);
            if (std::holds_alternative<store::PutFollow>(change)) ++follows_put;
        }
        if (fails) {
            loop_.post([then] { then(fail(Errc::no_space, "no_space", "the disk is full")); });
            return;
        }
        if (is_silent) return;
        opened.store->commit(std::move(changes), std::move(then));
    }

    std::size_t lines(std::string_view kind) const {
        return static_cast<std::size_t>(
            std::ranges::count(journal, kind, &store::JournalEntry::kind));
    }

private:
    Loop& loop_;

public:
    store::Opened opened;
    std::vector<store::JournalEntry> journal;
    std::size_t follows_put = 0;
    bool fails = false;      ///< answers an error
    bool is_silent = false;  ///< neither stores nor answers: killed at this point
};

/// Feeds with everything real but the network and the clock.
class FeedsTest : public ::testing::Test {
protected:
    FeedsTest() { begin(); }

    /// As after a start of the daemon: everything comes from the store.
    void begin() {
        std::filesystem::create_directories(folder.path() / "state");
        database = std::make_unique<WatchedStore>(loop, folder.path() / "state");
        fetcher = std::make_unique<FakeFetcher>(loop);
        feeds = std::make_unique<Feeds>(
            loop, pool, *database, *fetcher, [this] { return now; }, options,
            database->opened.snapshot.follows);
        feeds->on_accepted = [this](const Publisher& publisher) {
            accepted.push_back(version_of(publisher));
        };
        feeds->held_names = [this](const PublisherId&) { return held; };
        feeds->start();
    }

    void end() {
        feeds.reset();
        fetcher.reset();
        database.reset();
        accepted.clear();
    }

    void restart() {
        end();
        begin();
        run_until(loop, [&] { return accepted.size() == feeds->publishers().size(); });
    }

    static std::uint64_t version_of(const Publisher& publisher) {
        return publisher.state->catalogue ? publisher.state->catalogue->version : 0;
    }

    Result<PublisherId> follow(FollowRequest request) {
        return await<Result<PublisherId>>(
            loop, [&](auto then) { feeds->follow(std::move(request), std::move(then)); });
    }
    Result<PublisherId> follow(const std::filesystem::path& source) {
        FollowRequest request;
        request.source = source.native();
        return follow(std::move(request));
    }
    Result<Preview> preview(const std::string& source) {
        FollowRequest request;
        request.source = source;
        return await<Result<Preview>>(
            loop, [&](auto then) { feeds->preview(std::move(request), std::move(then)); });
    }
    Result<bool> check(const PublisherId& id) {
        return await<Result<bool>>(loop, [&](auto then) { feeds->check(id, std::move(then)); });
    }
    Outcome act(const std::function<void(std::function<void(Outcome)>)>& start) {
        return await<Outcome>(loop, start);
    }
    Publisher publisher(const PublisherId& id) { return feeds->find(id).value(); }
    std::string refusal_of(const PublisherId& id) {
        const auto checked = check(id);
        return checked ? "taken" : checked.error().reason;
    }

    /// A feed's folder with these documents.
    std::filesystem::path write_feed(const catalog::FeedBytes& feed,
                                     const std::string& name = "feed") {
        const auto path = folder.path() / name;
        for (std::size_t i = 0; i < feed.publishers.size(); ++i)
            write(path, bundle::layout::publisher(i + 1), feed.publishers[i]);
        write(path, std::string(bundle::layout::catalogue), feed.catalogue);
        if (feed.beacon) write(path, std::string(bundle::layout::beacon), *feed.beacon);
        return path;
    }
    static void write(const std::filesystem::path& feed, const std::string& name,
                      const catalog::SignedBytes& bytes) {
        const auto written = bundle::write_signed(feed, name, bytes);
        if (!written) throw std::runtime_error(written.error().message);
    }

    /// The same files on the web.
    void serve(const std::filesystem::path& feed, const std::string& base) {
        for (const auto& entry : std::filesystem::recursive_directory_iterator(feed)) {
            if (!entry.is_regular_file()) continue;
            const auto name = entry.path().lexically_relative(feed).native();
            fetcher->files[base + name] = read_file(entry.path(), 1u << 30).value();
        }
    }

    static std::filesystem::path vector_feed(const std::string& name) {
        return croft::test::vector_folder() / "docs" / name;
    }

    Options quick_options() const {
        Options made;
        made.check_every = std::chrono::hours(1);
        made.second_look_after = std::chrono::milliseconds(30);
        made.start_spread = std::chrono::hours(1);  // a restart looks at nothing by itself
        made.evidence_folder = folder.path() / "evidence";
        return made;
    }

    croft::test::TemporaryFolder folder;
    Loop loop;
    Pool pool{loop, Pool::Options{}};
    Time now = croft::test::vector_day;
    Options options = quick_options();
    std::set<std::string> held;
    std::vector<std::uint64_t> accepted;  ///< catalogue versions, as they were told
    std::unique_ptr<WatchedStore> database;
    std::unique_ptr<FakeFetcher> fetcher;
    std::unique_ptr<Feeds> feeds;
};

}  // namespace croft::feeds::test
