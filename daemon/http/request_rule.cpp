#include "http/request_rule.h"

#include "base/text.h"

// clang-format off
#include <utility>  // Boost 1.74 needs it first
// clang-format on

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>

#include <algorithm>
#include <array>
#include <charconv>

namespace croft::http {
namespace {

namespace beast = boost::beast::http;

tl::unexpected<Refusal> refuse(int status, std::string reason) {
    return tl::unexpected(Refusal{status, std::move(reason)});
}

std::string lower_case(std::string_view text) {
    std::string lower(text);
    std::ranges::transform(lower, lower.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return lower;
}

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/// Undoes percent-encoding once; none where a `%` is not followed by two digits.
std::optional<std::string> percent_decoded(std::string_view text) {
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            decoded += text[i];
            continue;
        }
        if (i + 2 >= text.size()) return std::nullopt;
        const int high = hex_digit(text[i + 1]), low = hex_digit(text[i + 2]);
        if (high < 0 || low < 0) return std::nullopt;
        decoded += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return decoded;
}

bool has_control(std::string_view text) {
    return std::ranges::any_of(
        text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

tl::expected<std::string, Refusal> decode_path(std::string_view raw) {
    if (lower_case(raw).find("%2f") != std::string::npos) return refuse(400, "encoded_slash");
    auto path = percent_decoded(raw);
    if (!path) return refuse(400, "bad_percent_encoding");
    if (has_control(*path) || path->find('\\') != std::string::npos || !is_utf8(*path)) {
        return refuse(400, "bad_path");
    }
    for (const std::string_view segment : split(*path, '/')) {
        if (segment == "." || segment == "..") return refuse(400, "dot_segment");
    }
    return std::move(*path);
}

tl::expected<std::map<std::string, std::string, std::less<>>, Refusal> decode_query(
    std::string_view raw) {
    std::map<std::string, std::string, std::less<>> query;
    if (raw.empty()) return query;
    for (const std::string_view pair : split(raw, '&')) {
        std::string text(pair);
        std::ranges::replace(text, '+', ' ');  // as HTML forms and URLSearchParams write a blank
        const std::size_t equals = text.find('=');
        const auto name = percent_decoded(std::string_view(text).substr(0, equals));
        const auto value = equals == std::string::npos
                               ? std::optional<std::string>("")
                               : percent_decoded(std::string_view(text).substr(equals + 1));
        if (!name || !value) return refuse(400, "bad_percent_encoding");
        if (name->empty() || has_control(*name) || !is_utf8(*name) || !is_utf8(*value)) {
            return refuse(400, "bad_query");
        }
        if (!query.emplace(*name, *value).second) return refuse(400, "repeated_query");
    }
    return query;
}

/// What the grammar alone does not show: Beast joins folded lines without a word.
std::optional<Refusal> refuse_layout(std::string_view block) {
    for (std::size_t i = 0; i < block.size(); ++i) {
        const bool line_feed = block[i] == '\n', carriage_return = block[i] == '\r';
        if (line_feed && (i == 0 || block[i - 1] != '\r')) return Refusal{400, "bare_line_feed"};
        if (carriage_return && (i + 1 == block.size() || block[i + 1] != '\n')) {
            return Refusal{400, "bare_carriage_return"};
        }
        if (line_feed && i + 1 < block.size() && (block[i + 1] == ' ' || block[i + 1] == '\t')) {
            return Refusal{400, "folded_header"};
        }
    }
    return std::nullopt;
}

/// Headers with one meaning only: twice is an attempt to be read in two ways.
constexpr std::array single_headers{
    std::string_view("host"),           std::string_view("content-length"),
    std::string_view("authorization"),  std::string_view("content-type"),
    std::string_view("origin"),         std::string_view("sec-fetch-site"),
    std::string_view("sec-fetch-dest"), std::string_view("sec-fetch-mode"),
    std::string_view("expect"),         std::string_view("last-event-id"),
};

tl::expected<std::map<std::string, std::string, std::less<>>, Refusal> collect_headers(
    const beast::fields& fields, std::size_t limit) {
    std::map<std::string, std::string, std::less<>> headers;
    std::size_t count = 0;
    for (const auto& field : fields) {
        if (++count > limit) return refuse(431, "too_many_headers");
        const std::string name =
            lower_case({field.name_string().data(), field.name_string().size()});
        const std::string value(field.value());
        if (name == "transfer-encoding") return refuse(411, "transfer_encoding");
        const auto [at, is_new] = headers.emplace(name, value);
        if (is_new) continue;
        if (name == "host") return refuse(400, "second_host");
        if (name == "content-length") return refuse(400, "second_content_length");
        if (std::ranges::find(single_headers, name) != single_headers.end()) {
            return refuse(400, "repeated_header");
        }
        at->second += ", " + value;
    }
    return headers;
}

tl::expected<std::uint64_t, Refusal> read_length(std::string_view digits) {
    std::uint64_t length = 0;
    const char* const end = digits.data() + digits.size();
    const bool only_digits =
        !digits.empty() && std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; });
    if (!only_digits) return refuse(400, "bad_content_length");
    const auto [stop, error] = std::from_chars(digits.data(), end, length);
    if (error != std::errc() || stop != end) return refuse(400, "bad_content_length");
    return length;
}

bool has_token(std::string_view list, std::string_view token) {
    const std::string lower = lower_case(list);
    return std::ranges::any_of(split(lower, ','), [&](std::string_view item) {
        const auto first = item.find_first_not_of(" \t");
        const auto last = item.find_last_not_of(" \t");
        return first != std::string_view::npos && item.substr(first, last - first + 1) == token;
    });
}

/// What the headers say of the message's frame.
std::optional<Refusal> read_frame(Head& head) {
    const auto& headers = head.request.headers;
    if (!headers.contains("host")) return Refusal{400, "no_host"};
    if (const auto at = headers.find("content-length"); at != headers.end()) {
        const auto length = read_length(at->second);
        if (!length) return length.error();
        head.content_length = *length;
    }
    if (const auto at = headers.find("expect"); at != headers.end()) {
        if (lower_case(at->second) != "100-continue") return Refusal{417, "unknown_expectation"};
        head.expects_continue = true;
    }
    head.keep_alive = !has_token(head.request.header("connection"), "close");
    return std::nullopt;
}

}  // namespace

std::string_view Request::header(std::string_view lower_case_name) const {
    const auto at = headers.find(lower_case_name);
    return at == headers.end() ? std::string_view() : std::string_view(at->second);
}

std::optional<std::size_t> header_end(std::string_view received) {
    const std::size_t at = received.find("\r\n\r\n");
    return at == std::string_view::npos ? std::nullopt : std::optional(at + 4);
}

tl::expected<Target, Refusal> read_target(std::string_view target) {
    if (target.empty() || target.front() != '/') return refuse(400, "not_origin_form");
    if (target.find('#') != std::string_view::npos) return refuse(400, "not_origin_form");
    const std::size_t mark = target.find('?');
    auto path = decode_path(target.substr(0, mark));
    if (!path) return tl::unexpected(path.error());
    auto query = decode_query(mark == std::string_view::npos ? "" : target.substr(mark + 1));
    if (!query) return tl::unexpected(query.error());
    return Target{std::move(*path), std::move(*query)};
}

tl::expected<Head, Refusal> read_head(std::string_view block, const Limits& limits) {
    if (block.size() > limits.header_bytes) return refuse(431, "header_too_large");
    if (auto refusal = refuse_layout(block)) return tl::unexpected(*refusal);

    beast::request_parser<beast::empty_body> parser;
    parser.header_limit(static_cast<std::uint32_t>(limits.header_bytes));
    parser.skip(true);  // the frame is ours to read
    boost::system::error_code error;
    parser.put(boost::asio::buffer(block.data(), block.size()), error);
    if (error || !parser.is_header_done()) return refuse(400, "bad_request");
    const auto& message = parser.get();
    if (message.version() != 11) return refuse(505, "http_version");

    auto headers = collect_headers(message, limits.header_fields);
    if (!headers) return tl::unexpected(headers.error());
    auto target = read_target({message.target().data(), message.target().size()});
    if (!target) return tl::unexpected(target.error());

    Head head;
    head.request.method = std::string(message.method_string());
    head.request.path = std::move(target->path);
    head.request.query = std::move(target->query);
    head.request.headers = std::move(*headers);
    if (auto refusal = read_frame(head)) return tl::unexpected(*refusal);
    return head;
}

}  // namespace croft::http
