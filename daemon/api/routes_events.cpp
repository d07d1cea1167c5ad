#include "api/context_impl.h"
#include "api/problem_impl.h"
#include "api/shapes_impl.h"
#include "base/text.h"

#include <charconv>

namespace croft::api {
namespace {

const std::set<std::string, std::less<>> all_topics{"releases", "publishers", "speed", "status",
                                                    "journal"};

Result<Events::Subscription> read_subscription(const Call& call) {
    Events::Subscription subscription;
    subscription.has_token = !call.is_local();
    const std::string asked = call.query("topics");
    for (const std::string_view topic : split(asked, ',')) {
        if (!all_topics.contains(topic)) {
            return fail(Errc::invalid_argument, "no_such_topic",
                        "topics are releases, publishers, speed, status and journal");
        }
        subscription.topics.emplace(topic);
    }
    const std::string_view last = call.request().header("last-event-id");
    if (last.empty()) return subscription;
    std::uint64_t id = 0;
    const auto [end, error] = std::from_chars(last.data(), last.data() + last.size(), id);
    // Not a number of ours: whatever was missed, it is more than we know.
    const bool is_number = error == std::errc() && end == last.data() + last.size();
    subscription.last_id = is_number ? id : 0;
    return subscription;
}

void subscribe(Context& context, const Call& call) {
    auto subscription = read_subscription(call);
    if (!subscription) return call.reply(subscription.error());
    if (subscription->has_token && !context.events.has_room()) {
        return call.reply(problem(429, Error{Errc::unavailable, "too_many_streams",
                                             "four event streams are open already"}));
    }
    const auto topics = subscription->topics;
    auto stream = call.start_events();
    auto& events = *stream;
    context.events.subscribe(std::move(*subscription), std::move(stream));
    if (topics.contains("status")) context.events.send_value(events, "status", status(context));
    if (topics.contains("speed")) context.events.send_value(events, "speed", speed(context.totals));
}

}  // namespace

void add_event_routes(Routes& routes, Context& context) {
    routes.add({.method = "GET",
                .pattern = "/api/v1/events",
                .access = Access::token,
                .body = Body::none,
                .handle = [&context](const Call& call) { subscribe(context, call); }});
}

}  // namespace croft::api
