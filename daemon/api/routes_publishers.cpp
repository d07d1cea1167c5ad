#include "api/context_impl.h"
#include "api/problem_impl.h"
#include "api/shapes_impl.h"
#include "api/signature_chain_impl.h"
#include "bundle/feed_folder.h"

#include <algorithm>

namespace croft::api {
namespace {

using feeds::Publisher;

Figures figures_of_one(Context& context, const feeds::PublisherId& id) {
    const auto releases = context.modules.library.releases();
    auto all = figures_of(releases);
    return all[id];
}

void list(Context& context, const Call& call) {
    const auto page = read_page(call);
    if (!page) return call.reply(page.error());
    auto publishers = context.modules.feeds.publishers();
    std::ranges::sort(publishers, {}, &Publisher::petname);
    const auto releases = context.modules.library.releases();
    auto figures = figures_of(releases);
    Json rows = Json::array();
    for (std::size_t i = page->offset; i < publishers.size() && rows.size() < page->limit; ++i)
        rows.push_back(publisher_row(publishers[i], figures[publishers[i].id]));
    call.reply(
        {{"publishers", std::move(rows)}, {"total", publishers.size()}, {"offset", page->offset}});
}

void reply_alone(Context& context, const Call& call, const feeds::PublisherId& id) {
    const auto publisher = context.modules.feeds.find(id);
    if (!publisher) {
        return call.reply(Error{Errc::not_found, "no_such_publisher", "it is no longer followed"});
    }
    call.reply(publisher_alone(*publisher, figures_of_one(context, id)));
}

void show(Context& context, const Call& call) {
    if (const auto publisher = find_publisher(context, call))
        reply_alone(context, call, publisher->id);
}

bool is_remote(std::string_view source) {
    return source.starts_with("magnet:?") || source.starts_with("https://") ||
           source.starts_with("http://");
}

/// Folders of this computer are named over the Unix socket only: a token in a browser must not be
/// able to look around on the disk.
Result<feeds::FollowRequest> read_follow(const Call& call) {
    Members members = call.members();
    feeds::FollowRequest request{.source = members.required_text("source"),
                                 .petname = members.text("petname").value_or(""),
                                 .fingerprint = members.text("fingerprint").value_or(""),
                                 .peers = members.texts("peers"),
                                 .own = members.truth("own").value_or(false)};
    if (auto outcome = members.outcome(); !outcome) return tl::unexpected(outcome.error());
    if (call.is_local()) return request;
    if (request.own || !is_remote(request.source)) {
        return fail(
            Errc::not_allowed, "socket_only",
            "this is no follow URI (magnet:?…) and no http(s) address; a folder of this computer "
            "is followed with the command: croft follow FOLDER");
    }
    return request;
}

void ask_preview(Context& context, const Call& call) {
    auto request = read_follow(call);
    if (!request) return call.reply(request.error());
    context.modules.feeds.preview(
        std::move(*request), call.then([](const feeds::Preview& found) { return preview(found); }));
}

void follow(Context& context, const Call& call) {
    auto request = read_follow(call);
    if (!request) return call.reply(request.error());
    const bool own = request->own;
    context.modules.feeds.follow(std::move(*request),
                                 [&context, call, own](const Result<feeds::PublisherId>& id) {
                                     if (!id) return call.reply(id.error());
                                     if (own) context.modules.library.share_again(*id);
                                     reply_alone(context, call, *id);
                                 });
}

/// The two changes in turn, each committed, then the publisher as it is now.
void patch(Context& context, const Call& call) {
    Members members = call.members();
    const auto petname = members.text("petname");
    const auto confirmed = members.truth("confirmed");
    if (auto outcome = members.outcome(); !outcome) return call.reply(outcome.error());
    if (confirmed == false) {
        return call.reply(Error{Errc::invalid_argument, "bad_member",
                                "a confirmation can't be taken back; unfollow instead"});
    }
    const auto publisher = find_publisher(context, call);
    if (!publisher) return;
    const auto id = publisher->id;
    const auto finish = [&context, call, id](const Outcome& outcome) {
        if (!outcome) return call.reply(outcome.error());
        reply_alone(context, call, id);
    };
    const auto confirm = [&context, id, confirmed, finish](const Outcome& outcome) {
        if (!outcome || !confirmed) return finish(outcome);
        context.modules.feeds.confirm(id, finish);
    };
    if (!petname) return confirm({});
    context.modules.feeds.rename(id, *petname, confirm);
}

void unfollow(Context& context, const Call& call) {
    const auto publisher = find_publisher(context, call);
    if (!publisher) return;
    context.modules.feeds.unfollow(publisher->id, call.then([id = publisher->id] {
        return Json{{"id", id.hex()}};
    }));
}

void check(Context& context, const Call& call) {
    const auto publisher = find_publisher(context, call);
    if (!publisher) return;
    context.modules.feeds.check(publisher->id, call.then([](bool changed) {
        return Json{{"changed", changed}};
    }));
}

/// The user's yes to an update that takes much away.
void accept(Context& context, const Call& call) {
    Members members = call.members();
    if (auto outcome = members.outcome(); !outcome) return call.reply(outcome.error());
    const auto publisher = find_publisher(context, call);
    if (!publisher) return;
    context.modules.feeds.accept_waiting(
        publisher->id, [&context, call, id = publisher->id](const Outcome& outcome) {
            if (!outcome) return call.reply(outcome.error());
            reply_alone(context, call, id);
        });
}

/// One document, or one of the signatures beside it.
struct Named {
    std::string name;
    std::string_view bytes;
    const std::vector<std::string>* signatures = nullptr;
};

std::optional<std::string> pick(const Named& document, std::string_view name) {
    if (document.name == name) return std::string(document.bytes);
    if (!document.signatures) return std::nullopt;
    for (std::size_t i = 0; i < document.signatures->size(); ++i) {
        const std::string& signature = (*document.signatures)[i];
        if (signature_name(document.name, signature, i) == name) return signature;
    }
    return std::nullopt;
}

std::optional<std::string> own_document(const catalog::FollowerState& state,
                                        std::string_view name) {
    for (std::size_t i = 0; i < state.publisher_chain.size(); ++i) {
        const auto* signatures =
            i < state.publisher_signatures.size() ? &state.publisher_signatures[i] : nullptr;
        auto found =
            pick({bundle::layout::publisher(i + 1), state.publisher_chain[i], signatures}, name);
        if (found) return found;
    }
    return pick({std::string(bundle::layout::catalogue), state.catalogue_bytes,
                 &state.catalogue_signatures},
                name);
}

/// `releases/wiki-57.json.minisig` -> wiki-57.
const library::ReleaseView* release_of(Context& context, const feeds::PublisherId& publisher,
                                       std::string_view name) {
    const auto slash = name.find('/');
    if (slash == std::string_view::npos) return nullptr;
    for (const library::ReleaseView* each : context.modules.library.releases()) {
        const std::string stem = each->entry.release.text() + ".";
        if (each->publisher == publisher && name.substr(slash + 1).starts_with(stem)) return each;
    }
    return nullptr;
}

std::optional<std::string> document_of_release(const catalog::ReleaseName& release,
                                               const library::Documents& documents,
                                               std::string_view name) {
    auto found = pick({bundle::layout::release(release), documents.release_bytes.document,
                       &documents.release_bytes.signatures},
                      name);
    if (!found) found = pick({bundle::layout::torrent(release), documents.torrent_bytes}, name);
    if (!found && documents.release.files_list) {
        found = pick({bundle::layout::sums(release), documents.sums}, name);
    }
    return found;
}

void reply_document(const Call& call, std::optional<std::string> bytes) {
    const std::string& name = call.parameter("name");
    if (!bytes) {
        return call.reply(Error{Errc::not_found, "no_such_document",
                                "this publisher has no document called " + name});
    }
    call.reply_file(std::move(*bytes), "application/octet-stream", name);
}

void document(Context& context, const Call& call) {
    const auto publisher = find_publisher(context, call);
    if (!publisher) return;
    const std::string& name = call.parameter("name");
    if (auto own = own_document(*publisher->state, name))
        return reply_document(call, std::move(own));
    const library::ReleaseView* release = release_of(context, publisher->id, name);
    if (!release) return reply_document(call, std::nullopt);
    context.modules.library.documents(
        release->id, [call, name = release->entry.release](
                         const Result<std::shared_ptr<const library::Documents>>& documents) {
            if (!documents) return call.reply(documents.error());
            reply_document(call, document_of_release(name, **documents, call.parameter("name")));
        });
}

}  // namespace

std::optional<Publisher> find_publisher(Context& context, const Call& call) {
    const std::string& name = call.parameter("id");
    if (const auto id = feeds::PublisherId::parse(name)) {
        if (auto found = context.modules.feeds.find(*id)) return found;
    }
    auto publishers = context.modules.feeds.publishers();
    const auto at = std::ranges::find(publishers, name, &Publisher::petname);
    if (at != publishers.end()) return std::move(*at);
    call.reply(Error{Errc::not_found, "no_such_publisher", "we follow nobody called " + name});
    return std::nullopt;
}

void add_publisher_routes(Routes& routes, Context& context) {
    const auto add = [&](const char* method, const std::string& below, Body body,
                         void (*handle)(Context&, const Call&)) {
        routes.add({.method = method,
                    .pattern = "/api/v1/publishers" + below,
                    .access = Access::token,
                    .body = body,
                    .handle = [&context, handle](const Call& call) { handle(context, call); }});
    };
    add("GET", "", Body::none, list);
    add("POST", "", Body::json, follow);
    add("POST", "/preview", Body::json, ask_preview);
    add("GET", "/{id}", Body::none, show);
    add("PATCH", "/{id}", Body::json, patch);
    add("DELETE", "/{id}", Body::none, unfollow);
    add("POST", "/{id}/check", Body::json, check);
    add("POST", "/{id}/accept", Body::json, accept);
    add("GET", "/{id}/documents/{name*}", Body::none, document);
}

}  // namespace croft::api
