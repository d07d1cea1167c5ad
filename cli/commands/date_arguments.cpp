#include "cli/commands/date_arguments_impl.h"

#include <CLI/CLI.hpp>

#include <cstdlib>

namespace croft::cli {

void DateArguments::add_to(CLI::App& command) {
    command.add_option("--date", date, "Sign as of this day")->type_name("DATE");
    command.add_flag("--date-ahead", may_be_ahead, "The date may lie ahead of the clock");
}

Result<publish::SigningDate> DateArguments::read() const {
    return publish::signing_date({date, std::getenv("SOURCE_DATE_EPOCH"), may_be_ahead},
                                 system_clock()());
}

}  // namespace croft::cli
