#pragma once

#include "base/time.h"
#include "bundle/feed_folder.h"
#include "catalog/follower.h"
#include "cli/publish/new_publisher.h"
#include "cli/publish/publish.h"
#include "command.h"
#include "files.h"
#include "testing/temporary_folder.h"

#include <fmt/format.h>

#include <map>
#include <string>
#include <vector>

namespace croft::test {

/// A person with one key, a feed and a source folder: what most tests of publishing begin with.
class PublisherFolder : public testing::Test {
protected:
    static constexpr std::string_view first_day = "2026-11-02T08:00:00Z";

    void SetUp() override {
        keys_.push_back(publish::SecretKey::generate());
        make_feed(feed());
        write(source() / "Main Page.txt", "welcome\n");
        write(source() / "papers/étude.txt", "x = 1\n");
        write(source() / "empty.txt", "");
        write(source() / "big.bin", std::string(300'000, 'b'));
    }

    void make_feed(const std::filesystem::path& at) {
        const auto& key = keys_.front().public_key();
        const auto made =
            publish::make_publisher(at, {"Example Archive", "", {}, {key}, 1, key}, day(0), keys_);
        ASSERT_TRUE(made) << made.error().message;
    }

    std::filesystem::path source() const { return folder_.path() / "source"; }
    std::filesystem::path feed() const { return folder_.path() / "feed"; }
    const std::filesystem::path& folder() const { return folder_.path(); }
    std::string public_key() const { return keys_.front().public_key().minisign(); }

    static Time day(int number) { return *parse_utc(first_day) + std::chrono::days(number); }

    static publish::PublishRequest request(int day_number = 1) {
        publish::PublishRequest request;
        request.edition.name = "wiki";
        request.edition.kind = catalog::Kind::wiki;
        request.edition.title = {{"en", "Example Wiki"}};
        request.edition.languages = {"en"};
        request.edition.licence = "CC-BY-SA-3.0";
        request.date = {day(day_number), false};
        return request;
    }

    publish::Lint lint() const {
        auto found = publish::lint(source(), {});
        EXPECT_TRUE(found) << found.error().message;
        return std::move(*found);
    }

    Result<publish::Published> publish_to(const std::filesystem::path& at,
                                          const publish::PublishRequest& wanted) {
        return publish::publish(lint(), at, wanted, keys_);
    }
    Result<publish::Published> publish(const publish::PublishRequest& wanted) {
        return publish_to(feed(), wanted);
    }

    /// What a stranger who was told the publisher's id makes of the feed.
    Result<catalog::Accepted> follow(const std::filesystem::path& at, Time now) const {
        const auto bytes = bundle::read_feed(at);
        if (!bytes) return tl::unexpected(bytes.error());
        const catalog::PublisherId id{trust::sha256(bytes->publishers.front().document)};
        const auto state = catalog::begin(id, bytes->publishers, now);
        if (!state) return tl::unexpected(state.error());
        return catalog::accept(*state, *bytes, now);
    }

    /// Every file below a folder, by path: its content and the time it was written.
    static std::map<std::string, std::pair<std::string, std::int64_t>> everything_in(
        const std::filesystem::path& at) {
        std::map<std::string, std::pair<std::string, std::int64_t>> found;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(at)) {
            const auto written = entry.last_write_time().time_since_epoch().count();
            found[entry.path().lexically_relative(at).native()] = {
                entry.is_regular_file() ? read(entry.path()) : "", written};
        }
        return found;
    }

    static std::map<std::string, std::string> content_of(const std::filesystem::path& at) {
        std::map<std::string, std::string> found;
        for (auto& [path, file] : everything_in(at))
            found[path] = std::move(file.first);
        return found;
    }

    std::vector<publish::SecretKey> keys_;

private:
    TemporaryFolder folder_;
};

}  // namespace croft::test
