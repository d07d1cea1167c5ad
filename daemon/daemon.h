#pragma once

#include "config.h"

#include <memory>

namespace croft {

/// The composition: builds the modules in order, connects them, runs the loop, stops in order.
class Daemon {
public:
    /// Takes the state folder's lock (`conflict`, reason `locked`, where another daemon has it),
    /// opens the database and every listener. Nothing runs before `run`.
    static Result<std::unique_ptr<Daemon>> make(Config config);
    ~Daemon();

    /// Runs until SIGINT, SIGTERM or `croft daemon stop`; a clean stop takes at most 10 s.
    void run();

private:
    Daemon();
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace croft
