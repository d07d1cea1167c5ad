#pragma once

#include "base/result.h"

#include <span>

namespace croft::cli {

/// What `croft` and `croftd` exit with: a promise to scripts, the same for every command.
enum class ExitCode {
    done = 0,
    failed = 1,
    usage = 2,
    partly = 3,
    not_allowed = 4,
    not_found = 5,  ///< or ambiguous
    no_daemon = 6,
    no_space = 7,
    bad_signature = 10,
    unknown_key = 11,
    no_signature = 12,
    damaged = 13,
    outdated = 14,  ///< genuine, but expired or older than the state it is judged against
    revoked = 15,   ///< or equivocation
    withdrawn = 16,
    locked = 75,  ///< croftd: another daemon holds this state folder or root
    interrupted = 130,
    terminated = 143,
};

ExitCode exit_code_for(Errc code);

/// Of several items the gravest wins: 10 > 15 > 12 > 13 > 11 > 16 > 14, then any other failure.
ExitCode gravest(std::span<const ExitCode> codes);

}  // namespace croft::cli
