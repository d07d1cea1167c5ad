#include "api/context_impl.h"
#include "api/openapi.h"
#include "api/problem_impl.h"
#include "api/shapes_impl.h"

#include <algorithm>
#include <charconv>

namespace croft::api {
namespace {

Json ok() { return {{"ok", true}}; }

/// Alive: the loop answers. Ready: everything a mirror needs is there.
void ready(const Context& context, const Call& call) {
    if (context.is_stopping) {
        return call.reply(Error{Errc::unavailable, "stopping", "the daemon is stopping"});
    }
    for (const auto& root : context.modules.library.roots()) {
        if (root.is_present) continue;
        return call.reply(Error{Errc::unavailable, "disk_absent",
                                "the disk of " + root.path.native() + " is absent"});
    }
    call.reply(ok());
}

void journal(const Context& context, const Call& call) {
    const auto before = call.query_number("before", UINT64_MAX, UINT64_MAX);
    if (!before) return call.reply(before.error());
    const auto limit = call.query_number("limit", 100, 500);
    if (!limit) return call.reply(limit.error());
    Json rows = Json::array();
    for (auto entry = context.journal.rbegin(); entry != context.journal.rend(); ++entry) {
        if (rows.size() == *limit) break;
        if (entry->id < *before) rows.push_back(journal_entry(*entry));
    }
    call.reply({{"entries", std::move(rows)}, {"total", context.journal.size()}});
}

void show_job(Context& context, const Call& call) {
    const std::string& text = call.parameter("id");
    Jobs::Id id = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
    const bool is_number = error == std::errc() && end == text.data() + text.size();
    const Jobs::Job* found = is_number ? context.modules.library.jobs().find(id) : nullptr;
    if (found) return call.reply(job(*found));
    call.reply(Error{Errc::not_found, "no_such_job",
                     "there is no job " + text + ", or it ended long ago"});
}

/// The budget is the one setting that changes while the daemon runs.
Setting as_it_is_now(const Context& context, Setting setting) {
    if (setting.key != "mirror.budget" || setting.locked) return setting;
    const auto budget = context.modules.library.budget();
    setting.value = budget ? std::to_string(*budget) : "";
    setting.origin = budget ? "set" : "built_in";
    return setting;
}

void settings(const Context& context, const Call& call) {
    Json rows = Json::array();
    for (const Setting& each : context.settings)
        rows.push_back(setting(as_it_is_now(context, each)));
    call.reply({{"settings", std::move(rows)}});
}

}  // namespace

const Setting* Context::setting(std::string_view key) const {
    const auto at = std::ranges::find(settings, key, &Setting::key);
    return at == settings.end() ? nullptr : &*at;
}

void add_status_routes(Routes& routes, Context& context) {
    const auto add = [&](const char* pattern, Access access,
                         std::function<void(const Call&)> handle) {
        routes.add({.method = "GET",
                    .pattern = pattern,
                    .access = access,
                    .body = Body::none,
                    .handle = std::move(handle)});
    };
    add("/health/live", Access::open, [](const Call& call) { call.reply(ok()); });
    add("/health/ready", Access::metrics, [&context](const Call& call) { ready(context, call); });
    add("/api/v1/status", Access::token,
        [&context](const Call& call) { call.reply(status(context)); });
    add("/api/v1/settings", Access::token,
        [&context](const Call& call) { settings(context, call); });
    add("/api/v1/journal", Access::token, [&context](const Call& call) { journal(context, call); });
    add("/api/v1/jobs/{id}", Access::token,
        [&context](const Call& call) { show_job(context, call); });
    add("/api/v1/openapi.json", Access::token, [](const Call& call) {
        call.reply(http::Response{.status = 200,
                                  .headers = {{"Content-Type", "application/json"}},
                                  .body = std::string(openapi_document())});
    });
}

}  // namespace croft::api
