#pragma once

#include "base/result.h"
#include "bundle/torrent.h"
#include "catalog/ids.h"
#include "loop/loop.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

/// The BitTorrent network, as much of it as we need.
///
/// No libtorrent type appears here. Call everything from the loop's thread; every event arrives
/// there too. Nothing in this interface blocks.
namespace croft::swarm {

using catalog::BundleId;

enum class State {
    checking,
    downloading,
    seeding,
    paused,
    failed
};

/// One bundle as of the last second. Sent while something changes.
struct Progressed {
    BundleId id;
    State state = State::checking;
    std::uint64_t done_bytes = 0;                      ///< verified payload
    std::uint64_t total_bytes = 0;                     ///< payload, without padding
    std::uint64_t down_rate = 0, up_rate = 0;          ///< bytes a second
    std::uint64_t sent_bytes = 0, received_bytes = 0;  ///< payload, since it was added
    std::uint32_t peers = 0, seeds = 0;                ///< connected
    std::optional<std::uint32_t> known_seeds;          ///< what trackers claim
    bool operator==(const Progressed&) const = default;
};
/// Every piece is verified and written, or `have_all` said so: sent once for each `add`, also where
/// it was whole from the start, and again if it was found damaged and is whole once more.
struct Completed {
    BundleId id;
};
/// What was `Completed` is not as it was: a piece did not fit its hash when a peer asked for it,
/// and was not sent. Everything is looked at again and what is missing fetched; `Completed` follows
/// when that is done.
struct Damaged {
    BundleId id;
};
/// Bytes for `Add::resume_data`: keep them. The pieces they speak of are on the disk, also after a
/// power cut. Sent on completion, every quarter of a minute while pieces come, and by `stop`.
struct ResumeDataSaved {
    BundleId id;
    std::string bytes;
};
/// It could not be added, or stopped, and says why: `no_space` while it goes on seeding what it
/// has, `not_found` where a file or the root is gone. Nothing starts again by itself: `resume` it,
/// or, where it could not be added, `add` it again.
struct Failed {
    BundleId id;
    Error error;
};
/// Removed for good; its files are not touched any more.
struct Removed {
    BundleId id;
};
/// The session as a whole, once a second while anything changes.
struct Totals {
    std::uint64_t down_rate = 0, up_rate = 0;
    std::uint64_t received_bytes = 0, sent_bytes = 0;  ///< payload, since the start
    std::uint32_t peers = 0, dht_nodes = 0;
    std::vector<std::string> listening;  ///< "127.0.0.1:51413": the real ports
    bool operator==(const Totals&) const = default;
};
using Event =
    std::variant<Progressed, Completed, Damaged, ResumeDataSaved, Failed, Removed, Totals>;

struct Peer {
    std::string address;  ///< host:port
    std::string client;   ///< what it calls itself, safe to show
    double progress = 0;  ///< 0..1
    std::uint64_t down_rate = 0, up_rate = 0;
    bool is_seed = false;
};

struct Add {
    bundle::Torrent torrent;            ///< checked: the only kind there is
    std::vector<std::string> trackers;  ///< of the signed release
    std::vector<std::string> peers;     ///< host:port to try
    std::filesystem::path folder;       ///< the bundle's own folder: `…/bundles/NAME-SERIAL`
    /// As saved: its pieces are believed where the files' sizes agree. Empty: what lies on the disk
    /// is read and checked.
    std::string resume_data;
    /// Proved whole by us: seeds at once, and hashes each piece before its first upload, whatever
    /// `resume_data` says.
    bool have_all = false;
    /// Shared under its v1 twin (bundle/v1_twin.h) as well: beside the hybrid once it is whole, and
    /// instead of it, in turns, while nobody there has what is missing.
    bool has_v1_twin = false;
};

class Swarm {
public:
    virtual ~Swarm() = default;

    /// Fetches and seeds. `Failed` follows for a folder of another name (`wrong_folder`), or one
    /// whose parent is not there (`root_missing`): an unmounted disk. Adding a bundle twice only
    /// tries its peers; while it is being removed, it is added after that.
    virtual void add(Add bundle) = 0;
    /// Stops sharing; the files stay. `Removed` follows, also where it was not here.
    virtual void remove(const BundleId& id) = 0;
    /// Stays paused until `resume`, which also tries again what failed.
    virtual void pause(const BundleId& id) = 0;
    virtual void resume(const BundleId& id) = 0;
    /// Tries these, now and as DHT nodes. Names are looked up, but not past a proxy.
    virtual void connect(const BundleId& id, const std::vector<std::string>& peers) = 0;
    /// Asks for the peers of one bundle; `then` gets them on the loop. None where it is not here.
    virtual void peers(const BundleId& id, std::function<void(std::vector<Peer>)> then) = 0;
    /// Which pieces we have, in the torrent's order; `then` gets them on the loop. Empty where it
    /// is not here.
    virtual void pieces(const BundleId& id, std::function<void(std::vector<bool>)> then) = 0;
    /// Bytes a second for the whole session, local networks included; 0: no limit.
    virtual void set_limits(std::uint64_t down, std::uint64_t up) = 0;
    /// Disconnects, saves resume data of everything that changed, and closes the session; `then`
    /// when all is said, at the latest after `deadline`. Nothing is taken afterwards.
    virtual void stop(std::chrono::milliseconds deadline, std::function<void()> then) = 0;
};

struct Options {
    std::vector<std::string> listen = {"0.0.0.0:51413", "[::]:51413"};
    bool dht = true;
    std::vector<std::string> dht_bootstrap = {"dht.libtorrent.org:25401",
                                              "router.bittorrent.com:6881"};
    bool lsd = true;
    bool utp = true;
    bool port_mapping = false;
    int connections = 200;
    std::string proxy;  ///< `socks5://host:port`; fails closed, and switches off what can't use it
    /// How long a bundle with a v1 twin waits in vain before it is tried the other way.
    std::chrono::seconds twin_patience{20};
    std::filesystem::path state_folder;  ///< DHT state is kept here; empty: not kept
};

/// A real session. Returns an error where the listen addresses or the proxy can't be understood.
Result<std::unique_ptr<Swarm>> make_libtorrent_swarm(Loop& loop, const Options& options,
                                                     std::function<void(Event)> on_event);

/// Whether it can be tried as a peer: a name, an IPv4 address or an IPv6 address in brackets, and a
/// port.
bool is_peer_address(std::string_view text);

/// The version of the library at run time, for `version` and the doctor.
std::string library_version();

}  // namespace croft::swarm
