#pragma once

#include "base/time.h"
#include "bundle/torrent.h"
#include "catalog/follow_uri.h"
#include "catalog/follower.h"
#include "feeds/fetcher.h"
#include "loop/pool.h"
#include "store/store.h"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

/// What have our publishers said lately? Follows publishers through folders and HTTP(S), hands on
/// only accepted catalogues. Room is left for the DHT pointer and the feed torrent: one more kind
/// of source.
///
/// From the loop's thread; answers and events arrive there too. Files, parsing and verifying run on
/// the pool.
namespace croft::feeds {

using catalog::PublisherId;

/// How a publisher we follow stands.
struct Publisher {
    PublisherId id;
    std::string petname;
    std::string claimed_name;
    std::vector<std::string> sources, peers;
    bool confirmed = false, own = false;
    Time followed_at{};
    std::optional<Time>
        last_news;  ///< when a source last showed the newest catalogue, by our clock
    bool stale = false, equivocated = false, clock_warning = false;
    std::optional<Error> last_error;  ///< of the last check; none after a good one
    std::shared_ptr<const catalog::FollowerState>
        state;  ///< newest accepted; immutable, share it freely
};

/// What `follow` is about to do, for the user to confirm. Nothing is stored yet.
struct Preview {
    PublisherId id;
    std::string fingerprint, claimed_name;
    Time newest_created{};
    bool stale = false;
    bool anchored = false;  ///< the URI carried `x.pub`
    bool already_followed = false;
    std::vector<std::string> warnings;  ///< look-alike names, clock, …
    std::shared_ptr<const catalog::FollowerState> state;
};

struct FollowRequest {
    std::string source;       ///< follow URI, http(s) URL or absolute folder
    std::string petname;      ///< empty: made from the claimed name
    std::string fingerprint;  ///< expected; `conflict` where it is another
    std::vector<std::string> peers;
    bool own = false;  ///< `seed`: the folder is ours, its bundles are adopted in place
};

/// The documents of one release, fetched and checked against the catalogue.
struct ReleaseDocuments {
    catalog::Release release;
    catalog::SignedBytes release_bytes;
    std::string torrent_bytes;
    bundle::Torrent torrent;  ///< parsed and compared with the release
    std::string sums;         ///< where the release has `files_list`
};

struct Options {
    std::chrono::seconds check_every{3600};
    bool allow_private_addresses = false;
};

class Feeds {
public:
    /// `restored` comes from the store. Call `start` when everything is connected.
    Feeds(Loop& loop, Pool& pool, store::Store& store, Fetcher& fetcher, Clock clock,
          Options options, const std::vector<store::Follow>& restored);
    ~Feeds();

    void start();

    void preview(FollowRequest request, std::function<void(Result<Preview>)> then);
    /// `then` after the first catalogue was accepted and committed.
    void follow(FollowRequest request, std::function<void(Result<PublisherId>)> then);
    void unfollow(const PublisherId& id, std::function<void(Outcome)> then);
    void rename(const PublisherId& id, std::string petname, std::function<void(Outcome)> then);
    void confirm(const PublisherId& id, std::function<void(Outcome)> then);
    /// Looks at every source now. `then`: whether something new was accepted.
    void check(const PublisherId& id, std::function<void(Result<bool>)> then);

    std::vector<Publisher> publishers() const;
    std::optional<Publisher> find(const PublisherId& id) const;

    /// Fetches release document and torrent from the publisher's sources, one after another, until
    /// one gives the bytes that the catalogue names.
    void fetch_release(const PublisherId& id, const catalog::ReleaseName& release,
                       std::function<void(Result<std::shared_ptr<const ReleaseDocuments>>)> then);

    /// A newer catalogue was accepted and committed (also once per publisher after `start`).
    std::function<void(const Publisher&, const catalog::Accepted&)> on_accepted;
    /// Anything about a publisher changed: for the page.
    std::function<void(const Publisher&)> on_changed;
    std::function<void(const PublisherId&)> on_unfollowed;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace croft::feeds
