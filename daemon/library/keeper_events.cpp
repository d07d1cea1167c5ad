#include "base/log.h"
#include "library/keeper.h"

/// What the swarm tells.
namespace croft::library {

void Keeper::on(const swarm::Progressed& event) {
    Item* item = find(event.id);
    if (!item || item->course != Course::swarm) return;
    item->progress = event;
    refresh(*item);
}

void Keeper::on(const swarm::Completed& event) {
    Item* item = find(event.id);
    if (!item || item->course != Course::swarm || item->step() != Step::fetching) return;
    item->set_step(Step::complete);
    item->is_full = false;
    // Our pass need not wait for it: until then the row says "fetching", from which a restart
    // comes here again.
    commit(*item, {});
    advance(*item);
}

/// A mirror's is mended out of the swarm; our own files are the publisher's to mend: read once
/// more, so that the damaged ones are named.
void Keeper::on(const swarm::Damaged& event) {
    Item* item = find(event.id);
    if (!item || item->course != Course::swarm || item->step() != Step::held) return;
    const std::string name = item->entry.release.text();
    log::warning("library: a piece is damaged", {{"release", name}});
    item->holding->held_since.reset();
    item->holding->proved_at.reset();
    item->resume_data.clear();
    item->set_step(item->is_own() ? Step::complete : Step::fetching);
    if (item->is_own()) leave(*item);
    commit(*item, [this](Item& found, const Outcome&) { advance(found); },
           {journal(*item, "damaged", "problem",
                    name + ": a piece on the disk is damaged and was not sent; " +
                        (item->is_own() ? "its files are read again" : "it is fetched anew"))});
    refresh(*item);
}

void Keeper::on(const swarm::ResumeDataSaved& event) {
    Item* item = find(event.id);
    // What is held is taken up again without: each piece is hashed before it is first sent.
    if (!item || (item->step() != Step::fetching && item->step() != Step::complete)) return;
    item->resume_data = event.bytes;
    store_.commit({store::PutResumeData{event.id.hex(), event.bytes}}, {});
}

void Keeper::on(const swarm::Failed& event) {
    Item* item = find(event.id);
    if (!item || item->course != Course::swarm) return;
    if (event.error.code == Errc::no_space) return disk_is_full(*item, event.error);
    log::warning("library: sharing failed",
                 {{"release", item->entry.release.text()}, {"why", event.error.message}});
    item->problem = event.error;
    leave(*item);
    fail_for_now(*item, event.error);
    roots_.look();  // maybe its disk has gone
}

void Keeper::on(const swarm::Removed& event) {
    Item* item = find(event.id);
    if (!item || item->course != Course::leaving) return;
    item->course = Course::idle;
    advance(*item);
    forget_if_nothing(event.id);
}

}  // namespace croft::library
