#include "base/result.h"

#include <cassert>
#include <cerrno>
#include <system_error>

namespace croft {

std::string_view name_of(Errc code) {
    switch (code) {
        case Errc::malformed: return "malformed";
        case Errc::bad_signature: return "bad_signature";
        case Errc::unknown_key: return "unknown_key";
        case Errc::no_signature: return "no_signature";
        case Errc::revoked_key: return "revoked_key";
        case Errc::equivocation: return "equivocation";
        case Errc::rollback: return "rollback";
        case Errc::expired: return "expired";
        case Errc::withdrawn: return "withdrawn";
        case Errc::damaged: return "damaged";
        case Errc::not_found: return "not_found";
        case Errc::ambiguous: return "ambiguous";
        case Errc::conflict: return "conflict";
        case Errc::invalid_argument: return "invalid_argument";
        case Errc::not_allowed: return "not_allowed";
        case Errc::no_space: return "no_space";
        case Errc::unavailable: return "unavailable";
        case Errc::no_daemon: return "no_daemon";
        case Errc::partial: return "partial";
        case Errc::cancelled: return "cancelled";
        case Errc::io: return "io";
    }  // no default: the compiler names the case we forget
    assert(false);
    return "";
}

namespace {

Errc code_for(int error_number) {
    switch (error_number) {
        case ENOSPC:
        case EDQUOT: return Errc::no_space;
        case ENOENT:
        case ENOTDIR: return Errc::not_found;
        case EACCES:
        case EPERM: return Errc::not_allowed;
        case EEXIST: return Errc::conflict;
        default: return Errc::io;
    }
}

}  // namespace

Error system_error(std::string_view what, std::string_view on, int error_number) {
    std::string message = "cannot " + std::string(what) + " " + std::string(on) + ": " +
                          std::generic_category().message(error_number);
    const Errc code = code_for(error_number);
    return Error{code, code == Errc::io ? "io" : std::string(name_of(code)), std::move(message)};
}

}  // namespace croft
