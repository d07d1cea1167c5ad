#pragma once

#include <tl/expected.hpp>

#include <string>
#include <string_view>

/// The words that every module uses: results, bytes, times, files, text, log.
///
/// Everything here may be called from any thread.
namespace croft {

/// Every way to fail in which callers *act* differently. `name_of` gives the word that tests, logs
/// and the HTTP API show (`code`), so a name is part of our interface.
enum class Errc {
    malformed,         ///< the bytes are not what they claim to be
    bad_signature,     ///< a key we know, and the content or the comment is not what it signed
    unknown_key,       ///< no key at hand verifies it
    no_signature,      ///< a signature is required and there is none, or too few
    revoked_key,       ///< signed by a revoked key, and nothing newer vouches for it
    equivocation,      ///< the same version was signed twice with different bytes
    rollback,          ///< older than what we already accepted
    expired,           ///< genuine, but its time is over
    withdrawn,         ///< genuine, but its publisher took it back
    damaged,           ///< content differs from what was signed, is missing, or is too much
    not_found,         ///< there is no such thing
    ambiguous,         ///< several things go by that name
    conflict,          ///< it contradicts the state we are in
    invalid_argument,  ///< the caller asked in a way we don't understand
    not_allowed,       ///< the caller, or we, lack the right
    no_space,          ///< disk or budget would overflow
    unavailable,       ///< a peer, server or queue did not take it; trying again may help
    no_daemon,         ///< croftd is not running
    partial,           ///< some of it was done
    cancelled,         ///< the user or the system stopped it
    io,                ///< the operating system said no
};

std::string_view name_of(Errc code);

struct Error {
    Errc code;
    std::string
        reason;  ///< stable slug, finer than the code: "path_not_nfc"; for scripts and the page
    std::string message;  ///< for people: what failed, on what, why, and what to do. Lower case, no
                          ///< full stop
};

/// A `T`, or the reason why there is none.
template <class T>
using Result = tl::expected<T, Error>;
using Outcome = Result<void>;

/// `return fail(Errc::not_found, "no_such_release", "…");` in any function that returns a `Result`.
inline tl::unexpected<Error> fail(Errc code, std::string reason, std::string message) {
    return tl::unexpected(Error{code, std::move(reason), std::move(message)});
}

/// The error of a failed system call: `errno` in words, after what we tried ("open", path).
/// ENOSPC and EDQUOT become `no_space`, ENOENT `not_found`, EACCES and EPERM `not_allowed`, EXIST
/// `conflict`.
Error system_error(std::string_view what, std::string_view on, int error_number);

}  // namespace croft
