#include "cli/exit_code.h"

#include <algorithm>
#include <array>
#include <cassert>

namespace croft::cli {

ExitCode exit_code_for(Errc code) {
    switch (code) {
        case Errc::malformed:
        case Errc::conflict:
        case Errc::unavailable:
        case Errc::io: return ExitCode::failed;
        case Errc::bad_signature: return ExitCode::bad_signature;
        case Errc::unknown_key: return ExitCode::unknown_key;
        case Errc::no_signature: return ExitCode::no_signature;
        case Errc::revoked_key:
        case Errc::equivocation: return ExitCode::revoked;
        case Errc::rollback:
        case Errc::expired: return ExitCode::outdated;
        case Errc::withdrawn: return ExitCode::withdrawn;
        case Errc::damaged: return ExitCode::damaged;
        case Errc::not_found:
        case Errc::ambiguous: return ExitCode::not_found;
        case Errc::invalid_argument: return ExitCode::usage;
        case Errc::not_allowed: return ExitCode::not_allowed;
        case Errc::no_space: return ExitCode::no_space;
        case Errc::no_daemon: return ExitCode::no_daemon;
        case Errc::partial: return ExitCode::partly;
        case Errc::cancelled: return ExitCode::interrupted;
    }  // no default: the compiler names the case we forget
    assert(false);
    return ExitCode::failed;
}

ExitCode gravest(std::span<const ExitCode> codes) {
    constexpr std::array by_gravity = {
        ExitCode::bad_signature, ExitCode::revoked,   ExitCode::no_signature, ExitCode::damaged,
        ExitCode::unknown_key,   ExitCode::withdrawn, ExitCode::outdated};
    for (const ExitCode grave : by_gravity) {
        if (std::ranges::find(codes, grave) != codes.end()) return grave;
    }
    const auto other =
        std::ranges::find_if(codes, [](ExitCode code) { return code != ExitCode::done; });
    return other == codes.end() ? ExitCode::done : *other;
}

}  // namespace croft::cli
