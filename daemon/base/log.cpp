#include "base/log.h"

#include "base/text.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>

namespace croft::log {
namespace {

spdlog::logger& logger() {
    static const auto instance = [] {
        auto made = std::make_shared<spdlog::logger>(
            "croft", std::make_shared<spdlog::sinks::stderr_sink_mt>());
        made->set_pattern("%v");
        made->flush_on(spdlog::level::debug);
        return made;
    }();
    return *instance;
}

struct Mapped {
    spdlog::level::level_enum level;
    std::string_view journald_prefix;
};

Mapped mapped(Level level) {
    switch (level) {
        case Level::debug: return {spdlog::level::debug, "<7>"};
        case Level::info: return {spdlog::level::info, "<6>"};
        case Level::warning: return {spdlog::level::warn, "<4>"};
        case Level::error: return {spdlog::level::err, "<3>"};
    }
    return {spdlog::level::err, "<3>"};
}

bool needs_quotes(std::string_view value) {
    return value.empty() || value.find_first_of(" \"=\\") != std::string_view::npos;
}

}  // namespace

void set_level(Level level) { logger().set_level(mapped(level).level); }

void write(Level level, std::string_view event, std::initializer_list<Value> values) {
    const Mapped target = mapped(level);
    if (!logger().should_log(target.level)) return;
    std::string line(target.journald_prefix);
    line += event;
    for (const Value& value : values) {
        const std::string safe = escape_control(value.value);
        line += ' ';
        line += value.key;
        line += '=';
        line += needs_quotes(safe) ? '"' + safe + '"' : safe;
    }
    logger().log(target.level, "{}", line);
}

}  // namespace croft::log
