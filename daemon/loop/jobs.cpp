#include "loop/jobs.h"

#include <algorithm>

namespace croft {
namespace {

constexpr std::size_t ended_jobs_kept = 100;

}  // namespace

Jobs::Id Jobs::start(std::string kind, std::string subject) {
    const Id id = next_++;
    Job& job = jobs_[id];
    job.id = id;
    job.kind = std::move(kind);
    job.subject = std::move(subject);
    if (on_change_) on_change_(job);
    return id;
}

void Jobs::progress(Id id, std::uint64_t done, std::uint64_t total) {
    const auto at = jobs_.find(id);
    if (at == jobs_.end()) return;
    at->second.done = done;
    at->second.total = total;
    if (on_change_) on_change_(at->second);
}

void Jobs::finish(Id id, Outcome outcome) {
    const auto at = jobs_.find(id);
    if (at == jobs_.end()) return;
    at->second.state = outcome ? State::done : State::failed;
    if (!outcome) at->second.error = outcome.error();
    if (on_change_) on_change_(at->second);

    const auto ended = std::ranges::count_if(
        jobs_, [](const auto& entry) { return entry.second.state != State::running; });
    if (static_cast<std::size_t>(ended) <= ended_jobs_kept) return;
    jobs_.erase(std::ranges::find_if(
        jobs_, [](const auto& entry) { return entry.second.state != State::running; }));
}

const Jobs::Job* Jobs::find(Id id) const {
    const auto at = jobs_.find(id);
    return at == jobs_.end() ? nullptr : &at->second;
}

}  // namespace croft
