#pragma once

#include <span>
#include <string_view>

namespace croft::api {

/// A file that became part of the program (embed.cmake).
struct EmbeddedFile {
    std::string_view name;  ///< "app.js"
    std::string_view etag;  ///< with its quotes
    std::string_view bytes;
    std::string_view gzip;  ///< the same, compressed
};

/// The page as webui/ builds it; empty where it was not built.
std::span<const EmbeddedFile> embedded_page();
/// openapi.json.
std::span<const EmbeddedFile> embedded_documents();

}  // namespace croft::api
