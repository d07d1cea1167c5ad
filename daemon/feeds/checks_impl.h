#pragma once

#include "base/result.h"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <vector>

namespace croft::feeds {

/// Who asked for a check, and for which look at which source each of them still waits.
class Checks {
public:
    using Then = std::function<void(Result<bool>)>;
    using Awaited = std::map<const void*, std::uint64_t>;  ///< source -> number of the look

    /// `then`: whether any of the looks brought news; the gravest error where none was good.
    void add(Awaited awaited, Then then);

    /// A look is over. Whoever is answered may do anything to the owner of this.
    void seen(const void* source, std::uint64_t look, const Result<bool>& outcome);

    /// Answers all who still wait.
    void give_up(const Error& error);

private:
    struct Check {
        Awaited awaited;
        Then then;
        bool any_news = false, any_good = false;
        std::optional<Error> error;

        void take(const Result<bool>& outcome);
        Result<bool> answer() const;
    };
    std::vector<Check> checks_;
};

}  // namespace croft::feeds
