#include "cli/verify/place.h"

#include "bundle/feed_folder.h"

#include <algorithm>

namespace croft::cli::verify {
namespace {

namespace fs = std::filesystem;
namespace layout = bundle::layout;

bool is_there(const fs::path& path) {
    std::error_code error;
    return fs::exists(path, error);
}

bool is_feed(const fs::path& folder) { return is_there(folder / layout::publisher(1)); }

/// The feed two folders up, if `path` lies in its `bundles/` or `torrents/`.
fs::path feed_around(const fs::path& path, std::string_view below) {
    const fs::path folder = path.parent_path();
    const fs::path feed = folder.parent_path();
    return folder.filename() == below && is_feed(feed) ? feed : fs::path();
}

std::vector<fs::path> feeds_in(const fs::path& folder) {
    std::vector<fs::path> feeds;
    std::error_code error;
    for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
        if (is_feed(at->path())) feeds.push_back(at->path());
    }
    std::ranges::sort(feeds);
    return feeds;
}

std::optional<catalog::ReleaseName> release_of(const std::string& name) {
    auto release = catalog::ReleaseName::parse(name);
    return release ? std::optional(*release) : std::nullopt;
}

Place place_of_file(const fs::path& path) {
    Place place{.kind = Place::Kind::document,
                .path = path,
                .feed = {},
                .release = {},
                .content = {},
                .feeds = {}};
    if (path.extension() != ".torrent") return place;
    place.feed = feed_around(path, "torrents");
    place.release = release_of(path.stem().native());
    if (place.feed.empty() || !place.release) return place;
    place.kind = Place::Kind::torrent;
    place.content = place.feed / layout::bundle(*place.release);
    return place;
}

}  // namespace

Result<Place> place_of(const fs::path& given) {
    std::error_code error;
    const fs::path path = fs::canonical(given, error);
    if (error) return tl::unexpected(system_error("open", given.native(), error.value()));
    if (!fs::is_directory(path, error)) return place_of_file(path);

    Place place{.kind = Place::Kind::feed,
                .path = path,
                .feed = path,
                .release = {},
                .content = {},
                .feeds = {}};
    if (is_feed(path)) return place;
    place.feed = feed_around(path, "bundles");
    place.release = release_of(path.filename().native());
    if (is_there(path / "SHA256SUMS") || (!place.feed.empty() && place.release)) {
        place.kind = Place::Kind::bundle;
        place.content = path;
        return place;
    }
    place.feeds = feeds_in(path);
    place.kind = Place::Kind::stick;
    if (!place.feeds.empty()) return place;
    return fail(Errc::not_found, "nothing_to_verify",
                path.native() +
                    " is neither a bundle's folder (no SHA256SUMS), nor a feed (no "
                    "publisher.1.json), nor a folder of feeds");
}

}  // namespace croft::cli::verify
