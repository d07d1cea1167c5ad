#include "base/file.h"
#include "base/text.h"
#include "bundle/torrent.h"
#include "catalog/follow_uri.h"
#include "cli/commands/all.h"
#include "trust/signature.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <memory>

namespace croft::cli {
namespace {

using nlohmann::json;

/// What a thing says, as a JSON object whose members people can read too. None of it is checked.
struct Inspected {
    std::string what;
    json says;
};

json as_text_of(const std::string& text) { return foreign(text); }

json texts_of(const std::vector<std::string>& texts) {
    json list = json::array();
    for (const auto& text : texts)
        list.push_back(foreign(text));
    return list;
}

Result<Inspected> inspect_follow_uri(const std::string& uri) {
    const auto parsed = catalog::FollowUri::parse(uri);
    if (!parsed) return tl::unexpected(parsed.error());
    json says = {{"name", as_text_of(parsed->name)},
                 {"beacon_key", to_hex(parsed->beacon_key)},
                 {"salt", as_text_of(parsed->salt)},
                 {"feeds", texts_of(parsed->feeds)},
                 {"peers", texts_of(parsed->peers)}};
    if (parsed->publisher) {
        says["publisher"] = parsed->publisher->hex();
        says["fingerprint"] = catalog::fingerprint(*parsed->publisher);
    }
    return Inspected{"follow URI", says};
}

Result<Inspected> inspect_torrent(const std::string& bytes) {
    const auto summary = bundle::summarise_torrent(bytes);
    if (!summary) return tl::unexpected(summary.error());
    json says = {
        {"name", as_text_of(summary->name)},       {"piece_length", summary->piece_length},
        {"total_size", summary->total_size},       {"file_count", summary->file_count},
        {"trackers", texts_of(summary->trackers)}, {"web_seeds", texts_of(summary->webseeds)}};
    if (summary->btih) says["btih"] = summary->btih->hex();
    if (summary->btmh) says["btmh"] = "1220" + summary->btmh->hex();
    if (summary->refused)
        says["refused"] = summary->refused->reason + ": " + foreign(summary->refused->message);
    json files = json::array();
    for (const auto& [path, size] : summary->files)
        files.push_back({{"path", foreign(path)}, {"size", size}});
    says["files"] = files;
    return Inspected{"torrent", says};
}

Result<Inspected> inspect_signature(const std::string& text) {
    const auto signature = trust::Signature::parse(text);
    if (!signature) return tl::unexpected(signature.error());
    return Inspected{"minisign signature",
                     {{"key_id", signature->key_id.text()},
                      {"trusted_comment", as_text_of(signature->trusted_comment)}}};
}

Result<Inspected> inspect_public_key(const std::string& text) {
    const auto key = trust::PublicKey::parse(text);
    if (!key) return tl::unexpected(key.error());
    return Inspected{
        "minisign public key",
        {{"key_id", key->id.text()}, {"public_key", key->minisign()}, {"ed25519", key->hex()}}};
}

/// Of a secret key only what names it: the file is not opened further.
bool is_secret_key(const std::string& text) {
    const std::size_t line = text.find('\n');
    return text.starts_with("untrusted comment:") && line != std::string::npos &&
           (text.compare(line + 1, 5, "RWRTY") == 0 || text.compare(line + 1, 5, "RWQAA") == 0) &&
           text.size() - line > 200;
}

Result<Inspected> inspect_document(const std::string& path, const std::string& text) {
    auto document = json::parse(text, nullptr, false);
    if (!document.is_object()) {
        return fail(Errc::malformed, "unknown_format",
                    path + " is no torrent, document, key, signature or follow URI");
    }
    const auto type = document.find("type");
    const bool is_ours = type != document.end() && type->is_string() &&
                         type->get<std::string>().starts_with("croft.");
    return Inspected{is_ours ? type->get<std::string>() : "JSON", std::move(document)};
}

Result<Inspected> inspect(const std::string& thing) {
    if (thing.starts_with("magnet:")) return inspect_follow_uri(thing);
    if (std::error_code ignored; std::filesystem::is_directory(thing, ignored)) {
        return fail(Errc::invalid_argument, "is_folder",
                    thing +
                        " is a folder: croft publisher show --feed tells of a feed, croft "
                        "verify of any folder");
    }
    const auto content = read_file(thing, bundle::Torrent::size_cap);
    if (!content) return tl::unexpected(content.error());
    if (content->starts_with('d')) return inspect_torrent(*content);
    if (content->starts_with("magnet:"))
        return inspect_follow_uri(content->substr(0, content->find_first_of("\r\n")));
    if (is_secret_key(*content))
        return Inspected{"minisign secret key", {{"note", "croft key show tells its public half"}}};
    if (content->find("\ntrusted comment:") != std::string::npos)
        return inspect_signature(*content);
    if (content->starts_with("untrusted comment:") || content->starts_with("RW"))
        return inspect_public_key(*content);
    return inspect_document(thing, *content);
}

constexpr std::size_t items_shown = 20;

bool is_size(std::string_view member) {
    return member == "size" || member.ends_with("_size") || member.ends_with("_length");
}

/// One line for people: `path Main.txt, size 12 B`; what lies deeper is only counted.
std::string in_words(std::string_view member, const json& value, bool is_inner = false) {
    if (value.is_string()) return foreign(value.get<std::string>());
    if (value.is_number_unsigned() && is_size(member))
        return format_size(value.get<std::uint64_t>());
    if (!value.is_structured())
        return foreign(value.dump(-1, ' ', false, json::error_handler_t::replace));
    if (is_inner && value.size() > 2) return format_count(value.size()) + " more";
    std::string text;
    for (const auto& [name, inner] : value.items()) {
        text += (text.empty() ? "" : ", ") + (value.is_object() ? foreign(name) + " " : "") +
                in_words(name, inner, true);
    }
    return text;
}

void say(const Output& output, const Inspected& inspected) {
    output.line(output.bold(foreign(inspected.what)));
    for (const auto& [member, value] : inspected.says.items()) {
        const bool is_list = value.is_array() || value.is_object();
        if (!is_list)
            output.line(fmt::format("{:<16} {}", foreign(member), in_words(member, value)));
        if (!is_list || value.empty()) continue;
        output.line(fmt::format("{:<16} {} {}", foreign(member), format_count(value.size()),
                                value.size() == 1 ? "entry" : "entries"));
        std::size_t shown = 0;
        for (const auto& [key, item] : value.items()) {
            if (++shown > items_shown) break;
            output.line("  " + (value.is_object() ? foreign(key) + "  " : "") +
                        in_words(key, item));
        }
        if (value.size() > items_shown) output.line("  … (--json shows all)");
    }
    output.note("Nothing of this was checked: croft verify does.");
}

}  // namespace

void add_inspect(CLI::App& app, Context& context) {
    auto* command = app.add_subcommand(
        "inspect", "Print what a torrent, document, key or URI says; joins no swarm");
    command->group("Publish");
    const auto thing = std::make_shared<std::string>();
    command->add_option("THING", *thing, "A file, or a magnet: URI")
        ->required()
        ->type_name("FILE|MAGNET");
    command->footer(
        "Examples:\n  croft inspect wiki-57.torrent\n  croft inspect 'magnet:?xs=urn:btpk:…'");
    command->callback([&context, thing] {
        context.run = [&context, thing] {
            const auto inspected = inspect(*thing);
            if (!inspected) return context.failed(inspected.error());
            say(context.output, *inspected);
            context.output.json(json{{"what", inspected->what}, {"says", inspected->says}}.dump(
                -1, ' ', false, json::error_handler_t::replace));
            return ExitCode::done;
        };
    });
}

}  // namespace croft::cli
