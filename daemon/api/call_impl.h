#pragma once

#include "api/json_impl.h"
#include "api/router.h"
#include "http/server.h"

#include <memory>
#include <string>
#include <string_view>

namespace croft::api {

/// One request on its way to its answer. Cheap to copy into callbacks; answers once.
class Call {
public:
    Call(http::Request request, Parameters parameters, std::shared_ptr<http::Responder> responder)
        : state_(std::make_shared<State>(
              State{std::move(request), std::move(parameters), std::move(responder)})) {}

    const http::Request& request() const { return state_->request; }
    bool is_local() const { return request().peer.has_value(); }
    const std::string& parameter(std::string_view name) const;
    /// Empty where it is absent.
    std::string query(std::string_view name) const;
    Result<std::uint64_t> query_number(std::string_view name, std::uint64_t fallback,
                                       std::uint64_t most) const;
    Members members() const { return Members(read_object(request().body)); }

    void reply(const Json& value, int status = 200) const;
    void reply(const Error& error) const;
    void reply(http::Response response) const { state_->responder->send(std::move(response)); }
    /// Exact bytes that a publisher signed or a file holds: never shown by the browser.
    void reply_file(std::string bytes, const std::string& type, std::string_view file_name) const;
    std::shared_ptr<http::EventStream> start_events() const;

    /// `call.then([…](const T& value) { return Json(…); })`: for functions that end with a Result.
    template <class MakeJson>
    auto then(MakeJson make, int status = 200) const {
        return [call = *this, make = std::move(make), status](const auto& result) {
            if (!result) return call.reply(result.error());
            if constexpr (std::is_invocable_v<MakeJson>) {
                call.reply(make(), status);
            } else {
                call.reply(make(*result), status);
            }
        };
    }

private:
    struct State {
        http::Request request;
        Parameters parameters;
        std::shared_ptr<http::Responder> responder;
    };
    std::shared_ptr<State> state_;
};

/// The `offset` and `limit` of a list.
struct Page {
    std::uint64_t offset = 0, limit = 100;
};
Result<Page> read_page(const Call& call);

}  // namespace croft::api
