#include "http/response_text.h"

#include "base/text.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <ctime>

namespace croft::http {
namespace {

std::string_view reason_phrase(int status) {
    switch (status) {
        case 200: return "OK";
        case 202: return "Accepted";
        case 204: return "No Content";
        case 206: return "Partial Content";
        case 304: return "Not Modified";
        case 400: return "Bad Request";
        case 401: return "Unauthorized";
        case 403: return "Forbidden";
        case 404: return "Not Found";
        case 405: return "Method Not Allowed";
        case 408: return "Request Timeout";
        case 409: return "Conflict";
        case 411: return "Length Required";
        case 413: return "Content Too Large";
        case 415: return "Unsupported Media Type";
        case 417: return "Expectation Failed";
        case 421: return "Misdirected Request";
        case 422: return "Unprocessable Content";
        case 429: return "Too Many Requests";
        case 431: return "Request Header Fields Too Large";
        case 500: return "Internal Server Error";
        case 503: return "Service Unavailable";
        case 505: return "HTTP Version Not Supported";
        case 507: return "Insufficient Storage";
        default: return "Status";
    }
}

bool breaks_line(std::string_view text) {
    return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
}

void append_header(std::string& out, std::string_view name, std::string_view value) {
    if (breaks_line(name) || breaks_line(value)) return;
    out.append(name).append(": ").append(value).append("\r\n");
}

bool same_name(std::string_view one, std::string_view other) {
    return std::ranges::equal(one, other, [](unsigned char a, unsigned char b) {
        return std::tolower(a) == std::tolower(b);
    });
}

bool has_header(const Headers& headers, std::string_view name) {
    return std::ranges::any_of(headers,
                               [&](const auto& header) { return same_name(header.first, name); });
}

/// RFC 9110, 5.6.7: `Tue, 24 Nov 2026 06:00:00 GMT`, whatever the locale.
std::string http_date(Time now) {
    static constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const std::time_t seconds = now.time_since_epoch().count();
    std::tm utc{};
    ::gmtime_r(&seconds, &utc);
    std::array<char, 32> numbers{};
    std::strftime(numbers.data(), numbers.size(), "%Y %H:%M:%S GMT", &utc);
    const std::string day = (utc.tm_mday < 10 ? "0" : "") + std::to_string(utc.tm_mday);
    return std::string(days[static_cast<std::size_t>(utc.tm_wday)]) + ", " + day + " " +
           months[static_cast<std::size_t>(utc.tm_mon)] + " " + numbers.data();
}

}  // namespace

std::string response_head(const Response& response, const Headers& defaults, Frame frame,
                          Time now) {
    std::string out = "HTTP/1.1 " + std::to_string(response.status) + " " +
                      std::string(reason_phrase(response.status)) + "\r\n";
    for (const auto& [name, value] : response.headers)
        append_header(out, name, value);
    for (const auto& [name, value] : defaults) {
        if (!has_header(response.headers, name)) append_header(out, name, value);
    }
    append_header(out, "Date", http_date(now));
    if (frame.content_length) {
        append_header(out, "Content-Length", std::to_string(*frame.content_length));
    }
    append_header(out, "Connection", frame.keep_alive ? "keep-alive" : "close");
    return out + "\r\n";
}

std::string event_text(std::string_view event, std::string_view data,
                       std::optional<std::uint64_t> id) {
    std::string out;
    if (id) out += "id: " + std::to_string(*id) + "\n";
    out.append("event: ").append(event).append("\n");
    for (const std::string_view line : split(data, '\n'))
        out.append("data: ").append(line).append("\n");
    return out + "\n";
}

}  // namespace croft::http
