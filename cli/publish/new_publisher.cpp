#include "cli/publish/new_publisher.h"

#include "base/file.h"
#include "base/text.h"
#include "bundle/feed_folder.h"
#include "catalog/follower.h"
#include "cli/publish/documents.h"
#include "cli/publish/own_feed.h"
#include "cli/publish/sign.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace croft::publish {
namespace {

namespace fs = std::filesystem;

constexpr auto validity = std::chrono::days(5 * 365);

Outcome check(const NewPublisher& wanted) {
    const auto refuse = [](std::string reason, std::string message) {
        return fail(Errc::invalid_argument, std::move(reason), std::move(message));
    };
    if (wanted.name.empty() || !is_utf8(wanted.name) ||
        escape_control(wanted.name) != wanted.name) {
        return refuse("bad_name", "a publisher needs a name that can be printed");
    }
    const std::set<trust::PublicKey> distinct(wanted.root_keys.begin(), wanted.root_keys.end());
    if (distinct.size() != wanted.root_keys.size())
        return refuse("same_root_key_twice", "a root key is named twice");
    if (wanted.root_threshold == 0 || wanted.root_threshold > distinct.size()) {
        return refuse("bad_threshold", fmt::format("{} of {} root keys can't sign",
                                                   wanted.root_threshold, distinct.size()));
    }
    return {};
}

catalog::Publisher document_for(const NewPublisher& wanted, Time date) {
    catalog::Publisher document;
    document.version = 1;
    document.created = date;
    document.expires = date + validity;
    document.name = wanted.name;
    document.homepage = wanted.homepage;
    document.root = {wanted.root_threshold, wanted.root_keys};
    document.release = {1, {wanted.daily_key}};
    document.beacon = {1, {wanted.daily_key}};
    document.beacon_salt = "croft/1";
    document.feeds = wanted.feeds;
    return document;
}

}  // namespace

Result<catalog::PublisherId> make_publisher(const fs::path& feed, const NewPublisher& wanted,
                                            Time date, std::span<const SecretKey> signers) {
    if (auto good = check(wanted); !good) return tl::unexpected(good.error());
    const std::string name = bundle::layout::publisher(1);
    if (std::error_code ignored; fs::exists(feed / name, ignored)) {
        return fail(Errc::conflict, "publisher_exists",
                    feed.native() + " is the feed of a publisher already");
    }
    const auto document = document_for(wanted, date);
    const auto keys = signers_for("root", document.root_ring(), signers);
    if (!keys) return tl::unexpected(keys.error());
    const std::string bytes = write(document);
    const catalog::SignedBytes signed_bytes = {bytes,
                                               sign_by_all(*keys, bytes, comment_for(document))};

    const catalog::PublisherId id{trust::sha256(bytes)};
    const auto begun = catalog::begin(id, std::span(&signed_bytes, 1), date);
    if (!begun) return tl::unexpected(begun.error());
    if (auto made = make_folders(feed); !made) return tl::unexpected(made.error());
    if (auto put = bundle::write_signed(feed, name, signed_bytes); !put)
        return tl::unexpected(put.error());
    return id;
}

}  // namespace croft::publish
