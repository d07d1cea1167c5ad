#include "api/events_impl.h"

#include <algorithm>

namespace croft::api {
namespace {

std::chrono::steady_clock::time_point now() { return std::chrono::steady_clock::now(); }

/// Ids rise also over a restart, so that an old `Last-Event-ID` is known to be old.
std::uint64_t first_id() {
    const auto since_1970 = std::chrono::system_clock::now().time_since_epoch();
    return static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::milliseconds>(since_1970).count());
}

/// The members that differ; none where one has gone, which a delta can't say.
std::optional<Json> difference(const Json& before, const Json& after) {
    for (const auto& [name, value] : before.items()) {
        if (!after.contains(name)) return std::nullopt;
    }
    Json changed = Json::object();
    for (const auto& [name, value] : after.items()) {
        const auto at = before.find(name);
        if (at == before.end() || *at != value) changed[name] = value;
    }
    return changed;
}

}  // namespace

Events::Events(Loop& loop)
    : last_id_(first_id()),
      forgotten_id_(last_id_),
      ping_timer_(loop.every(ping_period, [this] { ping(); })) {}

bool Events::has_room() {
    forget_old();
    const auto counted = std::ranges::count(listeners_, true, &Listener::has_token);
    return static_cast<std::size_t>(counted) < streams_a_token;
}

bool Events::is_heard() const { return !listeners_.empty() || now() - last_heard_ < kept; }

void Events::subscribe(Subscription subscription, std::shared_ptr<http::EventStream> stream) {
    Listener& listener = listeners_.emplace_back();
    listener.topics = std::move(subscription.topics);
    listener.stream = std::move(stream);
    listener.has_token = subscription.has_token;
    if (subscription.last_id) replay(listener, *subscription.last_id);
}

void Events::replay(Listener& listener, std::uint64_t last_id) {
    forget_old();
    if (last_id < forgotten_id_ || last_id > last_id_) {
        listener.stream->send("resync", "{}", last_id_);
        return;
    }
    for (const Kept& event : kept_) {
        if (event.id > last_id) send(listener, event);
    }
}

void Events::publish_row(const std::string& topic, const std::string& id, Json row) {
    if (!is_heard()) {
        rows_.clear();  // what was told long ago is no ground for a delta
        return;
    }
    auto& told = rows_[topic];
    const auto before = told.find(id);
    const auto changed = before == told.end() ? std::nullopt : difference(before->second, row);
    if (changed && changed->empty()) return;
    const Json data{{"topic", topic}, {"id", id}, {"value", changed ? *changed : row}};
    told[id] = std::move(row);
    publish(topic, changed ? "delta" : "full", data);
}

void Events::publish_gone(const std::string& topic, const std::string& id) {
    rows_[topic].erase(id);
    publish(topic, "gone", Json{{"topic", topic}, {"id", id}});
}

void Events::publish_value(const std::string& topic, Json value, std::string sameness) {
    std::string& told = sameness_[topic];
    if (told == sameness) return;
    told = std::move(sameness);
    publish(topic, "full", Json{{"topic", topic}, {"value", std::move(value)}});
}

void Events::publish_entry(const std::string& topic, std::uint64_t id, const Json& value) {
    publish(topic, "full", Json{{"topic", topic}, {"id", id}, {"value", value}});
}

void Events::send_value(http::EventStream& stream, const std::string& topic, const Json& value) {
    stream.send("full", text_of(Json{{"topic", topic}, {"value", value}}), ++last_id_);
}

void Events::publish(const std::string& topic, const char* event, const Json& data) {
    forget_old();
    ++last_id_;
    if (!is_heard()) {
        forgotten_id_ = last_id_;
        return;
    }
    kept_.push_back({last_id_, now(), topic, event, text_of(data)});
    for (Listener& listener : listeners_)
        send(listener, kept_.back());
}

/// Who does not read loses events, and is told so as soon as there is room again.
void Events::send(Listener& listener, const Kept& event) {
    if (!listener.topics.contains(event.topic)) return;
    if (listener.needs_resync && listener.stream->queued_bytes() == 0) {
        listener.needs_resync = !listener.stream->send("resync", "{}", event.id);
    }
    if (listener.needs_resync) return;
    listener.needs_resync = !listener.stream->send(event.event, event.data, event.id);
}

void Events::forget_old() {
    if (std::erase_if(listeners_, [](const Listener& each) { return !each.stream->is_open(); })) {
        last_heard_ = now();
    }
    while (!kept_.empty() && now() - kept_.front().time > kept) {
        forgotten_id_ = kept_.front().id;
        kept_.pop_front();
    }
}

void Events::ping() {
    forget_old();
    for (Listener& listener : listeners_) {
        if (listener.needs_resync && listener.stream->queued_bytes() == 0) {
            listener.needs_resync = !listener.stream->send("resync", "{}", last_id_);
        }
        listener.stream->send("ping", "{}", last_id_);
    }
}

void Events::close() { listeners_.clear(); }

}  // namespace croft::api
