#pragma once

#include "feeds/look_impl.h"

namespace croft::feeds {

/// Where to look for a publisher that we may come to follow, and who it must be.
struct Lead {
    std::optional<PublisherId> anchor;  ///< `x.pub`
    std::vector<std::string> sources;   ///< normalised
    std::vector<std::string> peers;     ///< host:port
};

/// Reads a follow URI, a URL or a folder's path. `invalid_argument` for anything else, for `own`
/// without a folder and for peers that are not `host:port`; `unavailable` with reason
/// `no_feed_address` where a URI names no feed that we can fetch.
Result<Lead> read_lead(const FollowRequest& request);

/// The first meeting with a publisher: asks all sources of a lead at once; the first that shows
/// something genuine is believed. Nothing is stored.
class Introduction {
public:
    struct Met {
        std::string source;  ///< that showed it
        std::shared_ptr<const Update> update;
    };

    Introduction(const std::shared_ptr<Context>& context, Lead lead);

    /// `then` once; it may destroy this.
    void start(std::function<void(Result<Met>)> then);

private:
    void take(std::size_t index, Seen seen);

    const Lead lead_;
    std::vector<std::shared_ptr<Source>> sources_;
    std::vector<std::unique_ptr<Look>> looks_;
    std::size_t awaited_ = 0;
    std::optional<Error> error_;
    std::function<void(Result<Met>)> then_;
};

}  // namespace croft::feeds
