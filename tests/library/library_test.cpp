#include "library/world.h"

namespace croft::test {
namespace {

class LibraryTest : public World {
protected:
    LibraryTest() { start(); }
};

TEST_F(LibraryTest, FetchesProvesHoldsAndKeepsTheDocumentsBesideIt) {
    const BundleId id = publish("wiki", 57, some_files());
    offer();
    EXPECT_EQ(view(id).state, State::offered);
    ASSERT_TRUE(get(id));
    ASSERT_TRUE(wait_for([&] { return swarm_->has(id); })) << why(id);
    EXPECT_EQ(swarm_->added(id).folder, held_folder("wiki-57"));
    EXPECT_EQ(swarm_->added(id).trackers.size(), 1U);
    EXPECT_EQ(swarm_->added(id).peers, std::vector<std::string>{"127.0.0.1:9"});
    EXPECT_FALSE(swarm_->added(id).have_all);
    EXPECT_EQ(stored_state(id), "fetching");
    EXPECT_EQ(job().state, Jobs::State::running);

    seed(id, "wiki", 57);
    ASSERT_TRUE(wait_for_state(id, State::held)) << why(id);
    EXPECT_EQ(stored_state(id), "held");
    EXPECT_TRUE(view(id).pinned);
    EXPECT_EQ(view(id).proved_at, TestPublisher::now);
    EXPECT_EQ(view(id).version, "June 2026");
    EXPECT_TRUE(wait_for([&] { return job().state == Jobs::State::done; }));
    EXPECT_EQ(store_.snapshot.journal.back().kind, "held");

    // Others can follow from the folder alone.
    const auto feed = bundle::read_feed(publisher_folder()).value();
    const auto begun = catalog::begin(publisher_.id(), feed.publishers, TestPublisher::now);
    ASSERT_TRUE(begun) << begun.error().message;
    EXPECT_TRUE(catalog::accept(*begun, feed, TestPublisher::now));
    EXPECT_TRUE(fs::exists(publisher_folder() / "releases/wiki-57.json.minisig"));
    EXPECT_TRUE(fs::exists(publisher_folder() / "torrents/wiki-57.torrent"));
}

TEST_F(LibraryTest, NeverHoldsWhatItsOwnPassRefutes) {
    const BundleId id = publish("wiki", 1, some_files());
    put(feed_ / "bundles/wiki-1/a.txt", "alphA\n");  // the swarm of the test looks at sizes only
    offer();
    seed(id, "wiki", 1);
    ASSERT_TRUE(get(id));
    ASSERT_TRUE(wait_for_state(id, State::failed)) << why(id);
    EXPECT_EQ(view(id).problem->code, Errc::damaged);
    EXPECT_NE(view(id).problem->message.find("damaged: a.txt"), std::string::npos);
    EXPECT_EQ(job().state, Jobs::State::failed);
    settle();
    EXPECT_NE(stored_state(id), "held");
    EXPECT_FALSE(swarm_->has(id));  // nobody is sent it

    put(held_folder("wiki-1") / "a.txt", "alpha\n");
    ASSERT_TRUE(get(id));
    EXPECT_TRUE(wait_for_state(id, State::held)) << why(id);
}

TEST_F(LibraryTest, NeverHoldsAFolderWithMoreInItThanWasSigned) {
    const BundleId id = publish("wiki", 1, some_files());
    put(feed_ / "bundles/wiki-1/more.txt", "x");
    offer();
    seed(id, "wiki", 1);
    ASSERT_TRUE(get(id));
    ASSERT_TRUE(wait_for_state(id, State::failed)) << why(id);
    EXPECT_NE(view(id).problem->message.find("more.txt"), std::string::npos);
}

TEST_F(LibraryTest, ShowsNothingAsHeldThatTheStoreRefused) {
    const BundleId id = publish("wiki", 1, some_files());
    offer();
    ASSERT_TRUE(get(id));
    ASSERT_TRUE(wait_for([&] { return swarm_->has(id); }));
    store_.fails = Error{Errc::no_space, "disk_full", "no room for the database"};
    seed(id, "wiki", 1);
    settle();
    EXPECT_NE(view(id).state, State::held);
    store_.fails.reset();
    EXPECT_TRUE(wait_for_state(id, State::held)) << why(id);
    EXPECT_EQ(stored_state(id), "held");
}

TEST_F(LibraryTest, AnswersThatItCouldNotStoreAWishAndForgetsIt) {
    const BundleId id = publish("wiki", 1, some_files());
    offer();
    store_.fails = Error{Errc::io, "database_failed", "no"};
    EXPECT_EQ(get(id).error().code, Errc::io);
    EXPECT_EQ(set_budget(5).error().code, Errc::io);
    store_.fails.reset();
    settle();
    EXPECT_EQ(view(id).state, State::offered);
    EXPECT_FALSE(swarm_->has(id));
    EXPECT_EQ(library_->budget(), std::nullopt);
}

TEST_F(LibraryTest, FetchesNothingByItselfUntilThereIsABudgetAndThenWhatFits) {
    const BundleId big = publish("big", 1, {{"f", std::string(50'000, 'x')}});
    const BundleId small = publish("small", 1, {{"f", std::string(100, 'x')}});
    offer();
    settle();
    EXPECT_EQ(view(big).state, State::offered);
    EXPECT_TRUE(store_.snapshot.holdings.empty());

    ASSERT_TRUE(set_budget(1'000));
    ASSERT_TRUE(wait_for([&] { return swarm_->has(small); })) << why(small);
    settle();
    EXPECT_FALSE(swarm_->has(big));
    EXPECT_EQ(view(big).state, State::offered);
    EXPECT_LE(library_->used_bytes(), 1'000U);
    EXPECT_EQ(store_.snapshot.settings.at("mirror.budget"), "1000");
    restart();
    EXPECT_EQ(library_->budget(), 1'000U);
}

TEST_F(LibraryTest, PausesWhatALoweredBudgetNoLongerCoversAndDeletesNothing) {
    const BundleId id = publish("wiki", 1, some_files());
    offer();
    ASSERT_TRUE(set_budget(1'000'000));
    ASSERT_TRUE(wait_for([&] { return swarm_->has(id); }));
    ASSERT_TRUE(set_budget(10));
    EXPECT_TRUE(wait_for([&] { return swarm_->is_paused(id); }));
    EXPECT_EQ(view(id).waits_for, "does not fit the budget any more");
    EXPECT_TRUE(fs::exists(held_folder("wiki-1")));
    ASSERT_TRUE(set_budget(1'000'000));
    EXPECT_TRUE(wait_for([&] { return !swarm_->is_paused(id); }));
}

TEST_F(LibraryTest, RefusesAnotherBudgetThanTheConfigurations) {
    options_.budget = 77;
    restart();
    EXPECT_EQ(set_budget(5).error().reason, "locked");
    EXPECT_EQ(library_->budget(), 77U);
}

TEST_F(LibraryTest, SeedsAgainAfterARestartWithoutReadingOrFetching) {
    const BundleId id = hold("wiki", 1, some_files());
    fetched_ = 0;
    fs::remove(held_folder("wiki-1") / "a.txt");  // nobody looks
    restart();
    ASSERT_TRUE(wait_for([&] { return swarm_->has(id); })) << why(id);
    EXPECT_TRUE(swarm_->added(id).have_all);
    EXPECT_EQ(view(id).state, State::held);
    EXPECT_EQ(view(id).entry.title.at("en"), "A test");  // though nobody has offered it yet
    EXPECT_EQ(fetched_, 0);
}

TEST_F(LibraryTest, GoesOnAfterARestartFromWhereADownloadWas) {
    const BundleId id = publish("wiki", 1, some_files());
    offer();
    ASSERT_TRUE(get(id, {"127.0.0.1:77"}));
    ASSERT_TRUE(wait_for([&] { return swarm_->has(id); }));
    swarm_->emit(swarm::ResumeDataSaved{id, "so far"});
    ASSERT_TRUE(wait_for([&] { return store_.snapshot.resume_data.contains(id.hex()); }));
    fetched_ = 0;
    restart();
    ASSERT_TRUE(wait_for([&] { return swarm_->has(id); })) << why(id);
    EXPECT_EQ(swarm_->added(id).resume_data, "so far");
    EXPECT_EQ(swarm_->added(id).peers, std::vector<std::string>{"127.0.0.1:77"});
    EXPECT_FALSE(swarm_->added(id).have_all);
    EXPECT_EQ(fetched_, 0);
}

TEST_F(LibraryTest, RepeatsItsPassWhereItWasKilledBeforeTheEndOfIt) {
    const BundleId id = hold("wiki", 1, some_files());
    stop();
    store_.snapshot.holdings.at(0).state = "complete";
    put(held_folder("wiki-1") / "a.txt", "alphA\n");
    start();
    EXPECT_TRUE(wait_for_state(id, State::failed)) << why(id);
    EXPECT_EQ(stored_state(id), "complete");
}

TEST_F(LibraryTest, FetchesDocumentsAgainThatWereLostOnTheDisk) {
    const BundleId id = hold("wiki", 1, some_files());
    put(publisher_folder() / "releases/wiki-1.json", "rubbish");
    restart();
    offer();
    ASSERT_TRUE(wait_for([&] { return swarm_->has(id); })) << why(id);
    EXPECT_EQ(read_file(publisher_folder() / "releases/wiki-1.json", 1 << 20).value(),
              documents_.begin()->second->release_bytes.document);
}

TEST_F(LibraryTest, SaysWhyItWaitsForDocumentsAndTriesAgain) {
    const BundleId id = publish("wiki", 1, some_files());
    offer();
    fetch_error_ = Error{Errc::unavailable, "offline", "example.org does not answer"};
    ASSERT_TRUE(get(id));
    ASSERT_TRUE(wait_for([&] { return view(id).waits_for == "example.org does not answer"; }));
    EXPECT_EQ(view(id).state, State::queued);
    EXPECT_EQ(job().state, Jobs::State::running);
    fetch_error_.reset();
    EXPECT_TRUE(wait_for([&] { return swarm_->has(id); })) << why(id);
}

TEST_F(LibraryTest, FailsAtOnceForDocumentsThatAreNotWhatWasSigned) {
    const BundleId id = publish("wiki", 1, some_files());
    offer();
    fetch_error_ = Error{Errc::damaged, "torrent_mismatch", "the torrent differs"};
    ASSERT_TRUE(get(id));
    ASSERT_TRUE(wait_for([&] { return job().state == Jobs::State::failed; }));
    EXPECT_EQ(view(id).state, State::failed);
    EXPECT_FALSE(swarm_->has(id));
}

TEST_F(LibraryTest, PausesResumesAndRemembersIt) {
    const BundleId id = publish("wiki", 1, some_files());
    offer();
    ASSERT_TRUE(get(id));
    ASSERT_TRUE(wait_for([&] { return swarm_->has(id); }));
    ASSERT_TRUE(ask([&](const auto& then) { library_->pause(id, true, then); }));
    EXPECT_TRUE(swarm_->is_paused(id));
    EXPECT_EQ(view(id).state, State::paused);
    restart();
    EXPECT_FALSE(swarm_->has(id));
    EXPECT_EQ(view(id).state, State::paused);
    ASSERT_TRUE(ask([&](const auto& then) { library_->pause(id, false, then); }));
    EXPECT_TRUE(wait_for([&] { return swarm_->has(id); })) << why(id);
}

TEST_F(LibraryTest, NeitherFetchesNorGivesWhatWasWithdrawnButKeepsWhatItHolds) {
    const BundleId held = hold("wiki", 1, some_files());
    const BundleId fetching = publish("papers", 1, some_files());
    offer();
    ASSERT_TRUE(get(fetching));
    ASSERT_TRUE(wait_for([&] { return swarm_->has(fetching); }));

    catalogue_.releases.clear();
    catalogue_.withdrawn = {{{{"wiki", 1}}, {}, catalog::WithdrawalReason::privacy, {}},
                            {{{"papers", 1}}, {}, catalog::WithdrawalReason::legal, {}}};
    offer();
    EXPECT_TRUE(wait_for([&] { return swarm_->is_paused(fetching); }));
    EXPECT_EQ(view(fetching).waits_for, "its publisher took it back");
    EXPECT_EQ(get(fetching).error().code, Errc::withdrawn);
    EXPECT_EQ(view(held).withdrawn, catalog::WithdrawalReason::privacy);
    EXPECT_EQ(view(held).state, State::held);
    EXPECT_TRUE(fs::exists(held_folder("wiki-1") / "a.txt"));
}

TEST_F(LibraryTest, DeletesNothingWhateverAFeedSays) {
    const BundleId held = hold("wiki", 1, some_files());
    const BundleId offered = publish("papers", 1, some_files());
    offer();
    std::vector<BundleId> gone;
    library_->on_gone = [&](const BundleId& id) { gone.push_back(id); };
    catalogue_.releases.clear();
    offer();
    settle();
    EXPECT_EQ(gone, std::vector{offered});
    EXPECT_EQ(library_->find(offered), nullptr);
    EXPECT_EQ(view(held).state, State::held);
    EXPECT_FALSE(view(held).offered);
    library_->withdraw_offers(publisher_.id());
    settle();
    EXPECT_EQ(view(held).state, State::held);
    EXPECT_TRUE(swarm_->has(held));
    EXPECT_TRUE(fs::exists(held_folder("wiki-1") / "a.txt"));
}

TEST_F(LibraryTest, WritesTheNewestCatalogueBesideWhatItHolds) {
    hold("wiki", 1, some_files());
    publish("papers", 1, some_files());
    offer();
    EXPECT_TRUE(wait_for([&] {
        const auto read = read_file(publisher_folder() / "catalogue.json", 1 << 20);
        return read && *read == offered_->catalogue_bytes;
    }));
}

TEST_F(LibraryTest, ListsByNameAndSerialAndSaysWhichIsTheNewest) {
    const BundleId b10 = publish("b", 10, {{"f", "1"}});
    const BundleId b9 = publish("b", 9, {{"f", "2"}});
    const BundleId a1 = publish("a", 1, {{"f", "3"}});
    offer();
    std::vector<BundleId> order;
    for (const auto* each : library_->releases())
        order.push_back(each->id);
    EXPECT_EQ(order, (std::vector{a1, b9, b10}));
    EXPECT_TRUE(view(b10).newest);
    EXPECT_FALSE(view(b9).newest);
}

TEST_F(LibraryTest, TriesThePeersOfALaterGet) {
    const BundleId id = publish("wiki", 1, some_files());
    offer();
    ASSERT_TRUE(get(id));
    ASSERT_TRUE(wait_for([&] { return swarm_->has(id); }));
    ASSERT_TRUE(get(id, {"127.0.0.1:5"}));
    const auto tried = swarm_->tried_peers(id);
    EXPECT_EQ(std::ranges::count(tried, "127.0.0.1:5"), 1);
    EXPECT_EQ(store_.snapshot.holdings.at(0).peers, std::vector<std::string>{"127.0.0.1:5"});
}

TEST_F(LibraryTest, GivesDocumentsOfWhatIsOnlyOfferedWithoutTakingItOn) {
    const BundleId id = publish("wiki", 1, some_files());
    offer();
    std::optional<std::string> name;
    library_->documents(id, [&](const auto& documents) {
        name = documents ? (*documents)->release.release.text() : documents.error().message;
    });
    EXPECT_TRUE(wait_for([&] { return name.has_value(); }));
    EXPECT_EQ(name, "wiki-1");
    settle();
    EXPECT_EQ(view(id).state, State::offered);
    EXPECT_FALSE(fs::exists(publisher_folder()));
    std::optional<Errc> refused;
    library_->documents(BundleId{}, [&](const auto& none) { refused = none.error().code; });
    EXPECT_EQ(refused, Errc::not_found);
}

}  // namespace
}  // namespace croft::test
