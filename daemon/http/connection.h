#pragma once

#include "base/file.h"
#include "http/server.h"

#include <functional>
#include <memory>
#include <optional>

namespace croft::http {

/// What the connections of one listener share.
struct Endpoint {
    Handler handler;
    Limits limits;
};

/// One client, from its first byte to its last: reads a request, has it answered, and again.
/// It keeps itself alive until it has ended. From the loop's thread.
class Connection {
public:
    virtual ~Connection() = default;

    /// A request of this client was admitted as authenticated.
    virtual bool is_authenticated() const = 0;
    /// Ends after the answer that is being made, if any.
    virtual void finish() = 0;
    /// Ends at once.
    virtual void close() = 0;
};

/// Serves a client that was just accepted; `on_end` when it is gone, however that came.
std::shared_ptr<Connection> serve(Loop& loop, Descriptor socket,
                                  std::shared_ptr<const Endpoint> endpoint,
                                  std::optional<PeerCredentials> peer,
                                  std::function<void()> on_end);

}  // namespace croft::http
