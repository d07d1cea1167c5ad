#include "cli/verify/place.h"

#include "bundle/feed_folder.h"
#include "bundle/sums.h"

#include <algorithm>

namespace croft::cli::verify {
namespace {

namespace fs = std::filesystem;
namespace layout = bundle::layout;
using Kind = Thing::Kind;

/// The feed two folders up, if `path` lies in its folder `below`.
fs::path feed_around(const fs::path& path, std::string_view below) {
    const fs::path folder = path.parent_path();
    const fs::path feed = folder.parent_path();
    return folder.filename() == below && is_feed(feed) ? feed : fs::path();
}

fs::path feed_of_document(const fs::path& file) {
    return is_feed(file.parent_path()) ? file.parent_path() : feed_around(file, "releases");
}

/// The nearest folder above a file that has a list of sums.
fs::path bundle_above(const fs::path& file) {
    for (fs::path folder = file.parent_path(); folder.has_relative_path();
         folder = folder.parent_path()) {
        if (is_bundle(folder)) return folder;
    }
    return {};
}

std::optional<catalog::ReleaseName> release_of(const std::string& name) {
    auto release = catalog::ReleaseName::parse(name);
    return release ? std::optional(*release) : std::nullopt;
}

Thing thing_of_file(const fs::path& file, bool has_signature) {
    const fs::path feed = feed_around(file, "torrents");
    const auto release = release_of(file.stem().native());
    if (file.extension() == ".torrent" && !feed.empty() && release)
        return release_in(feed, *release);

    const bool is_signed = has_signature || is_there(layout::signature(file.native()));
    const fs::path bundle = is_signed ? fs::path() : bundle_above(file);
    if (bundle.empty()) return {Kind::document, file, feed_of_document(file), {}};
    return {Kind::part, file, feed_around(bundle, "bundles"), bundle};
}

std::vector<Thing> things_of_folder(const fs::path& folder) {
    std::vector<Thing> things;
    const fs::path feed = feed_around(folder, "bundles");
    const auto release = release_of(folder.filename().native());
    if (!feed.empty() && release) {
        things.push_back(release_in(feed, *release));
    } else if (is_bundle(folder)) {
        things.push_back({Kind::bundle, folder, feed, folder});
    }
    if (is_feed(folder)) things.push_back({Kind::feed, folder, folder, {}});
    if (!things.empty()) return things;

    for (const auto& name : names_in(folder)) {
        if (is_feed(folder / name))
            things.push_back({Kind::feed, folder / name, folder / name, {}});
    }
    if (!things.empty()) things.push_back({Kind::stick, folder, {}, {}});
    return things;
}

}  // namespace

bool is_there(const fs::path& path) {
    std::error_code error;
    return fs::exists(path, error);
}

bool is_feed(const fs::path& folder) { return is_there(folder / layout::publisher(1)); }

bool is_bundle(const fs::path& folder) { return is_there(folder / "SHA256SUMS"); }

std::vector<std::string> names_in(const fs::path& folder) {
    std::vector<std::string> names;
    std::error_code error;
    for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
        names.push_back(at->path().filename().native());
    std::ranges::sort(names);
    return names;
}

Thing release_in(const fs::path& feed, const catalog::ReleaseName& release) {
    const fs::path content = feed / layout::bundle(release);
    return {Kind::release, content, feed, content, release};
}

Result<std::vector<Thing>> things_at(const fs::path& given, bool has_signature) {
    std::error_code error;
    const fs::path path = fs::canonical(given, error);
    if (error) return tl::unexpected(system_error("open", given.native(), error.value()));
    if (!fs::is_directory(path, error)) return std::vector{thing_of_file(path, has_signature)};
    auto things = things_of_folder(path);
    if (!things.empty()) return things;
    return fail(Errc::not_found, "nothing_to_verify",
                path.native() +
                    " is neither a bundle's folder (no SHA256SUMS), nor a feed (no "
                    "publisher.1.json), nor a folder of feeds");
}

}  // namespace croft::cli::verify
