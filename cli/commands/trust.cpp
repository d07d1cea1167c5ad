#include "base/text.h"
#include "bundle/feed_folder.h"
#include "bundle/known_publishers.h"
#include "cli/commands/all.h"
#include "cli/verify/chain.h"
#include "cli/verify/trusted.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace croft::cli {
namespace {

struct AddArguments {
    std::string feed, fingerprint, petname;
};

nlohmann::json as_json(const bundle::KnownPublisher& publisher) {
    return {{"id", publisher.state.id.hex()},
            {"fingerprint", catalog::fingerprint(publisher.state.id)},
            {"petname", publisher.petname},
            {"claimed_name", publisher.state.publisher.name}};
}

ExitCode add(const Context& context, const AddArguments& arguments) {
    const Time now = system_clock()();
    const auto bytes = bundle::read_feed(arguments.feed);
    if (!bytes)
        return context.failed(bytes.error(),
                              "name a folder with publisher.1.json and catalogue.json");
    const catalog::PublisherId id{trust::sha256(bytes->publishers.front().document)};
    const auto begun = catalog::begin(id, bytes->publishers, now);
    if (!begun) return context.failed(begun.error());
    const auto accepted = catalog::accept(*begun, *bytes, now);
    if (!accepted) return context.failed(accepted.error());
    const std::string fingerprint = catalog::fingerprint(id);
    context.output.note(fmt::format("{} (the name it claims)      fingerprint  {}",
                                    foreign(begun->publisher.name), fingerprint));
    if (!arguments.fingerprint.empty()) {
        const auto expected = catalog::normalise_fingerprint(arguments.fingerprint);
        if (!expected) return context.failed(expected.error());
        if (*expected != fingerprint) {
            return context.failed({Errc::unknown_key, "other_fingerprint",
                                   "this publisher is another one than " + *expected});
        }
    } else if (!context.output.confirm("Compare the fingerprint with a second source. Trust it?")) {
        context.output.note("not trusted; in a script, say --fingerprint");
        return ExitCode::failed;
    }
    const std::string petname =
        arguments.petname.empty() ? begun->publisher.name : arguments.petname;
    const bundle::KnownPublisher known{petname, accepted->state};
    if (auto written = bundle::write_known_publisher(verify::trusted_folder(), known); !written)
        return context.failed(written.error());
    context.output.json(as_json(known).dump());
    context.output.line("croft verify now believes " + foreign(petname));
    return ExitCode::done;
}

ExitCode list(const Context& context) {
    const auto known = bundle::read_known_publishers(verify::trusted_folder(), system_clock()());
    nlohmann::json all = nlohmann::json::array();
    std::vector<std::vector<std::string>> rows;
    for (const auto& publisher : known.publishers) {
        all.push_back(as_json(publisher));
        rows.push_back({foreign(publisher.petname), catalog::fingerprint(publisher.state.id),
                        foreign(publisher.state.publisher.name)});
    }
    for (const auto& problem : known.problems)
        context.output.error(problem);
    context.output.json(nlohmann::json{{"publishers", all}}.dump());
    if (rows.empty()) {
        context.output.line(
            "nobody is trusted yet: croft trust add FEED   (whom croftd follows is believed, too)");
    } else {
        context.output.table({"PUBLISHER", "FINGERPRINT", "CLAIMS"}, rows);
    }
    return known.problems.empty() ? ExitCode::done : ExitCode::partly;
}

ExitCode remove(const Context& context, const std::string& name) {
    const auto known = bundle::read_known_publishers(verify::trusted_folder(), system_clock()());
    const auto fingerprint = catalog::normalise_fingerprint(name);
    const auto at = std::ranges::find_if(known.publishers, [&](const auto& publisher) {
        return publisher.petname == name || publisher.state.id.hex() == name ||
               (fingerprint && catalog::fingerprint(publisher.state.id) == *fingerprint);
    });
    if (at == known.publishers.end()) {
        return context.failed(
            {Errc::not_found, "no_such_publisher", "nobody trusted goes by " + name},
            "croft trust list");
    }
    if (auto gone = bundle::forget_known_publisher(verify::trusted_folder(), at->state.id); !gone)
        return context.failed(gone.error());
    context.output.json(as_json(*at).dump());
    context.output.line("no longer trusted: " + foreign(at->petname));
    return ExitCode::done;
}

}  // namespace

void add_trust(CLI::App& app, Context& context) {
    auto* group =
        app.add_subcommand("trust", "Publishers that croft verify believes, without a daemon");
    group->group("Every day");
    group->require_subcommand(0, 1);
    group->footer("Examples:\n  croft trust add /media/stick/df053e80dcc48621\n  croft trust list");

    auto* add_command =
        group->add_subcommand("add", "Trust the publisher whose feed lies in a folder");
    add_command->footer(
        "Examples:\n  croft trust add ~/feed\n  croft trust add ~/feed --fingerprint "
        "49XH-7594-88BA-66D7-KJHK");
    const auto arguments = std::make_shared<AddArguments>();
    add_command->add_option("FEED", arguments->feed, "A feed's folder")->required();
    add_command->add_option("--fingerprint", arguments->fingerprint, "Don't ask; refuse any other");
    add_command->add_option("--name", arguments->petname, "What you call it");
    add_command->callback([&context, arguments] {
        context.run = [&context, arguments] { return add(context, *arguments); };
    });

    auto* list_command = group->add_subcommand("list", "Whom you trust");
    list_command->footer("Examples:\n  croft trust list\n  croft trust list --json");
    list_command->callback([&context] { context.run = [&context] { return list(context); }; });

    auto* remove_command = group->add_subcommand("remove", "Trust a publisher no longer");
    remove_command->footer(
        "Examples:\n  croft trust remove p2pf\n  croft trust remove 49XH-7594-88BA-66D7-KJHK");
    const auto name = std::make_shared<std::string>();
    remove_command->add_option("PUBLISHER", *name, "Petname, fingerprint or id")->required();
    remove_command->callback(
        [&context, name] { context.run = [&context, name] { return remove(context, *name); }; });
}

}  // namespace croft::cli
