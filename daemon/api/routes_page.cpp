#include "api/context_impl.h"
#include "api/static_files.h"

namespace croft::api {
namespace {

void serve(const Context& context, const Call& call, std::string_view name) {
    const auto& folder = context.options.webui_folder;
    call.reply(folder.empty() ? serve_embedded(call.request(), name)
                              : serve_from_folder(folder, name));
}

}  // namespace

/// The page lies flat beside its index: one segment, so that no path below /api is ever a file.
void add_page_routes(Routes& routes, Context& context) {
    routes.add({.method = "GET",
                .pattern = "/",
                .access = Access::open,
                .body = Body::none,
                .handle = [&context](const Call& call) { serve(context, call, ""); }});
    routes.add(
        {.method = "GET",
         .pattern = "/{file}",
         .access = Access::open,
         .body = Body::none,
         .handle = [&context](const Call& call) { serve(context, call, call.parameter("file")); }});
}

}  // namespace croft::api
