#include "cli/publish/own_feed.h"

#include "bundle/feed_folder.h"

#include <fmt/format.h>

#include <algorithm>

namespace croft::publish {
namespace {

namespace fs = std::filesystem;
namespace layout = bundle::layout;

Result<std::vector<catalog::SignedBytes>> read_publishers(const fs::path& folder) {
    std::vector<catalog::SignedBytes> chain;
    for (std::uint64_t version = 1;; ++version) {
        auto document =
            bundle::read_signed(folder, layout::publisher(version), catalog::Publisher::size_cap);
        if (!document && document.error().code == Errc::not_found) break;
        if (!document) return tl::unexpected(document.error());
        chain.push_back(std::move(*document));
    }
    return chain;
}

Time newest_of(const catalog::FollowerState& state) {
    const Time documents = std::max(state.publisher.created, state.newest_created);
    return state.catalogue ? std::max(documents, state.catalogue->created) : documents;
}

}  // namespace

Outcome check_is_feed(const fs::path& folder) {
    if (std::error_code ignored; fs::exists(folder / layout::publisher(1), ignored)) return {};
    return fail(Errc::not_found, "no_publisher",
                folder.native() + " is no feed yet: croft publisher new --feed makes one");
}

Outcome check_apart(const fs::path& source, const fs::path& feed) {
    std::error_code ignored;
    const fs::path one = fs::weakly_canonical(source, ignored) / "",
                   other = fs::weakly_canonical(feed, ignored) / "";
    if (!one.native().starts_with(other.native()) && !other.native().starts_with(one.native()))
        return {};
    return fail(Errc::invalid_argument, "feed_in_source",
                fmt::format("the feed {} and what is to be published, {}, lie one in the other",
                            feed.native(), source.native()));
}

Result<OwnFeed> open_own_feed(const fs::path& folder, Time now) {
    if (auto is_feed = check_is_feed(folder); !is_feed) return tl::unexpected(is_feed.error());
    const auto publishers = read_publishers(folder);
    if (!publishers) return tl::unexpected(publishers.error());
    const catalog::PublisherId id{trust::sha256(publishers->front().document)};
    auto state = catalog::begin(id, *publishers, now);
    if (!state) return tl::unexpected(state.error());
    std::error_code ignored;
    if (fs::exists(folder / layout::catalogue, ignored)) {
        const auto bytes = bundle::read_feed(folder);
        if (!bytes) return tl::unexpected(bytes.error());
        auto accepted = catalog::accept(*state, *bytes, now);
        if (!accepted) return tl::unexpected(accepted.error());
        state = std::move(accepted->state);
    }
    OwnFeed feed{folder, std::move(*state), {}};
    feed.newest = newest_of(feed.state);
    return feed;
}

Outcome check_date(const SigningDate& date, const OwnFeed& feed) {
    if (!feed.newest || date.is_chosen) return {};
    const std::string now = format_utc(date.time), newest = format_utc(*feed.newest);
    if (date.time < *feed.newest) {
        return fail(Errc::conflict, "date_before_previous",
                    fmt::format("it is {} (by the clock, or SOURCE_DATE_EPOCH), and the newest "
                                "document of this feed is dated {}, later than that: if it is {} "
                                "that is wrong, sign once with --date {}, and the feed goes on "
                                "from there; else set the clock",
                                now, newest, newest, now));
    }
    if (date.time > *feed.newest + std::chrono::days(100)) {
        return fail(Errc::conflict, "date_far_ahead",
                    fmt::format("it is {} (by the clock, or SOURCE_DATE_EPOCH), more than 100 days "
                                "after the newest document of this feed, of {}: if that is right, "
                                "sign with --date {}",
                                now, newest, now));
    }
    return {};
}

Result<std::vector<const SecretKey*>> signers_for(std::string_view role, const trust::Keyring& ring,
                                                  std::span<const SecretKey> keys) {
    std::vector<const SecretKey*> signers;
    for (const auto& wanted : ring.keys()) {
        const auto found =
            std::ranges::find(keys, wanted, [](const SecretKey& key) { return key.public_key(); });
        if (found != keys.end()) signers.push_back(&*found);
    }
    if (signers.empty()) {
        std::string known;
        for (const auto& key : ring.keys())
            known += (known.empty() ? "" : ", ") + key.id.text();
        return fail(
            Errc::not_allowed, "key_not_in_role",
            fmt::format("no key given is one of this publisher's {} keys ({})", role, known));
    }
    if (signers.size() < ring.threshold()) {
        return fail(
            Errc::not_allowed, "below_threshold",
            fmt::format("{} {} keys must sign, {} given", ring.threshold(), role, signers.size()));
    }
    return signers;
}

}  // namespace croft::publish
