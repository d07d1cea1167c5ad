#include "base/file.h"
#include "cli/commands/all.h"
#include "cli/commands/reply_impl.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>

#include <array>
#include <cstdlib>

extern char** environ;  // NOLINT: POSIX names it so

namespace croft::cli {
namespace {

/// A page that sends the browser on. The code is in a file only we may read, not in the browser's
/// arguments, which every local user can see.
std::string redirect_page(const std::string& url) {
    return fmt::format(
        "<!doctype html><meta charset=\"utf-8\"><title>Croft</title>"
        "<meta http-equiv=\"refresh\" content=\"0;url={0}\"><a href=\"{0}\">Open Croft</a>\n",
        url);
}

bool run_browser(const std::filesystem::path& page) {
    const std::string name = page.native();
    std::array<char*, 3> arguments = {const_cast<char*>("xdg-open"),
                                      const_cast<char*>(name.c_str()), nullptr};
    pid_t pid = 0;
    if (::posix_spawnp(&pid, "xdg-open", nullptr, nullptr, arguments.data(), environ) != 0)
        return false;
    int status = 0;
    return ::waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

void explain_without_display(const Output& output, const std::string& url) {
    const auto scheme_end = url.find("://") + 3;
    const std::string address = url.substr(scheme_end, url.find('/', scheme_end) - scheme_end);
    const std::string port = address.substr(address.rfind(':') + 1);
    output.note("From another computer, first:   ssh -L " + port + ":" + address +
                " THIS-COMPUTER");
    output.note("then open this, within a minute; it works once:");
    output.line(url);
}

ExitCode open(const Context& context, bool print) {
    const auto reply = ask(context, "POST", "/session/code", Json::object());
    if (!reply) return context.failed(reply.error());
    context.output.json(reply->text);
    if (!context.output.is_text()) return ExitCode::done;
    const std::string url = reply->value.value("url", "");
    const bool has_display = std::getenv("DISPLAY") || std::getenv("WAYLAND_DISPLAY");
    if (print || !has_display) {
        explain_without_display(context.output, url);
        return ExitCode::done;
    }
    const auto page = context.socket.parent_path() / "open.html";
    if (auto written = write_file(page, redirect_page(url), 0600); !written)
        return context.failed(written.error());
    if (!run_browser(page)) explain_without_display(context.output, url);
    return ExitCode::done;
}

}  // namespace

void add_open(CLI::App& app, Context& context) {
    auto* command = app.add_subcommand("open", "The web page in a browser, logged in");
    command->group("Every day");
    command->footer("Examples:\n  croft open\n  croft open --print");
    const auto print = std::make_shared<bool>(false);
    command->add_flag("--print", *print, "Only print the one-time link");
    command->callback(
        [&context, print] { context.run = [&context, print] { return open(context, *print); }; });
}

}  // namespace croft::cli
