#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace croft::log {

enum class Level {
    debug,
    info,
    warning,
    error
};

struct Value {
    std::string_view key;
    std::string value;
};

/// Lines below `level` are dropped. At the start of the program, before other threads run.
void set_level(Level level);

/// One line to stderr with journald's prefix (sd-daemon(3)): `<6>library: held release=wiki-57
/// bytes=38000000`. Values are escaped. No secrets; nothing that a stranger can trigger at will at
/// `info` or above.
void write(Level level, std::string_view event, std::initializer_list<Value> values = {});

inline void debug(std::string_view event, std::initializer_list<Value> values = {}) {
    write(Level::debug, event, values);
}
inline void info(std::string_view event, std::initializer_list<Value> values = {}) {
    write(Level::info, event, values);
}
inline void warning(std::string_view event, std::initializer_list<Value> values = {}) {
    write(Level::warning, event, values);
}
inline void error(std::string_view event, std::initializer_list<Value> values = {}) {
    write(Level::error, event, values);
}

}  // namespace croft::log
