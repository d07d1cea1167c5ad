#pragma once

#include "swarm/libtorrent_impl.h"
#include "swarm/swarm.h"

namespace croft::swarm {

/// Our options as libtorrent's settings; refuses addresses that can't be understood. Pure:
/// `open_files_limit` is the process's RLIMIT_NOFILE.
Result<lt::settings_pack> make_settings(const Options& options, std::uint64_t open_files_limit);

}  // namespace croft::swarm
