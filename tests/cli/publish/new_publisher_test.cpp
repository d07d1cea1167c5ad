#include "cli/publish/new_publisher.h"

#include "cli/publish/own_feed.h"
#include "command.h"
#include "files.h"
#include "testing/temporary_folder.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace croft::publish {
namespace {

class NewPublisherFeed : public testing::Test {
protected:
    NewPublisherFeed() {
        for (int i = 0; i < 4; ++i)
            keys_.push_back(SecretKey::generate());
    }

    /// Two of three root keys, and a daily key.
    NewPublisher institution() const {
        return {"Example",
                "https://archive.example/",
                {"https://archive.example/feed/"},
                {keys_[0].public_key(), keys_[1].public_key(), keys_[2].public_key()},
                2,
                keys_[3].public_key()};
    }
    Result<catalog::PublisherId> make(const NewPublisher& wanted, std::size_t signers) {
        return make_publisher(feed(), wanted, date_, std::span(keys_).first(signers));
    }
    std::filesystem::path feed() const { return folder_.path() / "feed"; }

    std::vector<SecretKey> keys_;
    const Time date_ = *parse_utc("2026-11-22T10:00:00Z");

private:
    test::TemporaryFolder folder_;
};

TEST_F(NewPublisherFeed, IsSignedByItsRootKeysAsStockMinisignSees) {
    const auto id = make(institution(), 3);
    ASSERT_TRUE(id) << id.error().message;
    for (const auto& key : std::span(keys_).first(3)) {
        const std::string further = "publisher.1.json." + key.public_key().id.text() + ".minisig";
        const std::string signature =
            std::filesystem::exists(feed() / further) ? further : "publisher.1.json.minisig";
        const auto checked =
            test::shell(fmt::format("cd {} && minisign -HVm publisher.1.json -x {} -P {}",
                                    feed().native(), signature, key.public_key().minisign()));
        EXPECT_EQ(checked.status, 0) << checked.output;
    }
    const auto sum =
        test::shell(fmt::format("sha256sum < {}/publisher.1.json | cut -c1-64", feed().native()));
    EXPECT_EQ(sum.output, id->hex() + "\n");
}

TEST_F(NewPublisherFeed, IsOpenedAsItWasMade) {
    ASSERT_TRUE(make(institution(), 2));
    const auto opened = open_own_feed(feed(), date_);
    ASSERT_TRUE(opened) << opened.error().message;
    EXPECT_EQ(opened->publisher().root.threshold, 2U);
    EXPECT_EQ(opened->publisher().root.keys.size(), 3U);
    EXPECT_EQ(opened->publisher().beacon_salt, "croft/1");
    EXPECT_TRUE(opened->is_personal());
}

TEST_F(NewPublisherFeed, RefusesTooFewSigners) {
    EXPECT_EQ(make(institution(), 1).error().reason, "below_threshold");
    EXPECT_FALSE(std::filesystem::exists(feed()));
}

TEST_F(NewPublisherFeed, RefusesThresholdsThatCannotBeMet) {
    auto wanted = institution();
    wanted.root_threshold = 4;
    EXPECT_EQ(make(wanted, 3).error().reason, "bad_threshold");
    wanted.root_threshold = 0;
    EXPECT_EQ(make(wanted, 3).error().reason, "bad_threshold");
    wanted = institution();
    wanted.root_keys[1] = wanted.root_keys[0];
    EXPECT_EQ(make(wanted, 3).error().reason, "same_root_key_twice");
}

TEST_F(NewPublisherFeed, NeverReplacesAPublisher) {
    ASSERT_TRUE(make(institution(), 2));
    const std::string before = test::read(feed() / "publisher.1.json");
    EXPECT_EQ(make(institution(), 2).error().reason, "publisher_exists");
    EXPECT_EQ(test::read(feed() / "publisher.1.json"), before);
}

TEST_F(NewPublisherFeed, RefusesNamesThatCannotBePrinted) {
    auto wanted = institution();
    for (const char* name : {"", "a\nb", "evil\u202Etxt", "\xff"}) {
        wanted.name = name;
        EXPECT_EQ(make(wanted, 2).error().reason, "bad_name");
    }
}

}  // namespace
}  // namespace croft::publish
