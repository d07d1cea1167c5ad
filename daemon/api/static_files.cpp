#include "api/static_files.h"

#include "api/embedded.h"
#include "api/problem_impl.h"
#include "base/file.h"

#include <algorithm>
#include <array>

namespace croft::api {
namespace {

constexpr std::uint64_t file_cap = 8 * 1024 * 1024;

constexpr std::array<std::pair<std::string_view, std::string_view>, 9> types{{
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".json", "application/json"},
    {".txt", "text/plain; charset=utf-8"},
}};

http::Response not_found() {
    return problem(Error{Errc::not_found, "no_such_path", "there is nothing at this path"});
}

/// Says how to get a page where the program was built without one.
http::Response no_page() {
    return {.status = 200,
            .headers = {{"Content-Type", "text/html; charset=utf-8"}},
            .body =
                "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Croft</title>"
                "<h1>Croft runs</h1><p>This croftd was built without its page. Run "
                "<code>./setup</code> in the source's folder, or <code>npm ci && npm run "
                "build</code> in <code>webui/</code> and build again. The command "
                "<code>croft</code> does everything the page does.</p></html>\n"};
}

}  // namespace

std::string_view content_type_of(std::string_view name) {
    const auto at =
        std::ranges::find_if(types, [&](const auto& type) { return name.ends_with(type.first); });
    return at == types.end() ? std::string_view() : at->second;
}

http::Response serve_embedded(const http::Request& request, std::string_view name) {
    if (name.empty()) name = "index.html";
    const auto files = embedded_page();
    const auto file = std::ranges::find(files, name, &EmbeddedFile::name);
    if (file == files.end()) return files.empty() && name == "index.html" ? no_page() : not_found();
    http::Headers headers{{"Content-Type", std::string(content_type_of(name))},
                          {"Cache-Control", "no-cache"},
                          {"ETag", std::string(file->etag)},
                          {"Vary", "Accept-Encoding"}};
    if (request.header("if-none-match") == file->etag) {
        return {.status = 304, .headers = std::move(headers), .body = {}};
    }
    const bool takes_gzip =
        request.header("accept-encoding").find("gzip") != std::string_view::npos;
    if (takes_gzip) headers.emplace_back("Content-Encoding", "gzip");
    return {.status = 200,
            .headers = std::move(headers),
            .body = std::string(takes_gzip ? file->gzip : file->bytes)};
}

http::Response serve_from_folder(const std::filesystem::path& folder, std::string_view name) {
    if (name.empty()) name = "index.html";
    if (content_type_of(name).empty()) return not_found();
    auto bytes = read_file(folder / name, file_cap);
    if (!bytes) return not_found();
    return {.status = 200,
            .headers = {{"Content-Type", std::string(content_type_of(name))},
                        {"Cache-Control", "no-cache"}},
            .body = std::move(*bytes)};
}

}  // namespace croft::api
