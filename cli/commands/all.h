#pragma once

#include "cli/command.h"

/// Every command of `croft`, in the order of its help.
namespace croft::cli {

void add_version(CLI::App& app, Context& context);

inline constexpr AddCommand all_commands[] = {
    add_version,
};

}  // namespace croft::cli
