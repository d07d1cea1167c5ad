#pragma once

#include "base/time.h"
#include "bundle/torrent.h"
#include "catalog/follow_uri.h"
#include "catalog/follower.h"
#include "feeds/fetcher.h"
#include "loop/pool.h"
#include "store/store.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

/// What have our publishers said lately? Follows publishers through folders and HTTP(S), hands on
/// only accepted catalogues. Room is left for the DHT pointer and the feed torrent: one more kind
/// of source.
///
/// From the loop's thread; answers and events arrive there too, and none after `Feeds` is gone.
/// Files, parsing and verifying run on the pool.
namespace croft::feeds {

using catalog::PublisherId;

/// An update that takes away so much of what is held that the user has to say yes to it.
struct Waiting {
    std::uint64_t catalogue_version = 0;
    std::vector<std::string> lost_names;  ///< held, and no longer on offer or withdrawn
};

/// How a publisher we follow stands.
struct Publisher {
    PublisherId id;
    std::string petname;
    std::string claimed_name;
    std::vector<std::string> sources;  ///< given by the user, then named by the publisher
    std::vector<std::string> peers;
    bool confirmed = false, own = false;
    bool is_near = false;  ///< the user gave an address of a private network: a source's or peer's
    Time followed_at{};
    std::optional<Time>
        last_news;  ///< when a source last showed the newest catalogue, by our clock
    bool stale = false, equivocated = false, clock_warning = false;
    /// Of the last check; none after a good one. Where an update waits, that (`conflict`, reason
    /// `mass_change`); `equivocation` as long as that stands.
    std::optional<Error> last_error;
    std::optional<Waiting> waiting;
    /// Newest accepted; immutable, share it freely. Never null; without documents while `start` has
    /// not verified the stored ones, and where those no longer verify.
    std::shared_ptr<const catalog::FollowerState> state;
};

/// What `follow` is about to do, for the user to confirm. Nothing is stored yet.
struct Preview {
    PublisherId id;
    std::string fingerprint, claimed_name;
    Time newest_created{};
    bool stale = false;
    bool anchored = false;  ///< the URI carried `x.pub`
    bool already_followed = false;
    std::vector<std::string> warnings;  ///< look-alike names, clock, …; sentences
    struct Offer {
        std::uint64_t releases = 0, size_bytes = 0;
    };
    std::map<catalog::Kind, Offer> offers;
    std::shared_ptr<const catalog::FollowerState> state;
};

struct FollowRequest {
    std::string source;       ///< follow URI, http(s) URL or absolute folder
    std::string petname;      ///< empty: made from the claimed name
    std::string fingerprint;  ///< as the user compared it; `conflict` where it is another
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
    std::chrono::milliseconds check_every{3'600'000};
    bool allow_private_addresses = false;
    /// Where both catalogues of one version are kept as evidence; empty: only the journal tells.
    std::filesystem::path evidence_folder;
    /// Before a document and a signature that do not fit are read once more.
    std::chrono::milliseconds second_look_after{5'000};
    /// For one look at one source, all its documents and signatures together.
    std::chrono::milliseconds look_deadline{180'000};
    std::uint64_t look_bytes = 32 << 20;
    /// Over which the first checks after a start are spread.
    std::chrono::milliseconds start_spread{10'000};
};

/// A row that follows somebody again by documents that lie on the disk, where the store has lost
/// them: unconfirmed, and by the addresses that the publisher names.
store::Follow follow_again(const std::string& petname, const catalog::FollowerState& state,
                           Time now);

class Feeds {
public:
    /// `restored` comes from the store. Call `start` when everything is connected.
    Feeds(Loop& loop, Pool& pool, store::Store& store, Fetcher& fetcher, Clock clock,
          Options options, const std::vector<store::Follow>& restored);
    ~Feeds();

    /// Verifies what was restored, tells of each publisher by `on_accepted`, and begins to look at
    /// the sources.
    void start();

    void preview(FollowRequest request, std::function<void(Result<Preview>)> then);
    /// `then` after the first catalogue was accepted and committed. Somebody whom we follow already
    /// gets the new sources, peers, `own` and confirmation, and is checked. Confirmed is who was
    /// named by `x.pub` or by the right fingerprint, and who is our own.
    void follow(FollowRequest request, std::function<void(Result<PublisherId>)> then);
    void unfollow(const PublisherId& id, std::function<void(Outcome)> then);
    void rename(const PublisherId& id, std::string petname, std::function<void(Outcome)> then);
    void confirm(const PublisherId& id, std::function<void(Outcome)> then);
    /// Looks at every source now. `then`: whether something new was accepted; the gravest error
    /// where no source was good.
    void check(const PublisherId& id, std::function<void(Result<bool>)> then);
    /// The user's yes to the update that waits; `not_found` where none does.
    void accept_waiting(const PublisherId& id, std::function<void(Outcome)> then);

    std::vector<Publisher> publishers() const;  ///< by petname
    std::optional<Publisher> find(const PublisherId& id) const;

    /// Fetches release document and torrent from the publisher's sources, one after another, until
    /// one gives the bytes that the catalogue names.
    void fetch_release(const PublisherId& id, const catalog::ReleaseName& release,
                       std::function<void(Result<std::shared_ptr<const ReleaseDocuments>>)> then);

    /// What a publisher offers was accepted and committed: a newer catalogue, the same with another
    /// petname, other peers or as our own, and once per publisher after `start`.
    std::function<void(const Publisher&)> on_accepted;
    /// Anything about a publisher changed: for the page.
    std::function<void(const Publisher&)> on_changed;
    std::function<void(const PublisherId&)> on_unfollowed;
    /// Asked, not told: the names of the releases that are held. Unset: none are.
    std::function<std::set<std::string>(const PublisherId&)> held_names;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace croft::feeds
