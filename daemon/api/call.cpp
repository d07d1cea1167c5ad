#include "api/call_impl.h"
#include "api/problem_impl.h"

#include <charconv>

namespace croft::api {
namespace {

/// A name that a header can carry between quotes.
std::string plain_name(std::string_view name) {
    std::string plain;
    for (const char c : name.substr(name.rfind('/') + 1)) {
        const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                              (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
        plain += is_plain ? c : '_';
    }
    return plain;
}

}  // namespace

const std::string& Call::parameter(std::string_view name) const {
    return state_->parameters.find(name)->second;
}

std::string Call::query(std::string_view name) const {
    const auto at = request().query.find(name);
    return at == request().query.end() ? std::string() : at->second;
}

Result<std::uint64_t> Call::query_number(std::string_view name, std::uint64_t fallback,
                                         std::uint64_t most) const {
    const std::string text = query(name);
    if (text.empty()) return fallback;
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error == std::errc() && end == text.data() + text.size() && number <= most) return number;
    return fail(
        Errc::invalid_argument, "bad_query",
        "'" + std::string(name) + "' must be a whole number, at most " + std::to_string(most));
}

void Call::reply(const Json& value, int status) const {
    state_->responder->send({.status = status,
                             .headers = {{"Content-Type", "application/json"}},
                             .body = text_of(value) + "\n"});
}

void Call::reply(const Error& error) const { state_->responder->send(problem(error)); }

void Call::reply_file(std::string bytes, const std::string& type,
                      std::string_view file_name) const {
    state_->responder->send({.status = 200,
                             .headers = {{"Content-Type", type},
                                         {"Content-Disposition", "attachment; filename=\"" +
                                                                     plain_name(file_name) + "\""}},
                             .body = std::move(bytes)});
}

std::shared_ptr<http::EventStream> Call::start_events() const {
    return state_->responder->start_events({{"Content-Type", "text/event-stream"}});
}

Result<Page> read_page(const Call& call) {
    const auto offset = call.query_number("offset", 0, 1'000'000'000);
    if (!offset) return tl::unexpected(offset.error());
    const auto limit = call.query_number("limit", 100, 500);
    if (!limit) return tl::unexpected(limit.error());
    return Page{*offset, *limit};
}

}  // namespace croft::api
