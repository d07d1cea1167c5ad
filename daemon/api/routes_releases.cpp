#include "api/context_impl.h"
#include "api/file_tree.h"
#include "api/problem_impl.h"
#include "api/release_list.h"
#include "api/shapes_impl.h"
#include "api/signature_chain_impl.h"
#include "base/text.h"
#include "bundle/feed_folder.h"

#include <algorithm>
#include <set>

namespace croft::api {
namespace {

using library::ReleaseView;
using Documents = std::shared_ptr<const library::Documents>;

/// Editions whose documents we compare with each other for one answer.
constexpr std::size_t compared_editions = 20;

/// Nothing is fetched only because somebody looks at a list: asking for documents of what is not
/// here goes to the network.
bool has_documents(const ReleaseView& release) {
    return release.state != library::State::offered && release.state != library::State::queued;
}

Json only(const Json& row, const std::vector<std::string_view>& fields) {
    Json chosen{{"id", row.at("id")}};
    for (const std::string_view field : fields) {
        const auto at = row.find(field);
        if (at != row.end()) chosen[std::string(field)] = *at;
    }
    return chosen;
}

void list(Context& context, const Call& call) {
    const auto query = ReleaseQuery::parse(call.request().query);
    if (!query) return call.reply(query.error());
    const auto page = read_page(call);
    if (!page) return call.reply(page.error());
    const auto found = select(context.modules.library.releases(), *query);
    const std::string fields = call.query("fields");
    Json rows = Json::array();
    for (std::size_t i = page->offset; i < found.size() && rows.size() < page->limit; ++i) {
        Json row = release_row(*found[i]);
        rows.push_back(fields.empty() ? std::move(row) : only(row, split(fields, ',')));
    }
    call.reply({{"releases", std::move(rows)}, {"total", found.size()}, {"offset", page->offset}});
}

void show(Context& context, const Call& call) {
    const ReleaseView* release = find_release(context, call);
    if (!release) return;
    if (!has_documents(*release)) return call.reply(release_alone(*release, nullptr));
    context.modules.library.documents(release->id, [&context, call, id = release->id](
                                                       const Result<Documents>& documents) {
        const ReleaseView* view = context.modules.library.find(id);
        if (!view) {
            return call.reply(Error{Errc::not_found, "no_such_release", "the release has gone"});
        }
        call.reply(release_alone(*view, documents ? documents->get() : nullptr));
    });
}

/// Documents for an answer that can't be given without; 503 `no_documents` while no source has
/// them.
void with_documents(Context& context, const Call& call, const catalog::BundleId& id,
                    std::function<void(Documents)> then) {
    context.modules.library.documents(id, [call, then = std::move(then)](Result<Documents> got) {
        if (got) return then(std::move(*got));
        const bool is_late =
            got.error().code == Errc::unavailable || got.error().code == Errc::not_found;
        call.reply(is_late ? Error{Errc::unavailable, "no_documents", got.error().message}
                           : got.error());
    });
}

/// Work on documents of up to 100,000 files, away from the loop.
void answer_from_pool(Context& context, const Call& call, std::function<Json()> work) {
    const auto started = context.modules.pool.run(
        Pool::Lane::quick, [work = std::move(work)](const std::stop_token&) { return work(); },
        [call](const Json& reply) { call.reply(reply); });
    if (!started) call.reply(started.error());
}

Json folder(const library::Documents& documents, const std::string& parent, Page page) {
    const auto entries = list_folder(documents, parent);
    Json rows = Json::array();
    for (std::size_t i = page.offset; i < entries.size() && rows.size() < page.limit; ++i) {
        const TreeEntry& entry = entries[i];
        Json row{{"name", entry.name},
                 {"path", entry.path},
                 {"kind", entry.is_folder ? "folder" : "file"}};
        if (entry.is_folder) row["files"] = entry.files;
        row["size_bytes"] = entry.size_bytes;
        if (entry.sha256) row["sha256"] = entry.sha256->hex();
        if (entry.root) row["root"] = entry.root->hex();
        rows.push_back(std::move(row));
    }
    return {{"parent", parent},
            {"entries", std::move(rows)},
            {"total", entries.size()},
            {"offset", page.offset}};
}

void files(Context& context, const Call& call) {
    const ReleaseView* release = find_release(context, call);
    if (!release) return;
    const auto page = read_page(call);
    if (!page) return call.reply(page.error());
    with_documents(context, call, release->id, [&context, call, page = *page](Documents documents) {
        answer_from_pool(context, call,
                         [documents = std::move(documents), parent = call.query("parent"), page] {
                             return folder(*documents, parent, page);
                         });
    });
}

void peers(Context& context, const Call& call) {
    const ReleaseView* release = find_release(context, call);
    if (!release) return;
    context.modules.swarm.peers(release->id, [call](const std::vector<swarm::Peer>& connected) {
        Json rows = Json::array();
        for (const auto& each : connected)
            rows.push_back(peer(each));
        call.reply({{"peers", std::move(rows)}, {"total", connected.size()}});
    });
}

std::string hex_of_bits(const std::vector<bool>& bits) {
    std::vector<std::uint8_t> bytes((bits.size() + 7) / 8);
    for (std::size_t i = 0; i < bits.size(); ++i) {
        if (bits[i]) bytes[i / 8] = static_cast<std::uint8_t>(bytes[i / 8] | (0x80U >> (i % 8)));
    }
    return to_hex(bytes);
}

void pieces(Context& context, const Call& call) {
    const ReleaseView* release = find_release(context, call);
    if (!release) return;
    const auto id = release->id;
    with_documents(context, call, id, [&context, call, id](const Documents& documents) {
        context.modules.swarm.pieces(id, [call, documents](std::vector<bool> bits) {
            bits.resize(documents->torrent.piece_count());
            call.reply({{"pieces", bits.size()},
                        {"piece_bytes", documents->torrent.piece_length},
                        {"have", std::ranges::count(bits, true)},
                        {"bits", hex_of_bits(bits)}});
        });
    });
}

void signatures(Context& context, const Call& call) {
    const ReleaseView* release = find_release(context, call);
    if (!release) return;
    const auto publisher = context.modules.feeds.find(release->publisher);
    if (!publisher) {
        return call.reply(
            Error{Errc::not_found, "publisher_unfollowed",
                  "its publisher is no longer followed, so its documents are not here"});
    }
    const ReleaseView view = *release;
    with_documents(context, call, view.id,
                   [&context, call, view, state = publisher->state](Documents documents) {
                       answer_from_pool(context, call,
                                        [view, state, documents = std::move(documents)] {
                                            return signature_chain(view, *state, *documents);
                                        });
                   });
}

void torrent(Context& context, const Call& call) {
    const ReleaseView* release = find_release(context, call);
    if (!release) return;
    const std::string name = release->entry.release.text() + ".torrent";
    with_documents(context, call, release->id, [call, name](const Documents& documents) {
        call.reply_file(documents->torrent_bytes, "application/x-bittorrent", name);
    });
}

/// The other editions of a release and how much of each the asked one has too: gathers one
/// edition's documents after the other.
struct Versions : std::enable_shared_from_this<Versions> {
    Context& context;
    Call call;
    std::vector<ReleaseView> editions;  ///< newest first
    catalog::BundleId asked;
    std::map<catalog::BundleId, Documents> documents;
    std::size_t next = 0;

    Versions(Context& given, Call asking, catalog::BundleId id)
        : context(given), call(std::move(asking)), asked(id) {}

    void gather() {
        while (next < editions.size() && next < compared_editions) {
            const ReleaseView& edition = editions[next++];
            if (!has_documents(edition)) continue;
            context.modules.library.documents(
                edition.id, [self = shared_from_this(), id = edition.id](Result<Documents> got) {
                    if (got) self->documents[id] = std::move(*got);
                    self->gather();
                });
            return;
        }
        answer_from_pool(context, call, [self = shared_from_this()] { return self->reply(); });
    }

    Json reply() const {
        std::set<Sha256> roots;
        const auto mine = documents.find(asked);
        if (mine != documents.end()) {
            for (const auto& file : mine->second->torrent.files) {
                if (file.root) roots.insert(*file.root);
            }
        }
        Json rows = Json::array();
        for (const ReleaseView& edition : editions) {
            Json row = version_row(edition);
            const auto theirs = documents.find(edition.id);
            const bool is_comparable = mine != documents.end() && theirs != documents.end();
            if (is_comparable && edition.id != asked) {
                row["shared_bytes"] = shared_bytes(*theirs->second, roots);
            }
            rows.push_back(std::move(row));
        }
        return {{"versions", std::move(rows)}};
    }

    static std::uint64_t shared_bytes(const library::Documents& edition,
                                      const std::set<Sha256>& roots) {
        std::uint64_t bytes = 0;
        for (const auto& file : edition.torrent.files) {
            if (file.root && roots.contains(*file.root)) bytes += file.size;
        }
        return bytes;
    }
};

void versions(Context& context, const Call& call) {
    const ReleaseView* release = find_release(context, call);
    if (!release) return;
    const auto gathering = std::make_shared<Versions>(context, call, release->id);
    for (const ReleaseView* each : context.modules.library.releases()) {
        const bool is_edition = each->publisher == release->publisher &&
                                each->entry.release.name == release->entry.release.name;
        if (is_edition) gathering->editions.push_back(*each);
    }
    std::ranges::sort(gathering->editions, std::greater(),
                      [](const ReleaseView& each) { return each.entry.release.serial; });
    gathering->gather();
}

/// They are kept with the release and tried at every start: only what can be tried, and not many.
Outcome check_peers(const std::vector<std::string>& peers) {
    constexpr std::size_t most = 100;
    if (peers.size() > most) {
        return fail(Errc::invalid_argument, "too_many_peers",
                    "at most " + std::to_string(most) + " peers can be given");
    }
    for (const std::string& peer : peers) {
        if (swarm::is_peer_address(peer)) continue;
        return fail(Errc::invalid_argument, "bad_peer",
                    "a peer is HOST:PORT, not " + escape_control(peer));
    }
    return {};
}

void get(Context& context, const Call& call) {
    Members members = call.members();
    auto peers_to_try = members.texts("peers");
    if (auto outcome = members.outcome(); !outcome) return call.reply(outcome.error());
    if (auto fine = check_peers(peers_to_try); !fine) return call.reply(fine.error());
    const ReleaseView* release = find_release(context, call);
    if (!release) return;
    context.modules.library.get(
        release->id, std::move(peers_to_try), [&context, call](const Result<Jobs::Id>& started) {
            if (!started) return call.reply(started.error());
            const Jobs::Job* found = context.modules.library.jobs().find(*started);
            call.reply({{"job", found ? job(*found) : Json{{"id", *started}}}}, 202);
        });
}

/// A change that answers with the release as it is afterwards.
using Change = void (*)(library::Library&, const catalog::BundleId&, std::function<void(Outcome)>);

void change(Context& context, const Call& call, Change apply) {
    Members members = call.members();
    if (auto outcome = members.outcome(); !outcome) return call.reply(outcome.error());
    const ReleaseView* release = find_release(context, call);
    if (!release) return;
    apply(context.modules.library, release->id, [&context, call](const Outcome& outcome) {
        if (!outcome) return call.reply(outcome.error());
        show(context, call);
    });
}

void drop(Context& context, const Call& call) {
    Members members = call.members();
    if (auto outcome = members.outcome(); !outcome) return call.reply(outcome.error());
    const ReleaseView* release = find_release(context, call);
    if (!release) return;
    context.modules.library.drop(release->id, call.then([id = release->id] {
        return Json{{"id", id.hex()}};
    }));
}

constexpr std::pair<std::string_view, Change> changes[] = {
    {"pin",
     [](auto& library, const auto& id, auto then) { library.pin(id, true, std::move(then)); }},
    {"unpin",
     [](auto& library, const auto& id, auto then) { library.pin(id, false, std::move(then)); }},
    {"pause",
     [](auto& library, const auto& id, auto then) { library.pause(id, true, std::move(then)); }},
    {"resume",
     [](auto& library, const auto& id, auto then) { library.pause(id, false, std::move(then)); }},
};

Json candidates(const std::vector<const ReleaseView*>& found) {
    Json rows = Json::array();
    for (const ReleaseView* each : found)
        rows.push_back(release_name(*each));
    return rows;
}

/// By NAME-SERIAL, or an info-hash as it is written anywhere: btmh (with `1220`), btih.
bool is_called(const ReleaseView& release, std::string_view name) {
    const auto& entry = release.entry;
    return entry.release.text() == name || entry.btih.hex() == name ||
           "1220" + entry.bundle.info_hash_v2.hex() == name;
}

/// For one who left the serial out.
std::string editions_of(const std::vector<const ReleaseView*>& releases, std::string_view name) {
    std::string text;
    for (const ReleaseView* release : releases) {
        if (release->entry.release.name != name) continue;
        text += (text.empty() ? "; there is " : ", ") + release->entry.release.text();
    }
    return text;
}

}  // namespace

const ReleaseView* find_release(Context& context, const Call& call) {
    const std::string& name = call.parameter("id");
    const std::string publisher = call.query("publisher");
    if (const auto hash = Sha256::from_hex(name)) {
        if (const ReleaseView* found = context.modules.library.find({*hash})) return found;
    }
    std::vector<const ReleaseView*> found = context.modules.library.releases();
    std::erase_if(found, [&](const ReleaseView* each) {
        return !publisher.empty() && publisher != each->petname &&
               publisher != each->publisher.hex();
    });
    const auto theirs = found;
    std::erase_if(found, [&](const ReleaseView* each) { return !is_called(*each, name); });
    if (found.size() == 1) return found.front();
    if (found.empty()) {
        call.reply(Error{Errc::not_found, "no_such_release",
                         "no release is called " + name + editions_of(theirs, name)});
    } else {
        call.reply(
            problem(Error{Errc::ambiguous, "several_releases", "several publishers offer " + name},
                    {{"candidates", candidates(found)}}));
    }
    return nullptr;
}

void add_release_routes(Routes& routes, Context& context) {
    const auto add = [&](const char* method, const std::string& below, Body body,
                         void (*handle)(Context&, const Call&)) {
        routes.add({.method = method,
                    .pattern = "/api/v1/releases" + below,
                    .access = Access::token,
                    .body = body,
                    .handle = [&context, handle](const Call& call) { handle(context, call); }});
    };
    add("GET", "", Body::none, list);
    add("GET", "/{id}", Body::none, show);
    add("GET", "/{id}/files", Body::none, files);
    add("GET", "/{id}/peers", Body::none, peers);
    add("GET", "/{id}/pieces", Body::none, pieces);
    add("GET", "/{id}/signatures", Body::none, signatures);
    add("GET", "/{id}/versions", Body::none, versions);
    add("GET", "/{id}/torrent", Body::none, torrent);
    add("POST", "/{id}/get", Body::json, get);
    add("POST", "/{id}/drop", Body::json, drop);
    for (const auto& [verb, apply] : changes) {
        routes.add(
            {.method = "POST",
             .pattern = "/api/v1/releases/{id}/" + std::string(verb),
             .access = Access::token,
             .body = Body::json,
             .handle = [&context, apply](const Call& call) { change(context, call, apply); }});
    }
}

}  // namespace croft::api
