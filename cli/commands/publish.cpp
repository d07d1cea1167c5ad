#include "cli/publish/publish.h"

#include "base/text.h"
#include "base/time.h"
#include "cli/byte_meter.h"
#include "cli/commands/all.h"
#include "cli/commands/date_arguments_impl.h"
#include "cli/interruption.h"
#include "cli/keys.h"
#include "cli/publish/licence.h"
#include "cli/publish/refresh.h"
#include "cli/suggestion.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <strings.h>
#include <sys/stat.h>

#include <algorithm>
#include <memory>
#include <set>

namespace croft::cli {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

struct PublishArguments {
    fs::path folder, feed;
    publish::Edition edition;
    std::string kind, title, description, until;
    std::vector<std::string> authors, keys, allow;
    std::size_t keep = 0;
    int v1_twin = 0;  ///< -1: no longer
    bool in_place = false, dry_run = false, farewell = false, accept_older = false;
    DateArguments date;
    PasswordOptions password;
};

/// `Jane Doe <https://orcid.org/0000-0002-1825-0097>`, or the name alone.
catalog::Release::Author author_from(const std::string& text) {
    const std::size_t open = text.find(" <");
    if (open == std::string::npos || !text.ends_with('>')) return {text, ""};
    return {text.substr(0, open), text.substr(open + 2, text.size() - open - 3)};
}

constexpr std::string_view example =
    "croft publish ~/wiki --feed ~/feed --name wiki --kind wiki --title 'P2P Foundation Wiki' "
    "--licence CC-BY-SA-3.0 --lang en --key daily";

/// All that is missing, in one answer. What the last edition of that name said need not be said
/// again.
Outcome check_given(const PublishArguments& arguments,
                    const std::optional<publish::Edition>& last) {
    const auto& edition = arguments.edition;
    std::vector<std::string> missing;
    const auto need = [&](const char* what, bool is_given) {
        if (!is_given) missing.emplace_back(what);
    };
    need("FOLDER", !arguments.folder.empty());
    need("--feed", !arguments.feed.empty());
    need("--name", !edition.name.empty());
    need("--title", last || !arguments.title.empty());
    need("--licence", last || !edition.licence.empty());
    need("--lang", last || !edition.languages.empty());
    need("--key", arguments.dry_run || !arguments.keys.empty());
    if (missing.empty()) return {};
    return fail(
        Errc::invalid_argument, "missing_options",
        fmt::format("{} {} missing", fmt::join(missing, ", "), missing.size() == 1 ? "is" : "are"));
}

/// The feed's own word about the last edition; nothing where the feed or the name is not known yet.
Result<std::optional<publish::Edition>> last_edition(const PublishArguments& arguments, Time now) {
    if (arguments.feed.empty() || arguments.edition.name.empty()) return std::nullopt;
    const auto feed = publish::open_own_feed(arguments.feed, now);
    if (!feed) return tl::unexpected(feed.error());
    return publish::last_edition(*feed, arguments.edition.name);
}

/// What was given, and for the rest what the last edition said.
Result<publish::Edition> edition_from(const PublishArguments& arguments,
                                      const std::optional<publish::Edition>& last) {
    publish::Edition edition = last.value_or(publish::Edition{});
    const auto& given = arguments.edition;
    const auto take = [](auto& into, const auto& value) {
        if (!value.empty()) into = value;
    };
    edition.name = given.name;
    take(edition.languages, given.languages);
    take(edition.licence, given.licence);
    take(edition.version, given.version);
    take(edition.source, given.source);
    take(edition.doi, given.doi);
    take(edition.subjects, given.subjects);
    take(edition.trackers, given.trackers);
    take(edition.webseeds, given.webseeds);
    if (arguments.v1_twin != 0) edition.v1_twin = arguments.v1_twin > 0;
    if (!arguments.kind.empty()) {
        const auto kind = catalog::kind_from(arguments.kind);
        if (!kind)
            return fail(Errc::invalid_argument, "bad_kind",
                        "--kind is wiki, papers, media or other");
        edition.kind = *kind;
    }
    const std::string language = edition.languages.empty() ? "" : edition.languages.front();
    if (!arguments.title.empty()) edition.title = {{language, arguments.title}};
    if (!arguments.description.empty()) edition.description = {{language, arguments.description}};
    if (!arguments.authors.empty()) edition.authors.clear();
    for (const auto& author : arguments.authors)
        edition.authors.push_back(author_from(author));
    if (auto good = publish::check_edition(edition); !good) return tl::unexpected(good.error());
    return edition;
}

/// The licence that was probably meant: the same in another case, or the newest version of the one
/// whose number was left out; else the nearest word.
std::optional<std::string> licence_meant(const std::string& typed) {
    std::optional<std::string> meant;
    const auto known = publish::known_licences();
    for (const std::string_view name : known) {
        if (::strncasecmp(name.data(), typed.c_str(), typed.size()) != 0) continue;
        const std::string_view rest = name.substr(std::min(name.size(), typed.size()));
        const bool is_version = rest.starts_with('-') &&
                                rest.find_first_not_of("-.0123456789") == std::string_view::npos;
        if (rest.empty() || is_version) meant = name;
    }
    return meant ? meant : suggestion(typed, {known.begin(), known.end()});
}

/// What a publisher can do about it.
ExitCode failed(const Context& context, const Error& error) {
    if (error.reason == "bad_licence") {
        // The message begins with the name in quotes.
        const auto meant = licence_meant(error.message.substr(1, error.message.find('"', 1) - 1));
        return context.failed(error, meant ? "did you mean " + *meant + "?"
                                           : "https://spdx.org/licenses has the list");
    }
    if (error.reason != "feed_older_than_journal") return context.failed(error);
    return context.failed(
        error,
        "bring the newer catalogue.json and beacon.json back, each with its .minisig (your web "
        "server, a follower or another backup has them)\n       or, if they are lost: "
        "--accept-older-feed goes on from here; nothing is deleted");
}

std::string plural(std::uint64_t count, std::string_view one, std::string_view many) {
    return format_count(count) + " " + std::string(count == 1 ? one : many);
}

void say_date(const Context& context, const publish::SigningDate& date,
              const publish::OwnFeed& feed) {
    const auto& name = feed.publisher().name;
    context.output.line(
        fmt::format("You sign as of {}, for \"{}\".", format_day(date.time), foreign(name)));
}

constexpr std::size_t findings_shown = 20;

void say_findings(const Context& context, const std::vector<publish::Finding>& findings) {
    for (const auto& finding :
         std::span(findings).first(std::min(findings.size(), findings_shown))) {
        context.output.note("  " + foreign(finding.message));
    }
    if (findings.size() > findings_shown) {
        context.output.note(
            fmt::format("  and {} more", format_count(findings.size() - findings_shown)));
    }
}

json json_of(const std::vector<publish::Finding>& findings) {
    json list = json::array();
    for (const auto& finding : findings) {
        list.push_back(
            {{"path", finding.path}, {"reason", finding.reason}, {"message", finding.message}});
    }
    return list;
}

json json_of(const publish::Lint& lint) {
    json dumps = json::array();
    for (const auto& dump : lint.dumps)
        dumps.push_back({{"path", dump.path}, {"pages", dump.pages}});
    return {{"files", lint.scanned.files.size()},
            {"bytes", lint.bytes},
            {"empty_files", lint.empty_files},
            {"email_addresses", lint.addresses},
            {"files_with_email_addresses", lint.files_with_addresses},
            {"wiki_dumps", dumps},
            {"refused", json_of(lint.refused)},
            {"allowed", json_of(lint.allowed)}};
}

/// JSON of text out of a file system, which may be no UTF-8.
std::string dump(const json& value) {
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

constexpr std::size_t names_shown = 3;

/// Which names are others in the bundle, and where all of them are listed.
void say_mapped_names(const Output& output, const std::vector<catalog::MappedName>& names) {
    if (names.empty()) return;
    output.line(fmt::format(
        "names    {} unsafe, or differ only by case: mapped to others, listed in croft-names.tsv",
        plural(names.size(), "name is", "names are")));
    for (const auto& name : std::span(names).first(std::min(names.size(), names_shown)))
        output.line(fmt::format("         {} is {}", foreign(name.original), foreign(name.mapped)));
    if (names.size() > names_shown)
        output.line(fmt::format("         and {} more", format_count(names.size() - names_shown)));
}

void say_lint(const Context& context, const publish::Lint& lint) {
    std::string text = plural(lint.scanned.files.size(), "file", "files");
    for (const auto& found : lint.dumps) {
        text += fmt::format("; {}: {}, whole", foreign(found.path),
                            plural(found.pages, "page", "pages"));
    }
    if (lint.empty_files > 0) text += "; " + format_count(lint.empty_files) + " empty";
    if (lint.addresses > 0) {
        text +=
            fmt::format("; {} in {}", plural(lint.addresses, "e-mail address", "e-mail addresses"),
                        plural(lint.files_with_addresses, "file", "files"));
    }
    text += lint.allowed.empty()
                ? "; nothing that looks secret"
                : fmt::format("; {} allowed by you", format_count(lint.allowed.size()));
    context.output.line("lint     " + text);
}

ExitCode refuse(const Context& context, const publish::Lint& lint) {
    if (!context.output.is_text()) {
        context.output.json(dump({{"code", name_of(Errc::conflict)},
                                  {"reason", "lint_refuses"},
                                  {"detail", "files must not be published as they are"},
                                  {"lint", json_of(lint)}}));
        return ExitCode::failed;
    }
    std::set<std::string> files;
    for (const auto& finding : lint.refused)
        files.insert(finding.path);
    const Error error{
        Errc::conflict, "lint_refuses",
        fmt::format("{} of {} must not be published as {}", plural(files.size(), "file", "files"),
                    lint.folder.native(), files.size() == 1 ? "it is" : "they are")};
    say_findings(context, lint.refused);
    return context.failed(
        error, "take them out of the folder, or --allow PATTERN what is meant to be public");
}

/// What many small files cost, where it is much.
void say_padding(const Output& output, const publish::Published& done) {
    constexpr std::uint64_t little = 1024UL * 1024;
    if (done.wire_size < done.total_size + done.total_size / 4 + little) return;
    output.line(fmt::format(
        "         {}, {} on the wire: many small files; a dump or an archive file would need less",
        format_size(done.total_size), format_size(done.wire_size)));
}

void say_published(const Context& context, const publish::Published& done,
                   const PublishArguments& arguments) {
    const auto& output = context.output;
    const std::string would = arguments.dry_run ? "would fetch " : "fetch ";
    std::string fetch =
        done.previous ? fmt::format("followers of {} {}{}", done.previous->text(), would,
                                    format_size(done.update_bytes))
                      : fmt::format("followers {}{}", would, format_size(done.first_fetch_bytes));
    output.line(fmt::format(
        "hash     {} and {} of Croft's own, {}          {}, documents and torrent included",
        plural(done.source_files, "file", "files"), done.files - done.source_files,
        format_size(done.total_size), fetch));
    say_padding(output, done);
    output.line(fmt::format("sign     {}, catalogue {} (good until {}) and beacon",
                            done.release.text(), done.catalogue_version,
                            format_day(done.catalogue_expires)));
    if (arguments.dry_run) {
        output.line("Nothing was signed, copied or changed: this was a dry run.");
        return;
    }
    const fs::path bundle = arguments.feed / "bundles" / done.release.text();
    constexpr std::string_view ways[] = {"shares the bytes of the source (reflinks)",
                                         "is a copy of the source",
                                         "is the source itself (hard links): never edit its files"};
    output.line(fmt::format("bundle   {} {}", foreign(bundle.native()),
                            ways[static_cast<std::size_t>(done.transfer)]));
    output.line("Nothing has left this computer. To release: croft seed " +
                foreign(arguments.feed.native()));
}

json json_of(const publish::Published& done, const publish::Lint& lint, bool dry_run) {
    json result = {{"name", done.release.name},
                   {"serial", done.release.serial},
                   {"version", done.document.version},
                   {"publisher", done.document.publisher.hex()},
                   {"btih", done.document.torrent.btih.hex()},
                   {"btmh", "1220" + done.document.torrent.btmh.hex()},
                   {"piece_length", done.document.torrent.piece_length},
                   {"files", done.files},
                   {"total_size", done.total_size},
                   {"mapped_names", done.mapped_names.size()},
                   {"catalogue_version", done.catalogue_version},
                   {"update_bytes", done.update_bytes},
                   {"first_fetch_bytes", done.first_fetch_bytes},
                   {"wire_size", done.wire_size},
                   {"dry_run", dry_run},
                   {"unchanged", false},
                   {"lint", json_of(lint)}};
    if (done.previous) result["previous"] = done.previous->text();
    if (dry_run) {
        // Made over the place of a signature that nobody gave: not the release's own.
        for (const char* member : {"btih", "btmh"})
            result.erase(member);
    }
    return result;
}

Result<publish::Lint> look_at(const Context& context, const PublishArguments& arguments,
                              std::stop_token stop) {
    ByteMeter meter(context.output, "lint", 0);
    return publish::lint(
        arguments.folder,
        {arguments.allow, [&](std::uint64_t bytes) { meter.add(bytes); }, std::move(stop)});
}

ExitCode publish_folder(const Context& context, const PublishArguments& arguments) {
    ::umask(022);  // what is published is for everybody's eyes, also a web server's
    const auto date = arguments.date.read();
    if (!date) return context.failed(date.error());
    const auto last = last_edition(arguments, date->time);
    if (!last) return context.failed(last.error());
    if (const auto all = check_given(arguments, *last); !all)
        return context.failed(all.error(), example);
    const auto edition = edition_from(arguments, *last);
    if (!edition) return failed(context, edition.error());
    const auto feed = publish::open_own_feed(arguments.feed, date->time);
    if (!feed) return context.failed(feed.error());
    if (const auto apart = publish::check_apart(arguments.folder, arguments.feed); !apart)
        return context.failed(apart.error(), "keep them side by side");
    say_date(context, *date, *feed);
    if (const auto good = publish::check_date(*date, *feed); !good)
        return context.failed(good.error());
    const auto keys = load_keys(arguments.keys, arguments.password);
    if (!keys) return context.failed(keys.error());

    const Interruption interruption;  // from here on: Ctrl-C at a password ends the question
    const auto lint = look_at(context, arguments, interruption.token());
    if (!lint) return context.failed(lint.error());
    if (!lint->refused.empty()) return refuse(context, *lint);

    publish::PublishRequest request;
    request.edition = *edition;
    request.date = *date;
    if (arguments.keep > 0) request.keep = arguments.keep;
    request.in_place = arguments.in_place;
    request.dry_run = arguments.dry_run;
    request.accept_older = arguments.accept_older;
    request.watch.stop = interruption.token();
    Result<publish::Published> done;
    {
        ByteMeter meter(context.output, "hash", lint->bytes);
        request.watch.on_bytes = [&](std::uint64_t bytes) { meter.add(bytes); };
        done = publish::publish(*lint, arguments.feed, request, *keys);
    }
    if (!done) return failed(context, done.error());
    if (done->unchanged_since) {
        const std::string same = done->unchanged_since->text();
        context.output.line(
            fmt::format("Nothing has changed since {}: nothing was published.", same));
        context.output.json(
            dump({{"unchanged", true}, {"release", same}, {"lint", json_of(*lint)}}));
        return ExitCode::done;
    }
    say_lint(context, *lint);
    say_mapped_names(context.output, done->mapped_names);
    say_published(context, *done, arguments);
    context.output.json(dump(json_of(*done, *lint, arguments.dry_run)));
    return ExitCode::done;
}

ExitCode refresh_feed(const Context& context, const PublishArguments& arguments) {
    const auto date = arguments.date.read();
    if (!date) return context.failed(date.error());
    publish::RefreshRequest request{*date, {}, arguments.farewell, arguments.accept_older};
    if (!arguments.until.empty()) {
        const auto until = publish::parse_date(arguments.until);
        if (!until) return context.failed(until.error());
        request.until = *until;
    }
    const auto keys = load_keys(arguments.keys, arguments.password);
    if (!keys) return context.failed(keys.error());
    const auto done = publish::refresh(arguments.feed, request, *keys);
    if (!done) return failed(context, done.error());
    const auto& output = context.output;
    output.line("You sign as of " + format_day(date->time) + ".");
    output.line(fmt::format("catalogue {} {}", done->catalogue_version,
                            !done->is_catalogue_new ? "stays"
                            : done->catalogue_expires
                                ? "is new, good until " + format_day(*done->catalogue_expires)
                                : "is the last: it never expires"));
    output.line(fmt::format("beacon {} is new, good until {}", done->beacon_serial,
                            format_day(done->beacon_expires)));
    output.json(dump({{"catalogue_version", done->catalogue_version},
                      {"catalogue_renewed", done->is_catalogue_new},
                      {"beacon_serial", done->beacon_serial},
                      {"beacon_expires", format_utc(done->beacon_expires)}}));
    return ExitCode::done;
}

void add_signing_options(CLI::App& command, PublishArguments& arguments) {
    command.add_option("--feed", arguments.feed, "Your feed (croft publisher new makes it)")
        ->type_name("FEED");
    command.add_option("--key", arguments.keys, "The daily key, by name or path")
        ->allow_extra_args(false)
        ->type_name("KEY");
    arguments.password.add_to(command, false);
    arguments.date.add_to(command);
    command.add_flag("--accept-older-feed", arguments.accept_older,
                     "Go on from a feed that came back from an older backup");
}

void add_edition_options(CLI::App& command, PublishArguments& arguments) {
    auto& edition = arguments.edition;
    command.add_option("--name", edition.name,
                       "The work's short name, the same for every edition: wiki");
    command.add_option(
        "--title", arguments.title,
        "What people call it; like all that follows, by default as in the last edition");
    command.add_option("--description", arguments.description, "A few sentences");
    command.add_option("--licence,--license", edition.licence, "SPDX expression: CC-BY-SA-4.0")
        ->type_name("SPDX");
    command.add_option("--lang", edition.languages, "Language tags, the main one first: en,fr")
        ->delimiter(',')
        ->allow_extra_args(false)
        ->type_name("TAG");
    command.add_option("--kind", arguments.kind, "wiki, papers, media or other");
    command.add_option("--edition", edition.version,
                       "What this edition is called; by default \"November 2026\"");
    command
        .add_option("--author", arguments.authors,
                    "'Jane Doe <https://orcid.org/…>'; may be repeated")
        ->allow_extra_args(false);
    command.add_option("--subject", edition.subjects, "A keyword; may be repeated")
        ->allow_extra_args(false);
    command.add_option("--source", edition.source, "Where it comes from")->type_name("URL");
    command.add_option("--doi", edition.doi, "Its DOI");
    command.add_option("--tracker", edition.trackers, "A tracker for its torrent; may be repeated")
        ->allow_extra_args(false)
        ->type_name("URL");
    command
        .add_option("--web-seed", edition.webseeds,
                    "Where the bundle lies on the web; may be repeated")
        ->allow_extra_args(false)
        ->type_name("URL");
    command.add_flag(
        "--v1-twin,!--no-v1-twin", arguments.v1_twin,
        "Share it with old clients too (aria2, Transmission 3): FEED/torrents/*.v1.torrent");
}

void add_refresh(CLI::App& publish, Context& context,
                 const std::shared_ptr<PublishArguments>& arguments) {
    auto* command =
        publish.add_subcommand("refresh", "Say again that your newest catalogue is the newest");
    add_signing_options(*command, *arguments);
    auto* until = command->add_option("--until", arguments->until, "How long this word is good")
                      ->type_name("DATE");
    command->add_flag("--farewell", arguments->farewell, "A last catalogue that never expires")
        ->excludes(until);
    command->get_option("--feed")->required();
    command->get_option("--key")->required();
    command->footer(
        "Examples:\n  croft publish refresh --feed ~/feed --key daily\n"
        "  croft publish refresh --feed ~/feed --key daily --farewell");
    command->callback([&context, arguments] {
        context.run = [&context, arguments] { return refresh_feed(context, *arguments); };
    });
}

}  // namespace

void add_publish(CLI::App& app, Context& context) {
    auto* command = app.add_subcommand("publish", "Sign a folder as a release of your feed");
    command->group("Publish");
    const auto arguments = std::make_shared<PublishArguments>();
    command->add_option("FOLDER", arguments->folder, "What to publish; it is only read");
    add_signing_options(*command, *arguments);
    add_edition_options(*command, *arguments);
    command
        ->add_option("--allow", arguments->allow,
                     "A glob: publish this although it looks secret or broken")
        ->allow_extra_args(false);
    command
        ->add_option("--keep", arguments->keep,
                     "How many editions of this name stay on offer; by default all")
        ->check(CLI::PositiveNumber);
    command->add_flag("--in-place", arguments->in_place,
                      "Hard links instead of a copy: never edit the files again");
    command->add_flag("--dry-run", arguments->dry_run, "Say what would be done; needs no key");
    command->footer(
        "Examples:\n  " + std::string(example) +
        "\n  croft publish ~/wiki --feed ~/feed --name wiki --key daily   (the next edition)");
    add_refresh(*command, context, arguments);
    command->callback([command, &context, arguments] {
        if (!command->get_subcommands().empty()) return;
        context.run = [&context, arguments] { return publish_folder(context, *arguments); };
    });
}

}  // namespace croft::cli
