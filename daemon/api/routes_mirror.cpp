#include "api/context_impl.h"
#include "api/policy_impl.h"
#include "api/shapes_impl.h"
#include "base/text.h"

namespace croft::api {
namespace {

Json steps(const library::Library& library, const std::vector<library::MirrorPlan::Step>& plan) {
    Json rows = Json::array();
    for (const auto& step : plan) {
        const library::ReleaseView* release = library.find(step.id);
        if (!release) continue;
        Json row = release_name(*release);
        row["kind"] = name_of(release->entry.kind);
        row["size_bytes"] = release->entry.total_size;
        row["why"] = step.why;
        rows.push_back(std::move(row));
    }
    return rows;
}

Json plan_with(Context& context, std::optional<std::uint64_t> budget) {
    const library::Library& library = context.modules.library;
    const library::MirrorPlan plan = library.plan(budget);
    Json shape = Json::object();
    put(shape, "budget_bytes", budget);
    shape["used_bytes"] = library.used_bytes();
    shape["planned_bytes"] = plan.planned_bytes;
    shape["fetch"] = steps(library, plan.fetch);
    shape["keep"] = steps(library, plan.keep);
    shape["evict"] = steps(library, plan.evict);
    shape["skip"] = steps(library, plan.skip);
    return shape;
}

/// `{budget_bytes?}`; absent: no budget.
Result<std::optional<std::uint64_t>> read_budget(const Call& call) {
    Members members = call.members();
    const auto budget = members.number("budget_bytes");
    if (auto outcome = members.outcome(); !outcome) return tl::unexpected(outcome.error());
    return budget;
}

void what_if(Context& context, const Call& call) {
    const auto budget = read_budget(call);
    if (!budget) return call.reply(budget.error());
    call.reply(plan_with(context, *budget));
}

void set_policy(Context& context, const Call& call) {
    const auto budget = read_budget(call);
    if (!budget) return call.reply(budget.error());
    const Setting* fixed = context.setting("mirror.budget");
    if (fixed && fixed->locked) {
        const std::string where =
            fixed->origin_detail.empty() ? "" : " (" + fixed->origin_detail + ")";
        return call.reply(
            Error{Errc::conflict, "setting_locked",
                  "the budget is fixed by the " + fixed->origin + where + "; change it there"});
    }
    context.modules.library.set_budget(*budget, call.then([&context] { return policy(context); }));
}

}  // namespace

Json policy(const Context& context) {
    const library::Library& library = context.modules.library;
    Json shape = Json::object();
    put(shape, "budget_bytes", library.budget());
    shape["keep_free_bytes"] = keep_free_bytes(context);
    shape["used_bytes"] = library.used_bytes();
    shape["free_bytes"] = free_bytes(context);
    const Setting* budget = context.setting("mirror.budget");
    const bool is_locked = budget && budget->locked;
    shape["locked"] = is_locked;
    shape["origin"] = is_locked ? budget->origin : library.budget() ? "set" : "built_in";
    if (is_locked) put_text(shape, "origin_detail", budget->origin_detail);
    return shape;
}

std::uint64_t keep_free_bytes(const Context& context) {
    const Setting* setting = context.setting("mirror.keep_free");
    const auto bytes = setting ? parse_size(setting->value) : Result<std::uint64_t>(0);
    return bytes.value_or(0);
}

std::uint64_t free_bytes(const Context& context) {
    const auto roots = context.modules.library.roots();
    return roots.empty() ? 0 : roots.front().free_bytes;
}

void add_mirror_routes(Routes& routes, Context& context) {
    const auto add = [&](const char* method, const char* pattern, Body body,
                         std::function<void(const Call&)> handle) {
        routes.add({.method = method,
                    .pattern = pattern,
                    .access = Access::token,
                    .body = body,
                    .handle = std::move(handle)});
    };
    add("GET", "/api/v1/mirror/policy", Body::none,
        [&context](const Call& call) { call.reply(policy(context)); });
    add("PUT", "/api/v1/mirror/policy", Body::json,
        [&context](const Call& call) { set_policy(context, call); });
    add("GET", "/api/v1/mirror/plan", Body::none, [&context](const Call& call) {
        call.reply(plan_with(context, context.modules.library.budget()));
    });
    add("POST", "/api/v1/mirror/plan", Body::json,
        [&context](const Call& call) { what_if(context, call); });
}

}  // namespace croft::api
