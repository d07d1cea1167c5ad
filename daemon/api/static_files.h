#pragma once

#include "base/result.h"
#include "http/server.h"

#include <filesystem>
#include <string_view>

/// The page's own files: in the program, or in a folder while somebody works on them.
namespace croft::api {

/// Answers with the file of that name ("" is index.html), compressed where the client takes it,
/// 304 where it has it already.
http::Response serve_embedded(const http::Request& request, std::string_view name);
http::Response serve_from_folder(const std::filesystem::path& folder, std::string_view name);

/// By the end of the name; none for what the page does not consist of.
std::string_view content_type_of(std::string_view name);

}  // namespace croft::api
