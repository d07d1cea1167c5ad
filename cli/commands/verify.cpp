#include "cli/verify/verify.h"

#include "base/text.h"
#include "cli/commands/all.h"
#include "cli/interruption.h"
#include "cli/progress.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <mutex>

namespace croft::cli {
namespace {

using verify::Verdict;

struct VerifyArguments {
    std::vector<std::string> paths;
    verify::TrustFlags trust;
    std::string signature, feed, as_of;
    bool sums = false;
};

/// The word of a verdict, as scripts and people know it.
std::string heading(const Output& output, const Verdict& verdict) {
    if (verdict.is_valid()) return output.mark(Mark::good, "valid");
    switch (verdict.error->code) {
        case Errc::bad_signature: return output.mark(Mark::bad, "INVALID");
        case Errc::damaged: return output.mark(Mark::bad, "DAMAGED");
        case Errc::unknown_key: return output.mark(Mark::note, "unknown key");
        case Errc::no_signature: return output.mark(Mark::note, "no signature");
        case Errc::expired: return output.mark(Mark::note, "expired");
        case Errc::rollback: return output.mark(Mark::note, "older");
        case Errc::withdrawn: return output.mark(Mark::note, "withdrawn");
        case Errc::revoked_key: return output.mark(Mark::bad, "REVOKED KEY");
        case Errc::equivocation: return output.mark(Mark::bad, "EQUIVOCATION");
        default: return output.mark(Mark::bad, "REFUSED");
    }
}

/// What to do: as the verdict says, else what helps with all of its kind.
std::string mend(const Verdict& verdict) {
    if (!verdict.mend.empty()) return verdict.mend;
    switch (verdict.error->code) {
        case Errc::damaged:
            return "fetch it again from the publisher or a mirror; croft get RELEASE does, and "
                   "verifies";
        case Errc::bad_signature: return "do not use it; fetch document and signature again";
        case Errc::no_signature:
            return "name its signature with --sig, or fetch it from where this came from";
        default: return {};
    }
}

void print_paths(const Output& output, std::string_view what,
                 const std::vector<std::string>& paths) {
    for (const auto& path : paths)
        output.line(fmt::format("  {:<7} {}", what, foreign(path)));
}

void print(const Output& output, const Verdict& verdict) {
    const std::string beside = verdict.beside.empty() ? "" : " (" + verdict.beside + ")";
    const std::string content =
        verdict.files ? fmt::format("   {} file{}, {}", format_count(verdict.files),
                                    verdict.files == 1 ? "" : "s", format_size(verdict.bytes))
                      : "";
    output.line(
        fmt::format("{}   {}{}{}", heading(output, verdict), foreign(verdict.subject), beside,
                    verdict.is_valid() ? content : "   " + foreign(verdict.error->message)));
    print_paths(output, "damaged", verdict.damaged);
    print_paths(output, "missing", verdict.missing);
    print_paths(output, "extra", verdict.extra);
    if (!verdict.signer.empty()) {
        output.line(fmt::format("  signed  {}{}by {}",
                                verdict.signed_at ? format_day(*verdict.signed_at) : "",
                                verdict.signed_at ? " " : "", verdict.signer));
    }
    if (!verdict.trusted_comment.empty())
        output.line("  comment " + foreign(verdict.trusted_comment));
    for (const auto& note : verdict.notes)
        output.line("  " + foreign(note));
    if (!verdict.is_valid()) {
        if (const std::string todo = mend(verdict); !todo.empty()) output.line("  mend    " + todo);
    }
}

nlohmann::json as_json(const Verdict& verdict) {
    nlohmann::json json{
        {"subject", verdict.subject},
        {"verdict", verdict.is_valid() ? "valid" : name_of(verdict.error->code)},
        {"exit_code",
         verdict.is_valid() ? 0 : static_cast<int>(exit_code_for(verdict.error->code))},
        {"files", verdict.files},
        {"size_bytes", verdict.bytes},
        {"damaged", verdict.damaged},
        {"missing", verdict.missing},
        {"extra", verdict.extra}};
    if (!verdict.is_valid()) {
        json["reason"] = verdict.error->reason;
        json["message"] = verdict.error->message;
    }
    if (!verdict.beside.empty()) json["version"] = verdict.beside;
    if (!verdict.signer.empty()) json["signer"] = verdict.signer;
    if (verdict.signed_at) json["signed_at"] = format_utc(*verdict.signed_at);
    if (!verdict.trusted_comment.empty()) json["trusted_comment"] = verdict.trusted_comment;
    if (!verdict.notes.empty()) json["notes"] = verdict.notes;
    if (!verdict.mend.empty()) json["mend"] = verdict.mend;
    return json;
}

/// Refuses an option's empty value: what a script meant to name is an unset variable.
CLI::Validator is_given() {
    return {[](const std::string& value) { return value.empty() ? "is empty" : std::string(); }, "",
            "given"};
}

std::string dumped(const nlohmann::json& json) {
    return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Result<Time> judged_at(const std::string& as_of) {
    if (as_of.empty()) return system_clock()();
    if (const auto time = parse_utc(as_of.size() == 10 ? as_of + "T00:00:00Z" : as_of))
        return *time;
    return fail(Errc::invalid_argument, "bad_date",
                "\"" + as_of + "\" is not a date; write it like 2026-11-24");
}

std::vector<Verdict> verify_all(const Context& context, const VerifyArguments& arguments,
                                const verify::Trusted& trusted, Time now) {
    Progress progress(context.output, "verify");
    std::mutex drawing;
    const Interruption interruption;
    verify::Options options;
    options.now = now;
    options.signature = arguments.signature;
    options.feed = arguments.feed;
    options.sums = arguments.sums;
    options.stop = interruption.token();
    options.on_progress = [&](std::uint64_t done, std::uint64_t total) {
        const std::lock_guard lock(drawing);
        progress.show(done, total);
    };
    std::vector<Verdict> verdicts;
    for (const auto& path : arguments.paths) {
        for (auto& verdict : verify::verify(path, trusted, options))
            verdicts.push_back(std::move(verdict));
    }
    return verdicts;
}

ExitCode run(const Context& context, const VerifyArguments& arguments) {
    const auto now = judged_at(arguments.as_of);
    if (!now) return context.failed(now.error());
    std::vector<std::string> notes;
    const auto trusted = verify::gather_trust(arguments.trust, *now, notes);
    if (!trusted) return context.failed(trusted.error());
    for (const auto& note : notes)
        context.output.note(context.output.mark(Mark::note, "not believed: " + foreign(note)));

    nlohmann::json all = nlohmann::json::array();
    std::vector<ExitCode> codes;
    for (const auto& verdict : verify_all(context, arguments, *trusted, *now)) {
        print(context.output, verdict);
        if (context.output.format() == Output::Format::jsonl)
            context.output.json(dumped(as_json(verdict)));
        all.push_back(as_json(verdict));
        codes.push_back(verdict.is_valid() ? ExitCode::done : exit_code_for(verdict.error->code));
    }
    const ExitCode code = gravest(codes);
    if (context.output.format() == Output::Format::json) {
        context.output.json(dumped({{"verdicts", all}, {"exit_code", static_cast<int>(code)}}));
    }
    return code;
}

}  // namespace

void add_verify(CLI::App& app, Context& context) {
    auto* command = app.add_subcommand("verify", "Check signature and content, nothing running");
    command->group("Every day");
    command->footer(
        "Examples:\n  croft verify /media/stick/bundles/wiki-57\n  croft verify SHA256SUMS -P "
        "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3");
    const auto arguments = std::make_shared<VerifyArguments>();
    command
        ->add_option(
            "PATH", arguments->paths,
            "A file with its .minisig or inside a bundle, a bundle's folder, a feed, a stick, a "
            ".torrent of a feed")
        ->required();
    command
        ->add_option("-P,--key", arguments->trust.keys,
                     "Believe this key: RW…, a .pub file, or a key's name; may be repeated")
        ->check(is_given());
    command
        ->add_option("--publisher", arguments->trust.publisher_file,
                     "Believe this publisher.1.json")
        ->check(is_given());
    command
        ->add_option(
            "--fingerprint", arguments->trust.fingerprint,
            "Believe the publisher with this fingerprint, whose documents lie with the content")
        ->check(is_given());
    command
        ->add_option("--sig", arguments->signature,
                     "The signature, where it does not lie beside its file")
        ->check(is_given());
    command
        ->add_option("--feed", arguments->feed,
                     "Judge a document as the successor of this feed's state, if you believe its "
                     "publisher")
        ->check(is_given());
    command->add_option("--as-of", arguments->as_of, "Judge by this date instead of the clock")
        ->check(is_given());
    command->add_flag("--sums", arguments->sums, "Also compute the plain SHA-256 of each file");
    command->callback([&context, arguments] {
        context.run = [&context, arguments] { return run(context, *arguments); };
    });
}

}  // namespace croft::cli
