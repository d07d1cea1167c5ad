#pragma once

#include <span>
#include <string_view>

namespace croft::store {

/// One step of the schema: brings a database from version `number - 1` to `number`.
struct Migration {
    int number = 0;
    std::string_view sql;
};

/// Every file of migrations/, in order, from 1 on without a gap; embedded when we are built.
std::span<const Migration> migrations();

}  // namespace croft::store
