#pragma once

#include "cli/output.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace croft::cli {

/// One line on stderr that is drawn over: done/total, %, rate, ETA and what it waits for; at most 5
/// times a second. Where stderr is no terminal, only a line when what it waits for changes. From
/// one thread.
class Progress {
public:
    Progress(const Output& output, std::string what);
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;
    ~Progress();  ///< wipes the line

    void show(std::uint64_t done_bytes, std::uint64_t total_bytes, std::string_view beside = {});

    /// The text of the line, without drawing it.
    static std::string text(std::string_view what, std::uint64_t done, std::uint64_t total,
                            double bytes_per_second, std::string_view beside);

private:
    using Instant = std::chrono::steady_clock::time_point;
    void say_why(std::string_view beside, Instant now);

    const Output& output_;
    std::string what_, said_;
    Instant drawn_{};
    Instant measured_{};
    std::uint64_t measured_bytes_ = 0;
    double rate_ = 0;
    bool visible_ = false;
};

}  // namespace croft::cli
