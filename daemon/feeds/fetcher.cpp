#include "feeds/fetcher.h"

#include "feeds/fair_queue_impl.h"
#include "feeds/transfer_impl.h"

#include <curl/curl.h>

#include <map>
#include <mutex>
#include <thread>
#include <utility>

namespace croft::feeds {
namespace {

/// Callers' functions stay on the loop, under a number; only requests go to curl's thread, and only
/// answers come back.
class CurlFetcher final : public Fetcher {
public:
    CurlFetcher(Loop& loop, FetcherOptions options)
        : loop_(loop),
          options_(std::move(options)),
          inbox_(options_.parallel_of_party),
          multi_(make_multi()) {
        curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, static_cast<long>(options_.parallel));
        thread_ = std::jthread([this](const std::stop_token& stop) { serve(stop); });
    }

    CurlFetcher(const CurlFetcher&) = delete;
    CurlFetcher& operator=(const CurlFetcher&) = delete;

    ~CurlFetcher() override {
        thread_.request_stop();
        curl_multi_wakeup(multi_.get());
        thread_.join();
    }

    void get(FetchRequest request, std::function<void(Result<Fetched>)> then) override {
        const Id id = next_++;
        callers_->emplace(id, std::move(then));
        {
            const std::lock_guard lock(mutex_);
            const std::string party = request.party;
            inbox_.add(party, {id, std::move(request)});
        }
        curl_multi_wakeup(multi_.get());
    }

private:
    using Id = std::uint64_t;
    using Waiting = std::pair<Id, FetchRequest>;
    using Callers = std::map<Id, std::function<void(Result<Fetched>)>>;
    using Multi = std::unique_ptr<CURLM, decltype(&curl_multi_cleanup)>;
    struct Running {
        Id id;
        std::string party;
        std::unique_ptr<Transfer> transfer;
    };

    static Multi make_multi() {
        // Thread-safe and done once, whoever makes the first fetcher.
        static const CURLcode initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
        static_cast<void>(initialised);
        return {curl_multi_init(), &curl_multi_cleanup};
    }

    void serve(const std::stop_token& stop) {
        constexpr int poll_ms = 10'000;  // curl's own timers and our wake-ups end it earlier
        while (!stop.stop_requested()) {
            start_some();
            int running = 0;
            curl_multi_perform(multi_.get(), &running);
            if (!finish_some()) curl_multi_poll(multi_.get(), nullptr, 0, poll_ms, nullptr);
        }
        for (auto& [handle, entry] : running_)
            curl_multi_remove_handle(multi_.get(), handle);
        running_.clear();
    }

    void start_some() {
        while (running_.size() < options_.parallel) {
            auto next = next_request();
            if (!next) return;
            auto& [party, request] = *next;
            start(std::move(party), request.first, std::move(request.second));
        }
    }

    std::optional<std::pair<std::string, Waiting>> next_request() {
        const std::lock_guard lock(mutex_);
        return inbox_.take();
    }

    void start(std::string party, Id id, FetchRequest request) {
        auto transfer = std::make_unique<Transfer>(std::move(request), options_);
        if (auto ready = transfer->begin(); !ready) {
            reply(party, id, tl::unexpected(ready.error()));
            return;
        }
        CURL* const handle = transfer->handle();
        running_.emplace(handle, Running{id, std::move(party), std::move(transfer)});
        curl_multi_add_handle(multi_.get(), handle);
    }

    bool finish_some() {
        bool any = false;
        int left = 0;
        while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
            if (message->msg != CURLMSG_DONE) continue;
            // Removing the handle takes the message away with it.
            CURL* const handle = message->easy_handle;
            const CURLcode code = message->data.result;
            curl_multi_remove_handle(multi_.get(), handle);
            finish(handle, code);
            any = true;
        }
        return any;
    }

    void finish(CURL* handle, CURLcode code) {
        const auto found = running_.find(handle);
        if (auto result = found->second.transfer->end(code)) {
            reply(found->second.party, found->second.id, std::move(*result));
            running_.erase(found);
        } else {
            curl_multi_add_handle(multi_.get(), handle);
        }
    }

    void reply(const std::string& party, Id id, Result<Fetched> result) {
        {
            const std::lock_guard lock(mutex_);
            inbox_.done(party);
        }
        loop_.post([callers = std::weak_ptr(callers_), id, result = std::move(result)]() mutable {
            const auto alive = callers.lock();
            if (!alive) return;
            const auto caller = alive->extract(id);
            caller.mapped()(std::move(result));
        });
    }

    Loop& loop_;
    const FetcherOptions options_;
    std::shared_ptr<Callers> callers_ = std::make_shared<Callers>();  // the loop's alone
    Id next_ = 0;
    std::mutex mutex_;
    FairQueue<Waiting> inbox_;  // under the mutex
    Multi multi_;
    std::map<CURL*, Running> running_;  // curl's thread's alone
    std::jthread thread_;               // last: it uses everything above
};

}  // namespace

std::unique_ptr<Fetcher> make_curl_fetcher(Loop& loop, const FetcherOptions& options) {
    return std::make_unique<CurlFetcher>(loop, options);
}

}  // namespace croft::feeds
