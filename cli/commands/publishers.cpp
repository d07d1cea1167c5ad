#include "cli/commands/all.h"
#include "cli/commands/reply_impl.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <qrcodegen/qrcodegen.hpp>

namespace croft::cli {
namespace {

std::string freshness(const Output& output, const Json& publisher) {
    if (publisher.value("equivocated", false))
        return output.mark(Mark::bad, "TWO CATALOGUES OF ONE VERSION: no updates");
    const std::string news = day_of(publisher, "last_news");
    std::string text = news.empty() ? "no news yet" : "last news " + news;
    if (publisher.value("stale", false)) text = output.mark(Mark::note, "stale, " + text);
    if (publisher.value("final", false)) text = "final edition";
    return text;
}

ExitCode list_publishers(const Context& context) {
    const auto reply = ask(context, "/publishers?limit=500");
    if (!reply) return context.failed(reply.error());
    context.output.json(reply->text);
    std::vector<std::vector<std::string>> rows;
    for (const auto& publisher : reply->value["publishers"]) {
        rows.push_back({text_of(publisher, "petname"), text_of(publisher, "fingerprint"),
                        fmt::format("{} of {}", number_of(publisher, "held"),
                                    number_of(publisher, "releases")),
                        freshness(context.output, publisher)});
    }
    if (rows.empty()) {
        context.output.line("you follow nobody yet: croft follow URI");
    } else {
        context.output.table({"PUBLISHER", "FINGERPRINT", "HELD", "NEWS"}, rows);
    }
    return ExitCode::done;
}

void show_role(const Output& output, const Json& roles, const char* role) {
    const Json value = roles.value(role, Json::object());
    std::string keys;
    for (const auto& key : value.value("keys", Json::array()))
        keys += " " + text_of(key, "key_id");
    output.line(fmt::format("  {:<8}{} of {}:{}", role, number_of(value, "threshold"),
                            value.value("keys", Json::array()).size(), keys));
}

ExitCode show_publisher(const Context& context, const std::string& name) {
    const auto reply = ask(context, "/publishers/" + ApiClient::escape(name));
    if (!reply) return context.failed(reply.error(), "croft publishers lists whom you follow");
    const Output& output = context.output;
    const Json& publisher = reply->value;
    output.json(reply->text);
    output.line(fmt::format("{}   claims \"{}\"   {}", output.bold(text_of(publisher, "petname")),
                            text_of(publisher, "claimed_name"), text_of(publisher, "fingerprint")));
    output.line(
        publisher.value("confirmed", false)
            ? output.mark(Mark::good, "fingerprint confirmed by you")
            : output.mark(Mark::note,
                          "provisional: compare the fingerprint with a second source, then: croft "
                          "follow SOURCE --fingerprint F"));
    output.line(fmt::format("  catalogue {}   publisher document {}   {}",
                            number_of(publisher, "catalogue_version"),
                            number_of(publisher, "version"), freshness(output, publisher)));
    output.line(fmt::format("  {} of {} releases held, {} of {}", number_of(publisher, "held"),
                            number_of(publisher, "releases"), size_of(publisher, "held_bytes"),
                            size_of(publisher, "offered_bytes")));
    for (const char* role : {"root", "release", "beacon"})
        show_role(output, publisher.value("roles", Json::object()), role);
    for (const auto& source : publisher.value("sources", Json::array()))
        output.line("  from    " + foreign(source.get<std::string>()));
    output.line("  share   " + text_of(publisher, "uri"));
    if (publisher.contains("problem"))
        output.line(output.mark(Mark::note, text_of(publisher["problem"], "message")));
    return ExitCode::done;
}

ExitCode check_now(const Context& context, const std::string& name) {
    const auto reply =
        ask(context, "POST", "/publishers/" + ApiClient::escape(name) + "/check", Json::object());
    if (!reply) return context.failed(reply.error(), "croft publishers lists whom you follow");
    context.output.json(reply->text);
    context.output.line(reply->value.value("changed", false) ? "there is news: croft list"
                                                             : "looked: nothing new");
    return ExitCode::done;
}

/// The user's word to an update that takes away much of what is held.
ExitCode accept(const Context& context, const std::string& name) {
    const auto reply =
        ask(context, "POST", "/publishers/" + ApiClient::escape(name) + "/accept", Json::object());
    if (!reply) return context.failed(reply.error());
    context.output.json(reply->text);
    context.output.line("accepted; what is held here stays held");
    return ExitCode::done;
}

/// Two rows of modules a line, by half blocks; dark on light, with the quiet zone that readers
/// need.
void draw_qr(const Output& output, const std::string& text) {
    const auto code = qrcodegen::QrCode::encodeText(text.c_str(), qrcodegen::QrCode::Ecc::LOW);
    const int quiet = 2;
    // In a file there are no colours, and none are needed: who reads it knows its paper.
    const char* const begin = output.is_terminal() ? "\x1b[30;47m" : "";
    const char* const end = output.is_terminal() ? "\x1b[0m" : "";
    for (int y = -quiet; y < code.getSize() + quiet; y += 2) {
        std::string line = begin;
        for (int x = -quiet; x < code.getSize() + quiet; ++x) {
            const bool upper = code.getModule(x, y), lower = code.getModule(x, y + 1);
            line += upper ? (lower ? "█" : "▀") : (lower ? "▄" : " ");
        }
        output.line(line + end);
    }
}

ExitCode share(const Context& context, const std::string& name, bool qr) {
    const auto reply = ask(context, "/publishers/" + ApiClient::escape(name));
    if (!reply) return context.failed(reply.error(), "croft publishers lists whom you follow");
    const std::string uri = reply->value.value("uri", "");
    context.output.json(
        Json{{"uri", uri}, {"fingerprint", reply->value.value("fingerprint", "")}}.dump());
    context.output.line(foreign(uri));
    context.output.note("fingerprint, to be compared by voice or on paper: " +
                        text_of(reply->value, "fingerprint"));
    if (!qr || !context.output.is_text()) return ExitCode::done;
    if (!context.output.is_utf8()) {
        context.output.note("a QR code is drawn in UTF-8 only: LC_ALL=C.UTF-8 croft share … --qr");
        return ExitCode::done;
    }
    draw_qr(context.output, uri);
    return ExitCode::done;
}

}  // namespace

void add_publishers(CLI::App& app, Context& context) {
    auto* command = app.add_subcommand(
        "publishers", "Whom we follow; one of them with keys, chain and freshness");
    command->group("Every day");
    command->footer(
        "Examples:\n  croft publishers\n  croft publishers p2pf\n  croft publishers p2pf --check");
    const auto name = std::make_shared<std::string>();
    const auto is_check = std::make_shared<bool>(false), is_accept = std::make_shared<bool>(false);
    auto* publisher = command->add_option("PUBLISHER", *name, "Petname or id");
    auto* check = command->add_flag("--check", *is_check, "Look for news now")->needs(publisher);
    command
        ->add_flag("--accept", *is_accept,
                   "Accept an update that waits, since it takes away much of what is held")
        ->needs(publisher)
        ->excludes(check);
    command->callback([&context, name, is_check, is_accept] {
        context.run = [&context, name, is_check, is_accept] {
            if (*is_check) return check_now(context, *name);
            if (*is_accept) return accept(context, *name);
            return name->empty() ? list_publishers(context) : show_publisher(context, *name);
        };
    });
}

void add_share(CLI::App& app, Context& context) {
    auto* command = app.add_subcommand("share", "The follow URI of a publisher, to hand on");
    command->group("Every day");
    command->footer("Examples:\n  croft share p2pf\n  croft share p2pf --qr");
    const auto name = std::make_shared<std::string>();
    const auto qr = std::make_shared<bool>(false);
    command->add_option("PUBLISHER", *name, "Petname or id")->required();
    command->add_flag("--qr", *qr, "Also as a QR code");
    command->callback([&context, name, qr] {
        context.run = [&context, name, qr] { return share(context, *name, *qr); };
    });
}

}  // namespace croft::cli
