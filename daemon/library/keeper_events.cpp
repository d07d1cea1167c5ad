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
