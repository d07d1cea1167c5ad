#include "cli/command.h"

namespace croft::cli {

ExitCode Context::failed(const Error& error, std::string_view mend) const {
    std::string_view todo = mend;
    if (error.code == Errc::no_daemon) todo = "start it: croftd &   (or as a service: README.md)";
    if (error.reason == "socket_denied")
        todo = "it belongs to another user: ask them, or run your own croftd";
    output.error(error, todo);
    return exit_code_for(error.code);
}

}  // namespace croft::cli
