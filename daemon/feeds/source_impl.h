#pragma once

#include "feeds/context_impl.h"

#include <memory>
#include <string>

namespace croft::feeds {

enum class Freshness {
    usual,
    uncached,  ///< past every cache in between
};

/// One place where a publisher's feed is found: a folder, a server; one day the DHT's pointer and
/// the feed torrent. It believes nobody and judges nothing.
///
/// From the loop's thread. Answers come on the loop, never at once, and none after the source is
/// gone.
class Source {
public:
    virtual ~Source() = default;

    virtual const std::string& address() const = 0;

    /// All that `catalog::accept` needs beyond what `held` (none: nothing yet) knows. What the
    /// source knows to be unchanged it fills in from there.
    virtual void read_feed(StatePointer held, Freshness freshness,
                           Then<catalog::FeedBytes> then) = 0;

    /// What was read last is what we hold now: it need not be read again until it changes.
    virtual void remember(const catalog::FollowerState& held) = 0;

    /// One document of the layout with the signatures beside it, as many as there are.
    virtual void read_signed(std::string name, std::uint64_t cap_bytes, StatePointer held,
                             Then<catalog::SignedBytes> then) = 0;

    virtual void read(std::string name, std::uint64_t cap_bytes, Then<std::string> then) = 0;
};

/// Who told us of an address: decides where it may lead.
enum class GivenBy {
    user,
    publisher,
};

/// Where an http(s) address may lead: into a private network only where the user gave us an
/// address of it, by its look, or allowed it altogether.
Reach reach_of(std::string_view host, GivenBy given_by, const Options& options);

/// The source at an absolute folder or an http(s) URL, in the form that `normalise_source` gives.
/// `party`: for whose sake it is asked (`FetchRequest`).
std::shared_ptr<Source> make_source(std::shared_ptr<Context> context, const std::string& address,
                                    GivenBy given_by, std::string party);

/// One form for each address, so that the same one is not asked twice: a folder without `..` and
/// trailing slash, a URL with one. Else `invalid_argument`.
Result<std::string> normalise_source(std::string_view address);

}  // namespace croft::feeds
