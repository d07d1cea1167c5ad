#include "bundle/feed_folder.h"
#include "feeds/http_source_impl.h"
#include "feeds/lifetime_impl.h"
#include "feeds/walk_impl.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace croft::feeds {
namespace {

using catalog::FeedBytes;
using catalog::SignedBytes;
namespace layout = bundle::layout;

constexpr std::uint64_t signature_cap = 16 * 1024UL;
constexpr std::uint64_t most_publisher_documents = 1024;  // FORMATS, "rotation"

class HttpSource final : public Source {
public:
    HttpSource(std::shared_ptr<Context> context, std::string base, Reach reach, std::string party)
        : context_(std::move(context)),
          base_(std::move(base)),
          reach_(reach),
          party_(std::move(party)) {}

    const std::string& address() const override { return base_; }
    void read_feed(StatePointer held, Freshness freshness, Then<FeedBytes> then) override;
    void remember(const catalog::FollowerState& held) override {
        remembered_ = seen_;
        remembered_for_ = held.catalogue_hash;
    }
    void read_signed(std::string name, std::uint64_t cap_bytes, StatePointer held,
                     Then<SignedBytes> then) override;
    void read(std::string name, std::uint64_t cap_bytes, Then<std::string> then) override {
        get(request_for(cap_bytes, Freshness::usual), name,
            [then = std::move(then)](Result<Fetched> got) {
                then(got.map([](Fetched& fetched) { return std::move(fetched.body); }));
            });
    }

private:
    class Reading;
    struct Etags {
        std::string catalogue, beacon;
    };

    FetchRequest request_for(std::uint64_t cap_bytes, Freshness freshness) const {
        FetchRequest request;
        request.cap_bytes = cap_bytes;
        request.no_cache = freshness == Freshness::uncached;
        request.reach = reach_;
        return request;
    }
    void get(FetchRequest request, const std::string& name, Then<Fetched> then) {
        request.url = base_ + name;
        request.party = party_;
        context_->fetcher.get(std::move(request), lifetime_.guard(std::move(then)));
    }
    void get_signatures(SignedBytes document, const std::string& name, Freshness freshness,
                        const std::vector<std::string>& key_ids, Then<SignedBytes> then);

    std::shared_ptr<Context> context_;
    const std::string base_;
    const Reach reach_;
    const std::string party_;
    Etags seen_, remembered_;
    std::optional<Sha256> remembered_for_;  ///< the catalogue that `remembered_` stands for
    const Lifetime lifetime_;
};

/// Signatures that arrive one by one, put together in the order of their names.
struct Gathering {
    SignedBytes document;
    std::vector<std::optional<std::string>> signatures;
    std::size_t missing = 0;
    std::optional<Error> error;
    Then<SignedBytes> then;

    void take(std::size_t index, Result<Fetched> got) {
        if (got)
            signatures[index] = std::move(got->body);
        else if (got.error().code != Errc::not_found)
            error = std::move(got.error());
        if (--missing > 0) return;
        if (error) {
            then(tl::unexpected(std::move(*error)));
            return;
        }
        for (auto& signature : signatures)
            if (signature) document.signatures.push_back(std::move(*signature));
        then(std::move(document));
    }
};

/// `X.minisig`, and `X.KEYID.minisig` for every key that may have signed: a server lists nothing.
void HttpSource::get_signatures(SignedBytes document, const std::string& name, Freshness freshness,
                                const std::vector<std::string>& key_ids, Then<SignedBytes> then) {
    std::vector<std::string> names{layout::signature(name)};
    for (const auto& id : key_ids)
        names.push_back(layout::signature(std::string(name).append(".").append(id)));

    auto gathering = std::make_shared<Gathering>();
    gathering->document = std::move(document);
    gathering->signatures.resize(names.size());
    gathering->missing = names.size();
    gathering->then = std::move(then);
    for (std::size_t i = 0; i < names.size(); ++i)
        get(request_for(signature_cap, freshness), names[i],
            [gathering, i](Result<Fetched> got) { gathering->take(i, std::move(got)); });
}

/// One reading of a whole feed. The catalogue comes first: publisher documents that appear
/// afterwards are then newer than it needs, never older. Each of those is asked for only once the
/// one before has proved to be signed by its predecessor, so that a server can't lead us on.
class HttpSource::Reading : public std::enable_shared_from_this<Reading> {
public:
    Reading(HttpSource& source, StatePointer held, Freshness freshness, Then<FeedBytes> then)
        : source_(source),
          context_(source.context_),
          held_(std::move(held)),
          freshness_(freshness),
          then_(std::move(then)) {}

    void start() {
        const auto deadline = context_->options.look_deadline;
        const auto when_late = source_.lifetime_.guard([self = weak_from_this()] {
            if (const auto reading = self.lock())
                reading->give_up(Errc::unavailable, "too_slow", "it takes too long");
        });
        deadline_ = context_->loop.after(deadline, when_late);
        const bool has_chain = held_ && !held_->publisher_chain.empty();
        if (has_chain) newest_ = held_->publisher;
        const bool may_ask_for_changes = held_ && freshness_ == Freshness::usual &&
                                         source_.remembered_for_ == held_->catalogue_hash;
        if (may_ask_for_changes) known_ = source_.remembered_;
        get(std::string(layout::catalogue), catalog::Catalogue::size_cap, known_.catalogue,
            [](Reading& self, Result<Fetched> got) {
                if (!got) return self.end(tl::unexpected(std::move(got.error())));
                self.take_catalogue(std::move(*got));
            });
    }

private:
    void end(Result<FeedBytes> result) {
        deadline_ = Loop::Timer();
        if (const auto then = std::exchange(then_, nullptr)) then(std::move(result));
    }

    void give_up(Errc code, const char* reason, const std::string& why) {
        end(fail(code, reason, "cannot read the feed " + source_.base_ + ": " + why));
    }

    /// Whether to go on: nobody waits any more, or the feed is more than one may be.
    bool may_take(std::uint64_t bytes) {
        if (!then_) return false;
        taken_bytes_ += bytes;
        if (taken_bytes_ <= context_->options.look_bytes) return true;
        give_up(Errc::malformed, "too_large", "it shows more than a feed may have");
        return false;
    }

    /// Goes on by `next` with the document, or with why it did not come.
    template <class Next>
    void get(const std::string& name, std::uint64_t cap, const std::string& etag, Next next) {
        FetchRequest request = source_.request_for(cap, freshness_);
        request.etag = etag;
        source_.get(std::move(request), name,
                    [self = shared_from_this(), next](Result<Fetched> got) {
                        if (self->may_take(got ? got->body.size() : 0)) next(*self, std::move(got));
                    });
    }

    /// Goes on by `next` with the signatures beside a document; ends where they can't be read.
    template <class Next>
    void get_signatures(SignedBytes document, const std::string& name,
                        const std::vector<std::string>& key_ids, Next next) {
        source_.get_signatures(std::move(document), name, freshness_, key_ids,
                               [self = shared_from_this(), next](Result<SignedBytes> got) {
                                   if (!got)
                                       return self->end(tl::unexpected(std::move(got.error())));
                                   std::uint64_t bytes = 0;
                                   for (const std::string& signature : got->signatures)
                                       bytes += signature.size();
                                   if (self->may_take(bytes)) next(*self, std::move(*got));
                               });
    }

    void take_catalogue(Fetched got) {
        source_.seen_.catalogue = got.not_modified ? known_.catalogue : got.etag;
        is_unchanged_ = got.not_modified || (held_ && got.body == held_->catalogue_bytes);
        if (is_unchanged_)
            feed_.catalogue = {held_->catalogue_bytes, held_->catalogue_signatures};
        else
            feed_.catalogue.document = std::move(got.body);
        get_publisher(newest_ ? newest_->version + 1 : 1);
    }

    void get_publisher(std::uint64_t version) {
        get(layout::publisher(version), catalog::Publisher::size_cap, {},
            [version](Reading& self, Result<Fetched> got) {
                const bool is_end = !got && got.error().code == Errc::not_found;
                if (is_end && version > 1) return self.get_catalogue_signatures();
                if (!got) return self.end(tl::unexpected(std::move(got.error())));
                self.take_publisher(version, std::move(got->body));
            });
    }

    /// Signed by root keys of the document before it and by its own; the first by its own alone.
    void take_publisher(std::uint64_t version, std::string document) {
        if (newest_) {
            return get_signatures({std::move(document), {}}, layout::publisher(version),
                                  signer_ids(newest_->root, *newest_),
                                  [version](Reading& self, SignedBytes got) {
                                      self.verify_publisher(version, std::move(got));
                                  });
        }
        verify_publisher(version, {std::move(document), {}});
    }

    /// What does not verify is shown as it is, to be refused with its reason, and nothing after it
    /// is asked for.
    void verify_publisher(std::uint64_t version, SignedBytes bytes) {
        auto work = [held = newest_, bytes] {
            return held ? read_next(*held, bytes) : read_first(bytes.document);
        };
        auto take = [self = shared_from_this(), version,
                     bytes](Result<catalog::Publisher> next) mutable {
            if (next) return self->add_own_signatures(version, std::move(bytes), std::move(*next));
            self->feed_.publishers.push_back(std::move(bytes));
            self->end(std::move(self->feed_));
        };
        context_->on_pool(std::move(work), source_.lifetime_.guard(std::move(take)));
    }

    void add_own_signatures(std::uint64_t version, SignedBytes bytes, catalog::Publisher next) {
        if (!then_) return;
        const auto asked =
            newest_ ? signer_ids(newest_->root, *newest_) : std::vector<std::string>();
        auto key_ids = signer_ids(next.root, next);
        std::erase_if(key_ids, [&](const auto& id) { return std::ranges::count(asked, id) > 0; });
        newest_ = std::move(next);
        auto known = std::exchange(bytes.signatures, {});
        const auto add = [version, known = std::move(known)](Reading& self, SignedBytes got) {
            for (const std::string& signature : known) {
                if (!std::ranges::count(got.signatures, signature)) {
                    got.signatures.push_back(signature);
                }
            }
            self.feed_.publishers.push_back(std::move(got));
            if (self.feed_.publishers.size() < most_publisher_documents)
                self.get_publisher(version + 1);
            else
                self.get_catalogue_signatures();
        };
        if (key_ids.empty()) return add(*this, std::move(bytes));
        get_signatures(std::move(bytes), layout::publisher(version), key_ids, add);
    }

    void get_catalogue_signatures() {
        if (is_unchanged_) {
            get_beacon();
            return;
        }
        get_signatures(std::move(feed_.catalogue), std::string(layout::catalogue),
                       signer_ids(newest_->release, *newest_), [](Reading& self, SignedBytes got) {
                           self.feed_.catalogue = std::move(got);
                           self.get_beacon();
                       });
    }

    void get_beacon() {
        get(std::string(layout::beacon), catalog::Beacon::size_cap, known_.beacon,
            [](Reading& self, Result<Fetched> got) {
                const bool has_none = !got && got.error().code == Errc::not_found;
                const bool is_known = got && got->not_modified;
                if (has_none || is_known) self.source_.seen_.beacon = self.known_.beacon;
                if (has_none || is_known) return self.end(std::move(self.feed_));
                if (!got) return self.end(tl::unexpected(std::move(got.error())));
                self.take_beacon(std::move(*got));
            });
    }

    void take_beacon(Fetched got) {
        source_.seen_.beacon = got.etag;
        get_signatures({std::move(got.body), {}}, std::string(layout::beacon),
                       signer_ids(newest_->beacon, *newest_),
                       [](Reading& self, SignedBytes beacon) {
                           self.feed_.beacon = std::move(beacon);
                           self.end(std::move(self.feed_));
                       });
    }

    HttpSource& source_;  // its lifetime guards every answer
    const std::shared_ptr<Context> context_;
    const StatePointer held_;
    const Freshness freshness_;
    Then<FeedBytes> then_;
    Loop::Timer deadline_;
    Etags known_;
    bool is_unchanged_ = false;
    std::uint64_t taken_bytes_ = 0;
    std::optional<catalog::Publisher> newest_;  ///< as far as the chain has proved to hold
    FeedBytes feed_;
};

void HttpSource::read_feed(StatePointer held, Freshness freshness, Then<FeedBytes> then) {
    std::make_shared<Reading>(*this, std::move(held), freshness, std::move(then))->start();
}

void HttpSource::read_signed(std::string name, std::uint64_t cap_bytes, StatePointer held,
                             Then<SignedBytes> then) {
    const bool has_chain = held && !held->publisher_chain.empty();
    auto key_ids = has_chain ? signer_ids(held->publisher.release, held->publisher)
                             : std::vector<std::string>();
    get(request_for(cap_bytes, Freshness::usual), name,
        [this, name, key_ids = std::move(key_ids), then = std::move(then)](Result<Fetched> got) {
            if (!got) return then(tl::unexpected(std::move(got.error())));
            get_signatures({std::move(got->body), {}}, name, Freshness::usual, key_ids, then);
        });
}

}  // namespace

std::shared_ptr<Source> make_http_source(std::shared_ptr<Context> context, std::string base_url,
                                         Reach reach, std::string party) {
    return std::make_shared<HttpSource>(std::move(context), std::move(base_url), reach,
                                        std::move(party));
}

}  // namespace croft::feeds
