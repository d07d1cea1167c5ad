#include "cli/command.h"

namespace croft::cli {

ExitCode Context::failed(const Error& error, std::string_view mend) const {
    std::string_view todo = mend;
    if (todo.empty() && error.code == Errc::no_daemon) {
        todo = "start it: systemctl --user start croftd, or just: croftd &";
    }
    output.error(error, todo);
    return exit_code_for(error.code);
}

}  // namespace croft::cli
