#include "cli/commands/all.h"
#include "cli/commands/reply_impl.h"
#include "cli/progress.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace croft::cli {
namespace {

namespace fs = std::filesystem;

struct GetArguments {
    std::string release, to;
    std::vector<std::string> peers;
    bool no_wait = false;
};

std::string beside(const Json& release) {
    std::string text;
    if (const auto peers = number_of(release, "peers"))
        text = fmt::format("{} peer{}", peers, peers == 1 ? "" : "s");
    const std::string waits_for = text_of(release, "waits_for");
    if (!waits_for.empty()) text += (text.empty() ? "" : ", ") + waits_for;
    return text;
}

/// What one row of the release says about waiting on: nothing yet, or how it ended.
std::optional<Outcome> ending(const Json& release) {
    const std::string state = text_of(release, "state");
    if (state == "held") return Outcome{};
    if (state != "failed") return std::nullopt;
    const Json problem = release.value("problem", Json::object());
    for (int i = 0; i <= static_cast<int>(Errc::io); ++i) {
        if (name_of(static_cast<Errc>(i)) == problem.value("code", "")) {
            return fail(static_cast<Errc>(i), problem.value("reason", ""),
                        problem.value("message", ""));
        }
    }
    return fail(Errc::io, "failed", "the daemon gives no reason");
}

/// Shows progress until the release is held or failed; Ctrl-C leaves the daemon at work.
Outcome wait_until_held(const Context& context, const std::string& id, const std::string& name) {
    Progress progress(context.output, "get " + name);
    std::optional<Outcome> end;
    Outcome problem;
    const auto look = [&] {
        auto reply = ask(context, "/releases/" + id);
        if (!reply) {
            problem = tl::unexpected(reply.error());
            return false;
        }
        progress.show(number_of(reply->value, "done_bytes"), number_of(reply->value, "size_bytes"),
                      beside(reply->value));
        end = ending(reply->value);
        return !end;
    };
    // Events only wake us; what counts is read from the release itself, so that none can be missed:
    // a first `speed` comes when the stream opens.
    while (!end && problem) {
        const auto streamed =
            context.daemon().events("releases,speed", [&](std::string_view, std::string_view data) {
                const bool concerns_us = data.find(id) != std::string_view::npos ||
                                         data.find("\"speed\"") != std::string_view::npos;
                return !concerns_us || look();
            });
        if (!streamed) return streamed;
    }
    return end ? *end : problem;
}

bool has_same_bytes(const fs::path& a, const fs::path& b) {
    std::error_code error;
    if (!fs::is_regular_file(b, error) || fs::file_size(a, error) != fs::file_size(b, error)) {
        return false;
    }
    std::ifstream one(a, std::ios::binary), other(b, std::ios::binary);
    using Bytes = std::istreambuf_iterator<char>;
    return one && other && std::equal(Bytes(one), Bytes(), Bytes(other), Bytes());
}

/// A file of the bundle is for its owner's eyes; a copy is as open as the user's other files.
Outcome put_file(const fs::path& from, const fs::path& to) {
    if (fs::symlink_status(to).type() != fs::file_type::not_found) {
        if (has_same_bytes(from, to)) return {};
        return fail(Errc::conflict, "other_file_there",
                    to.native() + " is there already, and is not what was signed");
    }
    std::error_code error;
    fs::copy_file(from, to, error);
    const mode_t mask = ::umask(0);
    ::umask(mask);
    if (!error) fs::permissions(to, fs::perms(0666 & ~mask), error);
    if (error) return tl::unexpected(system_error("copy to", to.native(), error.value()));
    return {};
}

/// A copy of the held bundle's files. What lies there already is compared, and never overwritten.
Outcome copy_out(const fs::path& from, const fs::path& below) {
    std::error_code error;
    const fs::path to = below / from.filename();
    fs::create_directories(to, error);
    for (auto at = fs::recursive_directory_iterator(from, error);
         !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
        const fs::path target = to / at->path().lexically_relative(from);
        if (at->is_directory()) {
            fs::create_directories(target, error);
        } else if (auto copied = put_file(at->path(), target); !copied) {
            return copied;
        }
    }
    if (error) return tl::unexpected(system_error("copy to", to.native(), error.value()));
    return {};
}

ExitCode report(const Context& context, const std::string& id, const GetArguments& arguments) {
    const auto release = ask(context, "/releases/" + id);
    if (!release) return context.failed(release.error());
    if (!arguments.to.empty()) {
        const fs::path folder = release->value.value("folder", "");
        if (auto copied = copy_out(folder, arguments.to); !copied)
            return context.failed(copied.error(), "move it away, or copy to another folder");
    }
    const fs::path where = release->value.value("folder", "");
    context.output.json(release->text);
    context.output.line(fmt::format("{}   {}, {}", context.output.mark(Mark::good, "held"),
                                    release_text(release->value, Json::array()),
                                    size_of(release->value, "size_bytes")));
    context.output.line("  in      " +
                        foreign(arguments.to.empty()
                                    ? where.native()
                                    : (fs::path(arguments.to) / where.filename()).native()));
    return ExitCode::done;
}

ExitCode get(const Context& context, const GetArguments& arguments) {
    const auto release = ask(context, release_path(arguments.release));
    if (!release) return context.failed(release.error(), "croft list shows what there is");
    const std::string id = release->value.value("id", "");
    const std::string name = release_text(release->value, Json::array());
    Json body = Json::object();
    if (!arguments.peers.empty()) body["peers"] = arguments.peers;
    const auto accepted = ask(context, "POST", "/releases/" + id + "/get", body);
    if (!accepted) return context.failed(accepted.error());
    if (arguments.no_wait) {
        context.output.json(accepted->text);
        context.output.line("fetching " + name + "; croft list --watch shows how it goes");
        return ExitCode::done;
    }
    if (auto held = wait_until_held(context, id, name); !held) return context.failed(held.error());
    return report(context, id, arguments);
}

}  // namespace

void add_get(CLI::App& app, Context& context) {
    auto* command = app.add_subcommand("get", "Fetch one release now, verify it, keep it");
    command->group("Every day");
    command->footer("Examples:\n  croft get wiki-57\n  croft get p2pf/papers-12 -o ~/papers");
    const auto arguments = std::make_shared<GetArguments>();
    command
        ->add_option("RELEASE", arguments->release,
                     "NAME-SERIAL, PETNAME/NAME-SERIAL or an info-hash")
        ->required();
    command->add_option("-o,--output", arguments->to, "Also copy it below this folder");
    command->add_option("--peer", arguments->peers,
                        "HOST:PORT of somebody who has it; may be repeated");
    command->add_flag("--no-wait", arguments->no_wait, "Return at once");
    command->callback([&context, arguments] {
        context.run = [&context, arguments] { return get(context, *arguments); };
    });
}

}  // namespace croft::cli
