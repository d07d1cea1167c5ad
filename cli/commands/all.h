#pragma once

#include "cli/command.h"

/// Every command of `croft`, in the order of its help.
namespace croft::cli {

void add_follow(CLI::App& app, Context& context);
void add_unfollow(CLI::App& app, Context& context);
void add_publishers(CLI::App& app, Context& context);
void add_share(CLI::App& app, Context& context);
void add_list(CLI::App& app, Context& context);
void add_get(CLI::App& app, Context& context);
void add_show(CLI::App& app, Context& context);
void add_verify(CLI::App& app, Context& context);
void add_trust(CLI::App& app, Context& context);
void add_status(CLI::App& app, Context& context);
void add_open(CLI::App& app, Context& context);
void add_mirror(CLI::App& app, Context& context);
void add_key(CLI::App& app, Context& context);
void add_publisher(CLI::App& app, Context& context);
void add_publish(CLI::App& app, Context& context);
void add_seed(CLI::App& app, Context& context);
void add_inspect(CLI::App& app, Context& context);
void add_daemon(CLI::App& app, Context& context);
void add_config(CLI::App& app, Context& context);
void add_api(CLI::App& app, Context& context);
void add_completion(CLI::App& app, Context& context);
void add_version(CLI::App& app, Context& context);

inline constexpr AddCommand all_commands[] = {
    add_follow, add_unfollow,  add_publishers, add_share,   add_list,    add_get,
    add_show,   add_verify,    add_trust,      add_status,  add_open,    add_mirror,
    add_key,    add_publisher, add_publish,    add_seed,    add_inspect, add_daemon,
    add_config, add_api,       add_completion, add_version,
};

}  // namespace croft::cli
