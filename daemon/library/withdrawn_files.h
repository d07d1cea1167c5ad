#pragma once

#include "catalog/catalogue.h"
#include "library/library.h"

#include <map>
#include <optional>

/// Single files that a publisher has taken back, in whatever edition they lie. Pure.
namespace croft::library {

using WithdrawnFiles = std::map<Sha256, catalog::WithdrawalReason>;

WithdrawnFiles withdrawn_files_of(const catalog::Catalogue& catalogue);

/// How many of a release's files were taken back, and why the first of them.
struct TakenBack {
    std::uint64_t files = 0;
    catalog::WithdrawalReason reason{};
};

/// None where it holds none of them. Reads lists of 100,000 files: for the pool.
std::optional<TakenBack> taken_back_in(const Documents& documents, const WithdrawnFiles& withdrawn);

}  // namespace croft::library
