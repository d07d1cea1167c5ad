#include "cli/api_client.h"

#include <curl/curl.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>
#include <cerrno>
#include <memory>

namespace croft::cli {
namespace {

constexpr std::size_t reply_cap = 256 * 1024 * 1024;

using Easy = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using Headers = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

std::string url_of(std::string_view path) {
    const bool below_api = !path.starts_with("/health") && !path.starts_with("/metrics");
    return fmt::format("http://localhost{}{}", below_api ? "/api/v1" : "", path);
}

Easy make_handle(const std::filesystem::path& socket, const std::string& url) {
    Easy handle(curl_easy_init(), &curl_easy_cleanup);
    curl_easy_setopt(handle.get(), CURLOPT_UNIX_SOCKET_PATH, socket.c_str());
    curl_easy_setopt(handle.get(), CURLOPT_URL, url.c_str());
    curl_easy_setopt(handle.get(), CURLOPT_PROXY,
                     "");  // a proxy in the environment is not for our socket
    curl_easy_setopt(handle.get(), CURLOPT_NOSIGNAL, 1L);
    return handle;
}

std::size_t append(char* data, std::size_t size, std::size_t count, void* to) {
    auto& body = *static_cast<std::string*>(to);
    if (body.size() + size * count > reply_cap) return 0;
    body.append(data, size * count);
    return size * count;
}

Error no_answer(CURL* handle, CURLcode code, const std::filesystem::path& socket) {
    long system_code = 0;
    curl_easy_getinfo(handle, CURLINFO_OS_ERRNO, &system_code);
    if (code == CURLE_COULDNT_CONNECT && (system_code == EACCES || system_code == EPERM)) {
        return {Errc::not_allowed, "socket_denied",
                fmt::format("you may not speak to the croftd that listens on {}", socket.native())};
    }
    if (code == CURLE_COULDNT_CONNECT) {
        return {Errc::no_daemon, "no_daemon",
                fmt::format("croftd does not answer on {}", socket.native())};
    }
    return {Errc::unavailable, "no_answer",
            fmt::format("croftd did not answer: {}", curl_easy_strerror(code))};
}

Errc errc_from(std::string_view name) {
    for (int i = 0; i <= static_cast<int>(Errc::io); ++i) {
        if (name_of(static_cast<Errc>(i)) == name) return static_cast<Errc>(i);
    }
    return Errc::io;
}

Error from_problem(long status, const std::string& body) {
    const auto problem = nlohmann::json::parse(body, nullptr, false);
    if (!problem.is_object()) {
        return {Errc::unavailable, "http_" + std::to_string(status),
                fmt::format("croftd answered {}", status)};
    }
    const auto text = [&](const char* member) {
        const auto at = problem.find(member);
        return at != problem.end() && at->is_string() ? at->get<std::string>() : std::string();
    };
    std::string message = text("detail").empty() ? text("title") : text("detail");
    if (const auto at = problem.find("candidates"); at != problem.end() && at->is_array()) {
        for (const auto& candidate : *at) {
            message += "\n       " +
                       (candidate.is_string() ? candidate.get<std::string>() : candidate.dump());
        }
    }
    return {errc_from(text("code")), text("reason"), message};
}

}  // namespace

Result<std::string> ApiClient::call(std::string_view method, std::string_view path,
                                    std::string_view body) const {
    const std::string url = url_of(path), verb(method), sent(body);
    const Easy handle = make_handle(socket_, url);
    std::string reply;
    Headers headers(curl_slist_append(nullptr, "Content-Type: application/json"),
                    &curl_slist_free_all);
    headers.reset(curl_slist_append(headers.release(), "Expect:"));
    curl_easy_setopt(handle.get(), CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(handle.get(), CURLOPT_CUSTOMREQUEST, verb.c_str());
    if (verb != "GET" && verb != "DELETE") {
        curl_easy_setopt(handle.get(), CURLOPT_POSTFIELDSIZE, static_cast<long>(sent.size()));
        curl_easy_setopt(handle.get(), CURLOPT_POSTFIELDS, sent.c_str());
    }
    curl_easy_setopt(handle.get(), CURLOPT_WRITEFUNCTION, &append);
    curl_easy_setopt(handle.get(), CURLOPT_WRITEDATA, &reply);
    curl_easy_setopt(handle.get(), CURLOPT_TIMEOUT, 300L);

    if (const CURLcode code = curl_easy_perform(handle.get()); code != CURLE_OK) {
        return tl::unexpected(no_answer(handle.get(), code, socket_));
    }
    long status = 0;
    curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &status);
    if (status >= 400) return tl::unexpected(from_problem(status, reply));
    return reply;
}

namespace {

/// Cuts a stream of server-sent events (WHATWG HTML 9.2) into events.
class EventParser {
public:
    explicit EventParser(const std::function<bool(std::string_view, std::string_view)>& on_event)
        : on_event_(on_event) {}

    bool feed(std::string_view bytes) {
        buffer_ += bytes;
        for (auto end = buffer_.find('\n'); end != std::string::npos; end = buffer_.find('\n')) {
            if (!take_line(std::string_view(buffer_).substr(0, end))) return false;
            buffer_.erase(0, end + 1);
        }
        return true;
    }

private:
    bool take_line(std::string_view line) {
        if (line.starts_with("event: ")) event_ = line.substr(7);
        if (line.starts_with("data: ")) data_ += line.substr(6);
        if (!line.empty()) return true;
        const bool go_on = data_.empty() || on_event_(event_, data_);
        event_.clear();
        data_.clear();
        return go_on;
    }

    const std::function<bool(std::string_view, std::string_view)>& on_event_;
    std::string buffer_, event_, data_;
};

std::size_t feed_events(char* data, std::size_t size, std::size_t count, void* parser) {
    // A short count ends the transfer: that is how the caller stops listening.
    return static_cast<EventParser*>(parser)->feed({data, size * count}) ? size * count : 0;
}

}  // namespace

Outcome ApiClient::events(
    std::string_view topics,
    const std::function<bool(std::string_view, std::string_view)>& on_event) const {
    const std::string url = url_of("/events?topics=" + escape(topics));
    const Easy handle = make_handle(socket_, url);
    EventParser parser(on_event);
    curl_easy_setopt(handle.get(), CURLOPT_WRITEFUNCTION, &feed_events);
    curl_easy_setopt(handle.get(), CURLOPT_WRITEDATA, &parser);
    curl_easy_setopt(handle.get(), CURLOPT_FAILONERROR, 1L);
    const CURLcode code = curl_easy_perform(handle.get());
    if (code == CURLE_OK || code == CURLE_WRITE_ERROR) return {};
    return tl::unexpected(no_answer(handle.get(), code, socket_));
}

std::string ApiClient::escape(std::string_view value) {
    const std::unique_ptr<char, decltype(&curl_free)> escaped(
        curl_easy_escape(nullptr, value.data(), static_cast<int>(value.size())), &curl_free);
    return escaped.get();
}

}  // namespace croft::cli
