#pragma once

#include "api/json_impl.h"
#include "base/result.h"
#include "http/server.h"

#include <string>
#include <string_view>

/// Errors as RFC 9457 problem documents.
namespace croft::api {

int status_of(Errc code);

/// The status that the error's code stands for.
http::Response problem(const Error& error);
/// A status of the protocol's own: 405, 415, 421, …
http::Response problem(int status, const Error& error);
/// With more members than the usual ones: `candidates`.
http::Response problem(const Error& error, const Json& more);

/// What the HTTP server itself says no with; `reason` is its slug.
http::Response protocol_problem(int status, std::string_view reason);

/// 401 with the same bytes whatever was wrong with the token.
http::Response unauthorized();

/// A problem inside a reply: `{code, reason, message}`.
Json problem_member(const Error& error);

}  // namespace croft::api
