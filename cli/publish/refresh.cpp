#include "cli/publish/refresh.h"

#include "cli/publish/put_feed.h"
#include "cli/publish/sign.h"

namespace croft::publish {
namespace {

namespace fs = std::filesystem;

bool is_half_over(const catalog::Catalogue& catalogue, Time now) {
    return catalogue.expires &&
           now > catalogue.created + (*catalogue.expires - catalogue.created) / 2;
}

bool has_release_key(const OwnFeed& feed, std::span<const SecretKey> keys) {
    return signers_for("release", feed.publisher().release_ring(), keys).has_value();
}

catalog::SignedBytes sign_document(const std::vector<const SecretKey*>& keys,
                                   const std::string& document, const std::string& comment) {
    return {document, sign_by_all(keys, document, comment)};
}

/// The catalogue that the beacon will name: the present one, or the next.
struct Chosen {
    catalog::Catalogue catalogue;
    catalog::SignedBytes bytes;
};

Result<Chosen> renewed(const OwnFeed& feed, const RefreshRequest& request, std::uint64_t version,
                       std::span<const SecretKey> keys) {
    const auto signers = signers_for("release", feed.publisher().release_ring(), keys);
    if (!signers) return tl::unexpected(signers.error());
    auto catalogue = next_catalogue(feed, version, request.date.time, {}, {});
    if (request.farewell) {
        catalogue.final = true;
        catalogue.expires.reset();
    }
    return Chosen{catalogue, sign_document(*signers, write(catalogue), comment_for(catalogue))};
}

}  // namespace

Result<Refreshed> refresh(const fs::path& folder, const RefreshRequest& request,
                          std::span<const SecretKey> keys) {
    if (auto is_feed = check_is_feed(folder); !is_feed) return tl::unexpected(is_feed.error());
    auto journal = Journal::open(folder);
    if (!journal) return tl::unexpected(journal.error());
    const auto feed = open_own_feed(folder, request.date.time);
    if (!feed) return tl::unexpected(feed.error());
    if (!feed->state.catalogue) {
        return fail(Errc::conflict, "nothing_to_refresh", folder.native() + " has no release yet");
    }
    if (auto good = check_date(request.date, *feed); !good) return tl::unexpected(good.error());
    const auto beacon_signers = signers_for("beacon", feed->publisher().beacon_ring(), keys);
    if (!beacon_signers) return tl::unexpected(beacon_signers.error());
    if (!request.accept_older) {
        if (auto good = check_not_older(*feed, journal->numbers()); !good)
            return tl::unexpected(good.error());
    }
    if (auto tidied = remove_unfinished(*feed, *journal); !tidied)
        return tl::unexpected(tidied.error());

    const bool renew =
        request.farewell ||
        (is_half_over(*feed->state.catalogue, request.date.time) && has_release_key(*feed, keys));
    Burnt numbers = next_numbers(*feed, journal->numbers(), {});
    if (!renew) numbers.catalogue = 0;
    if (auto burnt = journal->burn(numbers); !burnt) return tl::unexpected(burnt.error());

    Chosen chosen{*feed->state.catalogue,
                  {feed->state.catalogue_bytes, feed->state.catalogue_signatures}};
    if (renew) {
        auto next = renewed(*feed, request, numbers.catalogue, keys);
        if (!next) return tl::unexpected(next.error());
        chosen = std::move(*next);
    }
    const auto beacon = next_beacon(*feed, numbers.beacon, request.date.time, chosen.catalogue,
                                    chosen.bytes.document, request.until);
    const SignedFeed next = {chosen.bytes,
                             sign_document(*beacon_signers, write(beacon), comment_for(beacon)),
                             chosen.catalogue.version,
                             {}};
    if (auto good = check_as_follower(*feed, next, request.date.time); !good)
        return tl::unexpected(good.error());
    if (auto done = put(*feed, next, nullptr, *journal); !done) return tl::unexpected(done.error());
    return Refreshed{chosen.catalogue.version, renew, chosen.catalogue.expires, beacon.serial,
                     beacon.expires};
}

}  // namespace croft::publish
