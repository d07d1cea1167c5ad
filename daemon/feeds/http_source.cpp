#include "bundle/feed_folder.h"
#include "feeds/http_source_impl.h"
#include "feeds/lifetime_impl.h"

#include <algorithm>
#include <optional>

namespace croft::feeds {
namespace {

using catalog::FeedBytes;
using catalog::SignedBytes;
namespace layout = bundle::layout;

constexpr std::uint64_t signature_cap = 16 * 1024UL;
constexpr std::uint64_t most_publisher_documents = 1024;

class HttpSource final : public Source {
public:
    HttpSource(std::shared_ptr<Context> context, std::string base, Reach reach)
        : context_(std::move(context)), base_(std::move(base)), reach_(reach) {}

    const std::string& address() const override { return base_; }
    void read_feed(StatePointer held, Freshness freshness, Then<FeedBytes> then) override;
    void remember(const catalog::FollowerState& held) override {
        remembered_ = seen_;
        remembered_for_ = held.catalogue_hash;
    }
    void read_signed(std::string name, std::uint64_t cap_bytes, StatePointer held,
                     Then<SignedBytes> then) override;
    void read(std::string name, std::uint64_t cap_bytes, Then<std::string> then) override {
        get(FetchRequest{{}, cap_bytes, {}, false, reach_}, name,
            [then = std::move(then)](Result<Fetched> got) {
                then(got.map([](Fetched& fetched) { return std::move(fetched.body); }));
            });
    }

private:
    class Reading;
    struct Etags {
        std::string catalogue, beacon;
    };

    void get(FetchRequest request, const std::string& name, Then<Fetched> then) {
        request.url = base_ + name;
        context_->fetcher.get(std::move(request), lifetime_.guard(std::move(then)));
    }
    void get_signatures(SignedBytes document, const std::string& name, Freshness freshness,
                        const std::vector<std::string>& key_ids, Then<SignedBytes> then);

    std::shared_ptr<Context> context_;
    const std::string base_;
    const Reach reach_;
    Etags seen_, remembered_;
    std::optional<Sha256> remembered_for_;  ///< the catalogue that `remembered_` stands for
    const Lifetime lifetime_;
};

std::string newest_publisher_document(const StatePointer& held) {
    return held && !held->publisher_chain.empty() ? held->publisher_chain.back() : "";
}

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
    const bool no_cache = freshness == Freshness::uncached;
    for (std::size_t i = 0; i < names.size(); ++i)
        get(FetchRequest{{}, signature_cap, {}, no_cache, reach_}, names[i],
            [gathering, i](Result<Fetched> got) { gathering->take(i, std::move(got)); });
}

/// One reading of a whole feed. The catalogue comes first: publisher documents that appear
/// afterwards are then newer than it needs, never older.
class HttpSource::Reading : public std::enable_shared_from_this<Reading> {
public:
    Reading(HttpSource& source, StatePointer held, Freshness freshness, Then<FeedBytes> then)
        : source_(source), held_(std::move(held)), freshness_(freshness), then_(std::move(then)) {}

    void start() {
        const bool may_ask_for_changes = held_ && freshness_ == Freshness::usual &&
                                         source_.remembered_for_ == held_->catalogue_hash;
        if (may_ask_for_changes) known_ = source_.remembered_;
        get(std::string(layout::catalogue), catalog::Catalogue::size_cap, known_.catalogue,
            [](Reading& self, Fetched got) { self.take_catalogue(std::move(got)); });
    }

private:
    /// Goes on by `next` where the document came, else ends with the error.
    template <class Next>
    void get(const std::string& name, std::uint64_t cap, const std::string& etag, Next next) {
        const bool no_cache = freshness_ == Freshness::uncached;
        source_.get(FetchRequest{{}, cap, etag, no_cache, source_.reach_}, name,
                    [self = shared_from_this(), next](Result<Fetched> got) {
                        if (!got)
                            self->then_(tl::unexpected(std::move(got.error())));
                        else
                            next(*self, std::move(*got));
                    });
    }

    template <class Next>
    void get_signatures(std::string document, const std::string& name, Next next) {
        source_.get_signatures(SignedBytes{std::move(document), {}}, name, freshness_, key_ids_,
                               [self = shared_from_this(), next](Result<SignedBytes> got) {
                                   if (!got)
                                       self->then_(tl::unexpected(std::move(got.error())));
                                   else
                                       next(*self, std::move(*got));
                               });
    }

    void take_catalogue(Fetched got) {
        source_.seen_.catalogue = got.not_modified ? known_.catalogue : got.etag;
        is_unchanged_ = got.not_modified || (held_ && got.body == held_->catalogue_bytes);
        if (is_unchanged_)
            feed_.catalogue = {held_->catalogue_bytes, held_->catalogue_signatures};
        else
            feed_.catalogue.document = std::move(got.body);
        key_ids_ = key_ids_named_in(newest_publisher_document(held_));
        get_publisher(held_ ? held_->publisher.version + 1 : 1);
    }

    void get_publisher(std::uint64_t version) {
        const std::string name = layout::publisher(version);
        const auto self = shared_from_this();
        source_.get(FetchRequest{{},
                                 catalog::Publisher::size_cap,
                                 {},
                                 freshness_ == Freshness::uncached,
                                 source_.reach_},
                    name, [self, version, name](Result<Fetched> got) {
                        const bool is_end = !got && got.error().code == Errc::not_found;
                        if (is_end && version > 1)
                            self->get_catalogue_signatures();
                        else if (!got)
                            self->then_(tl::unexpected(std::move(got.error())));
                        else
                            self->take_publisher(version, name, std::move(got->body));
                    });
    }

    /// Signed by keys of this document and of the one before it.
    void take_publisher(std::uint64_t version, const std::string& name, std::string document) {
        auto own_ids = key_ids_named_in(document);
        for (const auto& id : own_ids)
            if (!std::ranges::count(key_ids_, id)) key_ids_.push_back(id);
        get_signatures(std::move(document), name,
                       [version, own_ids = std::move(own_ids)](Reading& self, SignedBytes got) {
                           self.feed_.publishers.push_back(std::move(got));
                           self.key_ids_ = own_ids;
                           if (self.feed_.publishers.size() < most_publisher_documents)
                               self.get_publisher(version + 1);
                           else
                               self.get_catalogue_signatures();
                       });
    }

    void get_catalogue_signatures() {
        if (is_unchanged_) {
            get_beacon();
            return;
        }
        get_signatures(std::move(feed_.catalogue.document), std::string(layout::catalogue),
                       [](Reading& self, SignedBytes got) {
                           self.feed_.catalogue = std::move(got);
                           self.get_beacon();
                       });
    }

    void get_beacon() {
        const auto self = shared_from_this();
        source_.get(FetchRequest{{},
                                 catalog::Beacon::size_cap,
                                 known_.beacon,
                                 freshness_ == Freshness::uncached,
                                 source_.reach_},
                    std::string(layout::beacon), [self](Result<Fetched> got) {
                        const bool has_none = !got && got.error().code == Errc::not_found;
                        const bool is_known = got && got->not_modified;
                        if (has_none || is_known) self->source_.seen_.beacon = self->known_.beacon;
                        if (has_none || is_known)
                            self->then_(std::move(self->feed_));
                        else if (!got)
                            self->then_(tl::unexpected(std::move(got.error())));
                        else
                            self->take_beacon(std::move(*got));
                    });
    }

    void take_beacon(Fetched got) {
        source_.seen_.beacon = got.etag;
        get_signatures(std::move(got.body), std::string(layout::beacon),
                       [](Reading& self, SignedBytes beacon) {
                           self.feed_.beacon = std::move(beacon);
                           self.then_(std::move(self.feed_));
                       });
    }

    HttpSource& source_;  // its lifetime guards every answer
    const StatePointer held_;
    const Freshness freshness_;
    const Then<FeedBytes> then_;
    Etags known_;
    bool is_unchanged_ = false;
    std::vector<std::string> key_ids_;
    FeedBytes feed_;
};

void HttpSource::read_feed(StatePointer held, Freshness freshness, Then<FeedBytes> then) {
    std::make_shared<Reading>(*this, std::move(held), freshness, std::move(then))->start();
}

void HttpSource::read_signed(std::string name, std::uint64_t cap_bytes, StatePointer held,
                             Then<SignedBytes> then) {
    const FetchRequest request{{}, cap_bytes, {}, false, reach_};
    get(request, name,
        [this, name, key_ids = key_ids_named_in(newest_publisher_document(held)),
         then = std::move(then)](Result<Fetched> got) {
            if (!got) return then(tl::unexpected(std::move(got.error())));
            get_signatures({std::move(got->body), {}}, name, Freshness::usual, key_ids, then);
        });
}

bool is_base64(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '/';
}

}  // namespace

std::vector<std::string> key_ids_named_in(std::string_view document) {
    constexpr std::size_t key_length = 56, most = 64;
    std::vector<std::string> ids;
    while (ids.size() < most) {
        document.remove_prefix(std::min(document.find("RW"), document.size()));
        if (document.empty()) break;
        const auto end = std::ranges::find_if_not(document, is_base64);
        const std::string_view word =
            document.substr(0, static_cast<std::size_t>(end - document.begin()));
        document.remove_prefix(word.size());
        const auto key = trust::PublicKey::parse(word);
        if (word.size() != key_length || !key) continue;
        if (!std::ranges::count(ids, key->id.text())) ids.push_back(key->id.text());
    }
    return ids;
}

std::shared_ptr<Source> make_http_source(std::shared_ptr<Context> context, std::string base_url,
                                         Reach reach) {
    return std::make_shared<HttpSource>(std::move(context), std::move(base_url), reach);
}

}  // namespace croft::feeds
