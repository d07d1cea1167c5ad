#pragma once

#include "base/result.h"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>

namespace croft {

/// Long work that somebody started and may ask about: in memory only, because the work itself
/// resumes by its own state. From the loop's thread.
class Jobs {
public:
    using Id = std::uint64_t;
    enum class State {
        running,
        done,
        failed
    };

    struct Job {
        Id id = 0;
        std::string kind;     ///< "get", "verify", "follow"
        std::string subject;  ///< what it works on, for people
        State state = State::running;
        std::uint64_t done = 0;
        std::uint64_t total = 0;  ///< 0: not known yet
        std::optional<Error> error;
    };

    Id start(std::string kind, std::string subject);
    void progress(Id id, std::uint64_t done, std::uint64_t total);
    void finish(Id id, Outcome outcome);

    /// A running job, or one of the last 100 that ended.
    const Job* find(Id id) const;

    void on_change(std::function<void(const Job&)> handler) { on_change_ = std::move(handler); }

private:
    std::map<Id, Job> jobs_;
    Id next_ = 1;
    std::function<void(const Job&)> on_change_;
};

}  // namespace croft
