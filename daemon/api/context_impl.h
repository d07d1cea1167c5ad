#pragma once

#include "api/api.h"
#include "api/call_impl.h"
#include "api/events_impl.h"
#include "api/guard.h"
#include "api/router.h"
#include "api/token.h"

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace croft::api {

/// What the routes work with. One for the API's life; from the loop's thread.
struct Context {
    Loop& loop;
    Clock clock;
    Options options;
    Modules modules;
    std::vector<Setting> settings;
    std::deque<store::JournalEntry> journal;  ///< oldest first, at most 1,000
    Events events;
    SessionCodes codes;
    RateLimit code_guesses;
    std::string token;
    std::string libtorrent;  ///< its version
    Time started_at{};
    std::vector<std::string> control;  ///< the real addresses
    swarm::Totals totals;
    bool is_stopping = false;
    unsigned verifications = 0;
    std::map<std::pair<std::string, int>, std::uint64_t> answered;  ///< by route and status
    std::map<std::string, std::uint64_t> verdicts;
    std::function<void()> stop;

    const Setting* setting(std::string_view key) const;
};

Context make_context(Loop& loop, Clock clock, Options options, Modules modules,
                     std::vector<Setting> settings, std::vector<store::JournalEntry> journal);

Routes all_routes(Context& context);

/// Each topic adds its routes; one file each.
void add_status_routes(Routes& routes, Context& context);
void add_event_routes(Routes& routes, Context& context);
void add_publisher_routes(Routes& routes, Context& context);
void add_release_routes(Routes& routes, Context& context);
void add_mirror_routes(Routes& routes, Context& context);
void add_verify_routes(Routes& routes, Context& context);
void add_session_routes(Routes& routes, Context& context);
void add_metrics_routes(Routes& routes, Context& context);
void add_page_routes(Routes& routes, Context& context);

/// The release that `{id}` and `?publisher=` name; otherwise the call is answered, and none.
const library::ReleaseView* find_release(Context& context, const Call& call);
/// The publisher that `{id}` names, by id or petname; otherwise the call is answered, and none.
std::optional<feeds::Publisher> find_publisher(Context& context, const Call& call);

Json status(const Context& context);

}  // namespace croft::api
