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

constexpr std::size_t longest_petname = 256;

struct AddArguments {
    std::string feed, fingerprint, petname;
};

/// Refuses an empty value, such as an unset variable of a script leaves, and one that is too long.
CLI::Validator fits(std::size_t most_bytes) {
    return {[most_bytes](const std::string& value) {
                return value.empty()               ? "is empty"
                       : value.size() > most_bytes ? "is too long"
                                                   : std::string();
            },
            "", "given"};
}

nlohmann::json as_json(const bundle::KnownPublisher& publisher) {
    return {{"id", publisher.state.id.hex()},
            {"fingerprint", catalog::fingerprint(publisher.state.id)},
            {"petname", publisher.petname},
            {"claimed_name", publisher.state.publisher.name}};
}

/// What a feed says of its publisher, believed by nobody yet.
Result<catalog::FollowerState> read_claim(const std::string& feed, Time now) {
    const auto bytes = bundle::read_feed(feed);
    if (!bytes) return tl::unexpected(bytes.error());
    if (bytes->publishers.empty())
        return fail(Errc::not_found, "no_publisher", feed + " has no publisher.1.json");
    const catalog::PublisherId id{trust::sha256(bytes->publishers.front().document)};
    const auto begun = catalog::begin(id, bytes->publishers, now);
    if (!begun) return tl::unexpected(begun.error());
    auto accepted = catalog::accept(*begun, *bytes, now);
    if (!accepted) return tl::unexpected(accepted.error());
    return std::move(accepted->state);
}

Result<bool> is_confirmed(const Context& context, const AddArguments& arguments,
                          const std::string& fingerprint) {
    if (arguments.fingerprint.empty())
        return context.output.confirm("Compare the fingerprint with a second source. Trust it?");
    const auto expected = catalog::normalise_fingerprint(arguments.fingerprint);
    if (!expected) return tl::unexpected(expected.error());
    if (*expected == fingerprint) return true;
    return fail(Errc::unknown_key, "other_fingerprint",
                "this publisher is another one than " + *expected);
}

/// Trusted once more is what was seen before, if that is newer: an older feed takes nothing back.
Result<bundle::KnownPublisher> with_what_was_seen(const Context& context,
                                                  bundle::KnownPublisher claimed, Time now) {
    const auto known = bundle::read_known_publishers(verify::trusted_folder(), now);
    const auto at = std::ranges::find_if(
        known.publishers, [&](const auto& each) { return each.state.id == claimed.state.id; });
    if (at == known.publishers.end()) return claimed;
    bundle::KnownPublisher seen = *at;
    seen.petname = claimed.petname;
    const std::uint64_t here = claimed.state.catalogue->version;
    if (auto learnt = verify::learn(seen, claimed.state, now); !learnt)
        return tl::unexpected(learnt.error());
    if (seen.state.catalogue->version > here) {
        context.output.note(fmt::format(
            "this feed is older (catalogue {}) than what you trusted before (catalogue {}): "
            "the newer stays",
            here, seen.state.catalogue->version));
    }
    return seen;
}

ExitCode add(const Context& context, const AddArguments& arguments) {
    const Time now = system_clock()();
    auto claim = read_claim(arguments.feed, now);
    if (!claim) {
        return context.failed(claim.error(),
                              claim.error().code == Errc::not_found
                                  ? "name a folder with publisher.1.json and catalogue.json"
                                  : "");
    }
    const std::string fingerprint = catalog::fingerprint(claim->id);
    const std::string& name = claim->publisher.name;
    context.output.note(
        fmt::format("{} (the name it claims)      fingerprint  {}", foreign(name), fingerprint));
    const auto confirmed = is_confirmed(context, arguments, fingerprint);
    if (!confirmed) return context.failed(confirmed.error());
    if (!*confirmed) {
        context.output.note("not trusted; in a script, say --fingerprint");
        return ExitCode::failed;
    }
    const std::string petname = arguments.petname.empty() ? name : arguments.petname;
    const auto known = with_what_was_seen(context, {petname, std::move(*claim)}, now);
    if (!known) return context.failed(known.error());
    if (auto written = bundle::write_known_publisher(verify::trusted_folder(), *known); !written)
        return context.failed(written.error());
    context.output.json(as_json(*known).dump());
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
    add_command->add_option("--fingerprint", arguments->fingerprint, "Don't ask; refuse any other")
        ->check(fits(64));
    add_command->add_option("--name", arguments->petname, "What you call it")
        ->check(fits(longest_petname));
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
