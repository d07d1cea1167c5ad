#include "feeds/refusal_impl.h"

#include <algorithm>
#include <cassert>
#include <string_view>

namespace croft::feeds {
namespace {

enum class Gravity {
    silence,  ///< nobody answers
    trouble,  ///< ours
    refusal,
};

Gravity gravity_of(Errc code) {
    switch (code) {
        case Errc::malformed:
        case Errc::bad_signature:
        case Errc::unknown_key:
        case Errc::no_signature:
        case Errc::revoked_key:
        case Errc::equivocation:
        case Errc::rollback:
        case Errc::expired:
        case Errc::withdrawn:
        case Errc::damaged:
        case Errc::conflict:
        case Errc::not_allowed: return Gravity::refusal;
        case Errc::ambiguous:
        case Errc::invalid_argument:
        case Errc::no_space:
        case Errc::no_daemon:
        case Errc::partial:
        case Errc::cancelled:
        case Errc::io: return Gravity::trouble;
        case Errc::not_found:
        case Errc::unavailable: return Gravity::silence;
    }  // no default: the compiler names the case we forget
    assert(false);
    return Gravity::trouble;
}

}  // namespace

bool is_refusal(const Error& error) { return gravity_of(error.code) == Gravity::refusal; }

bool may_be_mid_publish(const Error& error) {
    const bool is_about_bytes = error.code == Errc::malformed ||
                                error.code == Errc::bad_signature ||
                                error.code == Errc::unknown_key || error.code == Errc::no_signature;
    constexpr std::string_view behind_each_other[] = {"publisher_missing", "catalogue_behind",
                                                      "beacon_mismatch"};
    return (is_about_bytes && error.reason != "too_large") ||
           std::ranges::count(behind_each_other, error.reason) > 0;
}

void keep_graver(std::optional<Error>& kept, const Error& error) {
    if (!kept || gravity_of(error.code) > gravity_of(kept->code)) kept = error;
}

}  // namespace croft::feeds
