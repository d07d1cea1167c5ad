#pragma once

#include "bundle/scan.h"
#include "catalog/path_rule.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace croft::publish {

/// The files that `publish` itself puts at the top of every bundle.
inline constexpr std::string_view sums_name = "SHA256SUMS";
inline constexpr std::string_view sums_signature_name = "SHA256SUMS.minisig";
inline constexpr std::string_view crate_name = "ro-crate-metadata.json";
inline constexpr std::string_view names_name = "croft-names.tsv";

/// A file of the source and the path it has in the bundle.
struct NamedFile {
    bundle::Scanned::File source;
    std::string path;  ///< passes catalog::check_paths together with the others and our own files
};

/// Gives every file its path in the bundle by `catalog::map_names`; a source's own file by one of
/// our names, in any case, gets another name the same way (its name + `~` + 8 hex digits of its
/// hash). Sorted by path.
std::vector<NamedFile> name_files(const std::vector<bundle::Scanned::File>& files);

/// Those whose path in the bundle is another than in the source, in the bundle's order.
std::vector<catalog::MappedName> mapped_names(const std::vector<NamedFile>& files);

/// `croft-names.tsv`: mapped TAB original, sorted, only of names that differ; empty where none
/// does. TAB, newline, carriage return and backslash in an original are written `\t`, `\n`, `\r`,
/// `\\`.
std::string write_names(const std::vector<NamedFile>& files);

}  // namespace croft::publish
