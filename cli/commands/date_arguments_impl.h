#pragma once

#include "cli/publish/signing_date.h"

#include <string>

namespace CLI {
class App;
}

namespace croft::cli {

/// `--date` and `--date-ahead`: as of when something is signed.
struct DateArguments {
    std::string date;
    bool may_be_ahead = false;

    void add_to(CLI::App& command);
    Result<publish::SigningDate> read() const;
};

}  // namespace croft::cli
