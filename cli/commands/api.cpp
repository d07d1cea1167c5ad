#include "cli/commands/all.h"
#include "cli/commands/reply_impl.h"

#include <CLI/CLI.hpp>

#include <iostream>

namespace croft::cli {
namespace {

/// `-f budget_bytes=5` is a number, `-f petname=p2pf` a string: what reads as JSON is taken as
/// JSON.
Result<Json> body_of(const std::vector<std::string>& fields) {
    Json body = Json::object();
    for (const auto& field : fields) {
        const auto equals = field.find('=');
        if (equals == std::string::npos) {
            return fail(Errc::invalid_argument, "bad_field",
                        "a field is written NAME=VALUE, not " + field);
        }
        const std::string value = field.substr(equals + 1);
        Json parsed = Json::parse(value, nullptr, false);
        body[field.substr(0, equals)] = parsed.is_discarded() ? Json(value) : parsed;
    }
    return body;
}

ExitCode call(const Context& context, const std::string& method, const std::string& path,
              const std::vector<std::string>& fields) {
    const auto body = body_of(fields);
    if (!body) return context.failed(body.error());
    const bool bare = method == "GET" || method == "DELETE";
    const std::string below = path.starts_with('/') ? path : "/" + path;
    const auto reply = context.daemon().call(method, below, bare ? "" : body->dump());
    if (!reply) return context.failed(reply.error());
    // The daemon's own bytes, in every format: that is what a raw call is for.
    std::cout << *reply << (reply->ends_with('\n') ? "" : "\n");
    return ExitCode::done;
}

}  // namespace

void add_api(CLI::App& app, Context& context) {
    auto* command = app.add_subcommand("api", "A raw call to the daemon's API");
    command->group("Daemon");
    command->footer(
        "Examples:\n  croft api GET /status\n  croft api PUT /mirror/policy -f "
        "budget_bytes=500000000000");
    const auto method = std::make_shared<std::string>(), path = std::make_shared<std::string>();
    const auto fields = std::make_shared<std::vector<std::string>>();
    command->add_option("METHOD", *method, "GET, POST, PUT, PATCH or DELETE")
        ->required()
        ->check(CLI::IsMember({"GET", "POST", "PUT", "PATCH", "DELETE"}));
    command->add_option("PATH", *path, "Below /api/v1, such as /releases?limit=5")->required();
    command->add_option("-f,--field", *fields, "NAME=VALUE of the body; may be repeated");
    command->callback([&context, method, path, fields] {
        context.run = [&context, method, path, fields] {
            return call(context, *method, *path, *fields);
        };
    });
}

}  // namespace croft::cli
