#pragma once

#include "base/result.h"
#include "base/time.h"
#include "feeds/feeds.h"
#include "http/server.h"
#include "library/library.h"
#include "loop/loop.h"
#include "loop/pool.h"
#include "store/store.h"
#include "swarm/swarm.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

/// Our routes: turns requests into calls on the modules, and their answers and events into JSON.
/// The only place where the API's JSON is spelled (daemon/api/API.md).
namespace croft::api {

struct Options {
    std::filesystem::path runtime_folder;  ///< token, metrics_token, socket
    std::filesystem::path socket;          ///< croftd.sock
    std::vector<std::string> control_listen = {"127.0.0.1:7400", "[::1]:7400"};
    std::string content_origin;  ///< for the CSP's frame-src; empty: none
    std::filesystem::path
        webui_folder;  ///< serves the page from disk while developing; empty: embedded
    std::string version;
};

/// What the routes call. References outlive the API.
struct Modules {
    feeds::Feeds& feeds;
    library::Library& library;
    swarm::Swarm& swarm;
    store::Store& store;
    Pool& pool;
};

/// The value of a setting and where it comes from: flag, environment, file, set at run time, built
/// in.
struct Setting {
    std::string key, value, origin, origin_detail;
    bool locked = false;
};

class Api {
public:
    Api(Loop& loop, Clock clock, Options options, Modules modules, std::vector<Setting> settings,
        std::vector<store::JournalEntry> journal);
    ~Api();

    /// Makes a new token and opens the listeners. The real control addresses afterwards:
    /// `control_addresses()`.
    Outcome start();
    const std::vector<std::string>& control_addresses() const;
    void stop(std::function<void()> then);

    /// What changed, for the event stream.
    void publish(const feeds::Publisher& publisher);
    void publish(const library::ReleaseView& release);
    void publish(const swarm::Event& event);
    void publish(const store::JournalEntry& entry);
    void publish_gone(const catalog::BundleId& id);
    void publish_gone(const feeds::PublisherId& id);

    /// `POST /api/v1/daemon/stop` over the Unix socket.
    std::function<void()> on_stop_requested;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace croft::api
