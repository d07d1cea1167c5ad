#pragma once

#include "base/result.h"
#include "cli/publish/secret_bytes.h"

#include <string_view>

namespace croft::cli {

/// Asks on the terminal itself (`/dev/tty`), whatever stdin and stdout are, without echo.
/// `unavailable`
/// (`no_terminal`) where there is none, `cancelled` after Ctrl-C; the terminal is as before either
/// way.
Result<publish::SecretBytes> ask_secret(std::string_view question);

}  // namespace croft::cli
