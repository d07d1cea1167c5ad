#include "base/text.h"
#include "library/keeper.h"

/// Single files that a publisher took back: what holds one is neither fetched nor shared. Deleting
/// it is the user's to say.
namespace croft::library {

/// What is on a disk of ours is looked through again where the list has changed.
void Keeper::withdraw_files(const PublisherId& publisher, WithdrawnFiles files) {
    if (std::exchange(withdrawn_files_[publisher], files) == files) return;
    for (auto& [id, item] : items_) {
        const bool has_documents = item.is_taken_on() && !item.holding->folder.empty();
        if (item.publisher != publisher || !has_documents) continue;
        obtain(item, reading_, with(item, [this](Item& found, Result<Obtained> obtained) {
                   if (!obtained) return;  // its disk is absent: it is looked at when it joins
                   look_for_withdrawn(found, obtained->documents,
                                      [this](Item& looked_at) { advance(looked_at); });
               }));
    }
}

void Keeper::look_for_withdrawn(Item& item, const SharedDocuments& documents,
                                std::function<void(Item&)> then) {
    const auto withdrawn = withdrawn_files_.find(item.publisher);
    if (withdrawn == withdrawn_files_.end() || withdrawn->second.empty()) {
        item.taken_back.reset();
        return then(item);
    }
    reading_.run(
        [documents, files = withdrawn->second](const std::stop_token&) {
            return taken_back_in(*documents, files);
        },
        with(item, [then = std::move(then)](Item& found, const std::optional<TakenBack>& back) {
            found.taken_back = back;
            then(found);
        }));
}

Error Keeper::taken_back_error(const Item& item) const {
    const std::uint64_t files = item.taken_back->files;
    const std::string reason(name_of(item.taken_back->reason));
    return {Errc::withdrawn, reason,
            "its publisher has taken back " + format_count(files) +
                (files == 1 ? " file" : " files") + " of " + item.entry.release.text() + ": " +
                reason + "; it is not shared any more, and nothing is deleted without you"};
}

}  // namespace croft::library
