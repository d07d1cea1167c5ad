#include "api/context_impl.h"

#include <array>
#include <chrono>

namespace croft::api {
namespace {

using Labels = std::vector<std::pair<std::string, std::string>>;

/// Prometheus' text format 0.0.4, one metric after the other.
class Exposition {
public:
    void begin(const char* name, const char* type, const char* help) {
        name_ = name;
        text_ += "# HELP " + name_ + " " + help + "\n# TYPE " + name_ + " " + type + "\n";
    }
    void add(const Labels& labels, const std::string& value) {
        text_ += name_;
        for (std::size_t i = 0; i < labels.size(); ++i)
            text_ +=
                (i == 0 ? "{" : ",") + labels[i].first + "=\"" + escaped(labels[i].second) + "\"";
        text_ += (labels.empty() ? " " : "} ") + value + "\n";
    }
    void add(const Labels& labels, std::uint64_t value) { add(labels, std::to_string(value)); }
    const std::string& text() const { return text_; }

private:
    static std::string escaped(const std::string& value) {
        std::string out;
        for (const char c : value) {
            if (c == '\n') {
                out += "\\n";
                continue;
            }
            if (c == '"' || c == '\\') out += '\\';
            out += c;
        }
        return out;
    }

    std::string name_, text_;
};

void add_library(Exposition& out, const Context& context) {
    std::map<std::string, std::uint64_t> states;
    for (const library::ReleaseView* release : context.modules.library.releases())
        ++states[std::string(name_of(release->state))];
    out.begin("croft_releases", "gauge", "Releases offered or held, by state.");
    for (const auto& [state, count] : states)
        out.add({{"state", state}}, count);
    out.begin("croft_disk_used_bytes", "gauge", "Bytes of bundles that count against the budget.");
    out.add({}, context.modules.library.used_bytes());
    if (const auto budget = context.modules.library.budget()) {
        out.begin("croft_budget_bytes", "gauge", "Bytes that Croft may use.");
        out.add({}, *budget);
    }
    out.begin("croft_disk_free_bytes", "gauge", "Free bytes on the disk of each root.");
    for (const auto& root : context.modules.library.roots())
        out.add({{"root", root.path.native()}}, root.free_bytes);
}

void add_network(Exposition& out, const Context& context) {
    out.begin("croft_payload_bytes_total", "counter", "Payload since the start.");
    out.add({{"direction", "received"}}, context.totals.received_bytes);
    out.add({{"direction", "sent"}}, context.totals.sent_bytes);
    out.begin("croft_peers", "gauge", "Connected peers.");
    out.add({}, context.totals.peers);
    out.begin("croft_dht_nodes", "gauge", "Known nodes of the DHT.");
    out.add({}, context.totals.dht_nodes);
    out.begin("croft_feed_age_seconds", "gauge",
              "Since a source last showed the newest catalogue.");
    for (const feeds::Publisher& publisher : context.modules.feeds.publishers()) {
        if (!publisher.last_news) continue;
        const auto age = context.clock() - *publisher.last_news;
        out.add({{"publisher", publisher.petname}}, std::to_string(age.count()));
    }
}

void add_daemon(Exposition& out, const Context& context) {
    out.begin("croft_build_info", "gauge", "Always 1.");
    out.add({{"version", context.options.version}, {"libtorrent", context.libtorrent}}, 1);
    out.begin("croft_loop_lag_seconds", "gauge", "Longest wait of the loop in the last minute.");
    out.add({}, std::to_string(std::chrono::duration<double>(context.loop.lag()).count()));
    out.begin("croft_verdicts_total", "counter", "Files verified through the API, by verdict.");
    for (const auto& [verdict, count] : context.verdicts)
        out.add({{"verdict", verdict}}, count);
    out.begin("croft_http_requests_total", "counter", "Requests answered, by route and status.");
    for (const auto& [key, count] : context.answered)
        out.add({{"route", key.first}, {"code", std::to_string(key.second)}}, count);
}

}  // namespace

void add_metrics_routes(Routes& routes, Context& context) {
    routes.add({.method = "GET",
                .pattern = "/metrics",
                .access = Access::metrics,
                .body = Body::none,
                .handle = [&context](const Call& call) {
                    Exposition out;
                    add_daemon(out, context);
                    add_library(out, context);
                    add_network(out, context);
                    call.reply(
                        http::Response{.status = 200,
                                       .headers = {{"Content-Type", "text/plain; version=0.0.4"}},
                                       .body = out.text()});
                }});
}

}  // namespace croft::api
