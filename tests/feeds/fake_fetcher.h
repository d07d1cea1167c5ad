#pragma once

#include "feeds/fetcher.h"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace croft::feeds::test {

/// A web of files, by URL. Answers on the loop like the real fetcher, with caps, ETags and 404s.
class FakeFetcher final : public Fetcher {
public:
    explicit FakeFetcher(Loop& loop) : loop_(loop) {}

    void get(FetchRequest request, std::function<void(Result<Fetched>)> then) override {
        requests.push_back(request);
        loop_.post([this, alive = std::weak_ptr(alive_), request = std::move(request),
                    then = std::move(then)] {
            if (alive.expired()) return;
            if (on_request) on_request(request);
            const bool is_silent = !silent.empty() && request.url.ends_with(silent);
            if (is_silent) return unanswered_.push_back(then);
            then(answer(request));
        });
    }

    /// All requests for a URL that ends so.
    std::vector<FetchRequest> requests_for(std::string_view end) const {
        std::vector<FetchRequest> found;
        for (const auto& request : requests)
            if (request.url.ends_with(end)) found.push_back(request);
        return found;
    }

    std::map<std::string, std::string> files;
    std::map<std::string, Error> errors;
    std::function<void(const FetchRequest&)> on_request;
    std::vector<FetchRequest> requests;
    std::string silent;  ///< URLs that end so are never answered
    bool has_etags = true;

private:
    Result<Fetched> answer(const FetchRequest& request) const {
        if (const auto error = errors.find(request.url); error != errors.end())
            return tl::unexpected(error->second);
        const auto file = files.find(request.url);
        if (file == files.end()) return fail(Errc::not_found, "http_not_found", request.url);
        if (file->second.size() > request.cap_bytes)
            return fail(Errc::malformed, "too_large", request.url);
        const std::string etag =
            has_etags ? std::to_string(std::hash<std::string>()(file->second)) : "";
        if (has_etags && request.etag == etag) return Fetched{true, "", etag};
        return Fetched{false, file->second, etag};
    }

    Loop& loop_;
    std::vector<std::function<void(Result<Fetched>)>> unanswered_;
    std::shared_ptr<int> alive_ = std::make_shared<int>();
};

}  // namespace croft::feeds::test
