#include "bundle/feed_folder.h"
#include "feeds/refusal_impl.h"
#include "feeds/release_documents_impl.h"

namespace croft::feeds {
namespace {

using Documents = std::shared_ptr<ReleaseDocuments>;

/// The whole check, on the pool: a torrent of 64 MiB takes seconds.
Result<Documents> complete(Documents documents) {
    auto torrent = bundle::parse_torrent(documents->torrent_bytes);
    if (!torrent) return tl::unexpected(torrent.error());
    const auto fits =
        bundle::matches(*torrent, documents->torrent_bytes, documents->release, documents->sums);
    if (!fits) return tl::unexpected(fits.error());
    documents->torrent = std::move(*torrent);
    return documents;
}

/// One fetch in progress. Lives in the callbacks it waits for.
class Fetch : public std::enable_shared_from_this<Fetch> {
public:
    Fetch(std::shared_ptr<Context> context, std::vector<std::shared_ptr<Source>> sources,
          StatePointer held, catalog::ReleaseName release,
          Then<std::shared_ptr<const ReleaseDocuments>> then)
        : context_(std::move(context)),
          sources_(std::move(sources)),
          held_(std::move(held)),
          name_(std::move(release)),
          then_(std::move(then)) {}

    void start() {
        const auto* const entry = held_->catalogue ? held_->catalogue->find(name_) : nullptr;
        if (entry == nullptr)
            error_ = Error{Errc::not_found, "no_such_release",
                           "the newest catalogue does not offer " + name_.text()};
        else
            manifest_size_ = entry->manifest.size;
        if (entry == nullptr || sources_.empty()) {
            const auto self = shared_from_this();
            context_->loop.post([self] { self->give_up(); });
            return;
        }
        try_next();
    }

private:
    /// A callback that goes on by `next` with the value, or with the next source.
    template <class Value, class Next>
    auto or_next_source(Next next) {
        return [self = shared_from_this(), next](Result<Value> got) {
            if (got)
                next(*self, std::move(*got));
            else
                self->failed(got.error());
        };
    }

    void try_next() {
        if (next_ == sources_.size()) {
            give_up();
            return;
        }
        source_ = sources_[next_++];
        source_->read_signed(bundle::layout::release(name_), manifest_size_, held_,
                             or_next_source<catalog::SignedBytes>([](Fetch& self, auto got) {
                                 self.judge_release(std::move(got));
                             }));
    }

    void judge_release(catalog::SignedBytes bytes) {
        auto work = [held = held_, name = name_, bytes = std::move(bytes)]() -> Result<Documents> {
            auto release = catalog::accept_release(*held, name, bytes.document);
            if (!release) return tl::unexpected(release.error());
            auto documents = std::make_shared<ReleaseDocuments>();
            documents->release = std::move(*release);
            documents->release_bytes = bytes;
            return documents;
        };
        context_->on_pool(std::move(work),
                          or_next_source<Documents>(
                              [](Fetch& self, const Documents& got) { self.read_torrent(got); }));
    }

    void read_torrent(const Documents& documents) {
        source_->read(bundle::layout::torrent(name_), documents->release.torrent.size,
                      or_next_source<std::string>([documents](Fetch& self, std::string bytes) {
                          documents->torrent_bytes = std::move(bytes);
                          self.read_sums(documents);
                      }));
    }

    void read_sums(const Documents& documents) {
        if (!documents->release.files_list) {
            finish(documents);
            return;
        }
        source_->read(bundle::layout::sums(name_), documents->release.files_list->size,
                      or_next_source<std::string>([documents](Fetch& self, std::string bytes) {
                          documents->sums = std::move(bytes);
                          self.finish(documents);
                      }));
    }

    void finish(const Documents& documents) {
        context_->on_pool([documents] { return complete(documents); },
                          or_next_source<Documents>(
                              [](Fetch& self, Documents whole) { self.then_(std::move(whole)); }));
    }

    void failed(const Error& error) {
        keep_graver(error_, error);
        try_next();
    }

    void give_up() {
        then_(tl::unexpected(error_.value_or(
            Error{Errc::unavailable, "no_source", "no source of this publisher is known"})));
    }

    std::shared_ptr<Context> context_;
    const std::vector<std::shared_ptr<Source>> sources_;
    const StatePointer held_;
    const catalog::ReleaseName name_;
    const Then<std::shared_ptr<const ReleaseDocuments>> then_;
    std::uint64_t manifest_size_ = 0;
    std::size_t next_ = 0;
    std::shared_ptr<Source> source_;
    std::optional<Error> error_;
};

}  // namespace

void fetch_documents(std::shared_ptr<Context> context, std::vector<std::shared_ptr<Source>> sources,
                     StatePointer held, catalog::ReleaseName release,
                     Then<std::shared_ptr<const ReleaseDocuments>> then) {
    std::make_shared<Fetch>(std::move(context), std::move(sources), std::move(held),
                            std::move(release), std::move(then))
        ->start();
}

}  // namespace croft::feeds
