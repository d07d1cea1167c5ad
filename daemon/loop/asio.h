#pragma once

// The only door to Boost.Asio: Boost 1.74 needs <utility> before it, and everybody who writes
// coroutines needs the same handful of headers. For .cpp files only.
//
// Give what `co_await` returns to a named variable: as the bare condition of an `if` or `while`,
// g++ 12 writes it over the coroutine's own frame.

// clang-format off
#include <utility>
// clang-format on

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

namespace croft {

namespace asio = boost::asio;

class Loop;

/// The context that `loop` runs; sockets made with it complete on the loop's thread.
asio::io_context& context_of(Loop& loop);

}  // namespace croft
