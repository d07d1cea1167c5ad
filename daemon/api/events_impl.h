#pragma once

#include "api/json_impl.h"
#include "http/server.h"
#include "loop/loop.h"

#include <chrono>
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

namespace croft::api {

/// The event stream (API.md "Events"): what changed goes to everybody who asked for its topic.
class Events {
public:
    static constexpr std::chrono::seconds kept{60}, ping_period{15};
    static constexpr std::size_t streams_a_token = 4;

    explicit Events(Loop& loop);

    struct Subscription {
        std::set<std::string> topics;
        std::optional<std::uint64_t> last_id;  ///< `Last-Event-ID`
        bool has_token = true;                 ///< false: over the Unix socket, not counted
    };
    /// First what was missed since `last_id`, or `resync`.
    void subscribe(Subscription subscription, std::shared_ptr<http::EventStream> stream);
    /// Whether the token may have one more stream.
    bool has_room();
    /// Whether anybody listens, or did so a minute ago and may come back for what it missed.
    bool is_heard() const;

    /// A row of a list, whole: goes out as `full` at first, then as the `delta` to the last one.
    void publish_row(const std::string& topic, const std::string& id, Json row);
    void publish_gone(const std::string& topic, const std::string& id);
    /// A value of its own: status, speed. Nothing goes out where `sameness` is the last time's.
    void publish_value(const std::string& topic, Json value, std::string sameness);
    /// A row that only ever appears: a journal entry.
    void publish_entry(const std::string& topic, std::uint64_t id, const Json& value);
    /// To one stream only.
    void send_value(http::EventStream& stream, const std::string& topic, const Json& value);

    void close();

private:
    struct Kept {
        std::uint64_t id;
        std::chrono::steady_clock::time_point time;
        std::string topic, event, data;
    };
    struct Listener {
        std::set<std::string> topics;
        std::shared_ptr<http::EventStream> stream;
        bool has_token = true;
        bool needs_resync = false;
    };

    void publish(const std::string& topic, const char* event, const Json& data);
    void send(Listener& listener, const Kept& event);
    void replay(Listener& listener, std::uint64_t last_id);
    void forget_old();
    void ping();

    std::uint64_t last_id_;
    std::uint64_t forgotten_id_;  ///< newest that is no longer kept
    std::deque<Kept> kept_;
    std::list<Listener> listeners_;
    std::map<std::string, std::map<std::string, Json>> rows_;  ///< as last told, by topic and id
    std::map<std::string, std::string> sameness_;              ///< as last told, by topic
    std::chrono::steady_clock::time_point last_heard_{};
    Loop::Timer ping_timer_;
};

}  // namespace croft::api
