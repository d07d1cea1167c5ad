#include "library/keeper.h"

#include "base/log.h"

#include <algorithm>
#include <charconv>
#include <tuple>

namespace croft::library {
namespace {

constexpr std::size_t documents_remembered = 8;
constexpr int looks_before_retry = 6;

std::optional<std::uint64_t> read_budget(const store::Snapshot& snapshot) {
    const auto at = snapshot.settings.find("mirror.budget");
    if (at == snapshot.settings.end()) return std::nullopt;
    std::uint64_t bytes = 0;
    const char* end = at->second.data() + at->second.size();
    const auto [stop, error] = std::from_chars(at->second.data(), end, bytes);
    return error == std::errc() && stop == end ? std::optional(bytes) : std::nullopt;
}

/// What the database tells; the rest comes with its publisher's offer or its documents.
std::optional<Item> item_of(const store::Holding& holding) {
    const auto id = Sha256::from_hex(holding.bundle);
    const auto publisher = PublisherId::parse(holding.publisher);
    const auto step = step_from(holding.state);
    const auto manifest = Sha256::from_hex(holding.manifest);
    if (!id || !publisher || !step || !manifest) return std::nullopt;
    Item item;
    item.id = {*id};
    item.publisher = *publisher;
    item.entry.release = {holding.name, holding.serial};
    item.entry.total_size = holding.size_bytes;
    item.entry.bundle = item.id;
    item.entry.manifest.sha256 = *manifest;
    item.holding = holding;
    item.set_step(*step);
    item.committed = *step;
    return item;
}

}  // namespace

Keeper::Keeper(Loop& loop, Pool& pool, store::Store& store, Clock clock, Options options,
               const store::Snapshot& snapshot)
    : loop_(loop),
      store_(store),
      clock_(std::move(clock)),
      options_(std::move(options)),
      chosen_budget_(read_budget(snapshot)),
      roots_(pool, store, options_.roots, snapshot),
      answering_(pool, Pool::Lane::quick, 2),
      reading_(pool, Pool::Lane::quick, 1),
      writing_(pool, Pool::Lane::quick, 1),
      // One pass keeps all cores and the disk busy.
      checking_(pool, Pool::Lane::bulk, 1),
      deleting_(pool, Pool::Lane::bulk, 1) {
    restore(snapshot);
    roots_.on_changed = [this](const RootView& root) { disk_changed(root); };
}

void Keeper::restore(const store::Snapshot& snapshot) {
    for (const store::Follow& follow : snapshot.follows) {
        if (const auto id = PublisherId::parse(follow.publisher)) followed_.insert(*id);
    }
    for (const store::Holding& holding : snapshot.holdings) {
        auto item = item_of(holding);
        if (!item) {
            // Written by a program that knew more: left alone, in the database and on the disk.
            log::error("library: holding not understood", {{"bundle", holding.bundle}});
            continue;
        }
        const auto resume = snapshot.resume_data.find(holding.bundle);
        if (resume != snapshot.resume_data.end()) item->resume_data = resume->second;
        item->view = view_of(*item);
        items_.emplace(item->id, std::move(*item));
    }
}

void Keeper::start(swarm::Swarm& swarm, Library::FetchDocuments fetch_documents) {
    swarm_ = &swarm;
    fetch_documents_ = std::move(fetch_documents);
    count_promises();
    for (auto& [id, item] : items_)
        advance(item);
    looking_ = loop_.every(options_.look_every, [this] { look(); });
    showing_ = loop_.every(std::chrono::seconds(1), [this] { show_checks(); });
}

void Keeper::handle(const swarm::Event& event) {
    std::visit(
        [this](const auto& typed) {
            if constexpr (!std::is_same_v<std::decay_t<decltype(typed)>, swarm::Totals>) on(typed);
        },
        event);
}

Item* Keeper::find(const BundleId& id) {
    const auto at = items_.find(id);
    return at == items_.end() ? nullptr : &at->second;
}

const std::vector<const ReleaseView*>& Keeper::views() {
    if (sorted_views_.size() == items_.size()) return sorted_views_;
    sorted_views_.clear();
    sorted_views_.reserve(items_.size());
    for (const auto& [id, item] : items_)
        sorted_views_.push_back(&item.view);
    std::ranges::sort(sorted_views_, [](const ReleaseView* a, const ReleaseView* b) {
        return std::tie(a->entry.release, a->id) < std::tie(b->entry.release, b->id);
    });
    return sorted_views_;
}

void Keeper::show_checks() {
    for (auto& [id, item] : items_) {
        if (item.is_checking) refresh(item);
    }
}

void Keeper::commit(Item& item, const Then& then, std::vector<store::Change> besides) {
    const Step step = *item.step();
    besides.insert(besides.begin(), store::PutHolding{*item.holding});
    store_.commit(std::move(besides), with(item, [this, step, then](Item& found, Outcome outcome) {
                      if (outcome && found.holding) found.committed = step;
                      if (then) then(found, outcome);
                  }));
}

store::Change Keeper::journal(const Item& item, std::string kind, std::string level,
                              std::string message) const {
    store::JournalEntry entry;
    entry.time = clock_();
    entry.kind = std::move(kind);
    entry.publisher = item.publisher.hex();
    entry.bundle = item.id.hex();
    entry.message = std::move(message);
    entry.level = std::move(level);
    return store::AppendJournal{std::move(entry)};
}

void Keeper::refresh(Item& item) {
    item.view = view_of(item);
    for (const Jobs::Id job : item.jobs)
        jobs_.progress(job, item.view.done_bytes, item.entry.total_size);
    if (on_changed) on_changed(item.view);
}

/// What may be better later: a source that is offline, a disk that failed once.
void Keeper::fail_for_now(Item& item, const Error& error) {
    item.looks_until_retry = looks_before_retry;
    const bool is_only_late = error.code == Errc::unavailable || error.code == Errc::not_found ||
                              error.code == Errc::cancelled;
    if (is_only_late) {
        item.waits_for = error.message;
    } else {
        item.problem = error;
        finish_jobs(item, tl::unexpected(error));
    }
    log::info("library: has to wait",
              {{"release", item.entry.release.text()}, {"why", error.message}});
    refresh(item);
}

void Keeper::finish_jobs(Item& item, const Outcome& outcome) {
    for (const Jobs::Id job : std::exchange(item.jobs, {}))
        jobs_.finish(job, outcome);
}

void Keeper::forget_if_nothing(const BundleId& id) {
    const Item* item = find(id);
    if (!item || item->holding || item->offered || item->course != Course::idle ||
        item->is_checking) {
        return;
    }
    items_.erase(id);
    sorted_views_.clear();
    if (on_gone) on_gone(id);
}

void Keeper::documents(Item& item, std::function<void(Result<SharedDocuments>)> then) {
    obtain(item, answering_, [then = std::move(then)](Result<Obtained> obtained) {
        if (!obtained) return then(tl::unexpected(obtained.error()));
        then(std::move(obtained->documents));
    });
}

void Keeper::remember(Item& item, const Obtained& obtained) {
    const Documents& documents = *obtained.documents;
    item.documents = obtained.documents;
    item.are_documents_stored = obtained.are_stored;
    recent_.push_back(obtained.documents);
    if (recent_.size() > documents_remembered) recent_.pop_front();
    item.has_document = true;
    item.created = documents.release.created;
    item.version = documents.release.version;
    if (!item.offered) item.entry = entry_of(documents, item.entry.manifest.sha256);
}

}  // namespace croft::library
