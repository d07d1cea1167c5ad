#pragma once

#include "cli/api_client.h"
#include "cli/exit_code.h"
#include "cli/output.h"

#include <filesystem>
#include <functional>

namespace CLI {
class App;
}

namespace croft::cli {

/// What every command is given. `run` is what main calls after parsing: the command that was named
/// sets it from its CLI11 callback.
struct Context {
    Output output;
    std::filesystem::path socket;
    std::function<ExitCode()> run;

    ApiClient daemon() const { return ApiClient(socket); }

    /// Says an error with its mend and gives the exit code that goes with it.
    ExitCode failed(const Error& error, std::string_view mend = {}) const;
};

/// One command: adds itself to the app and, when it is named, sets `context.run`. One file a
/// command, `commands/NAME.cpp`, each listed in `commands/all.h`.
using AddCommand = void (*)(CLI::App& app, Context& context);

}  // namespace croft::cli
