#include "library/roots.h"

#include "base/log.h"

#include <algorithm>

namespace croft::library {
namespace {

namespace fs = std::filesystem;

constexpr int patience_in_looks = 3;

std::string setting_of(const fs::path& root) { return "root " + root.native(); }

/// `/data/` and `/data` are one.
fs::path without_slash(const fs::path& path) {
    const fs::path normal = path.lexically_normal();
    return normal.has_filename() ? normal : normal.parent_path();
}

bool is_below(const fs::path& folder, const fs::path& root) {
    return folder.native().starts_with(root.native() + "/");
}

}  // namespace

Roots::Roots(Pool& pool, store::Store& store, const std::vector<fs::path>& paths,
             const store::Snapshot& snapshot)
    : store_(store), looking_(pool, Pool::Lane::quick, std::max<std::size_t>(paths.size(), 1)) {
    for (const fs::path& given : paths) {
        const fs::path path = without_slash(given);
        Root root;
        root.known.path = root.view.path = path;
        root.known.is_first_start = snapshot.is_new;
        const auto uuid = snapshot.settings.find(setting_of(path));
        if (uuid != snapshot.settings.end()) root.known.uuid = uuid->second;
        auto found = look_at_root(root.known, Lock::take);
        apply(root, std::move(found));
        root.known.is_first_start = false;
        roots_.push_back(std::move(root));
    }
}

void Roots::look() {
    for (Root& root : roots_) {
        if (root.looks_unanswered++ > 0) {
            if (root.looks_unanswered > patience_in_looks && root.view.is_present) {
                absent(root, {Errc::unavailable, "disk_silent",
                              "the disk of " + root.view.path.native() + " does not answer"});
            }
            continue;
        }
        looking_.run([known = root.known, lock = root.lock ? Lock::keep : Lock::take](
                         const std::stop_token&) { return look_at_root(known, lock); },
                     [this, &root](Result<FoundRoot> found) {
                         root.looks_unanswered = 0;
                         apply(root, std::move(found));
                     });
    }
}

void Roots::apply(Root& root, Result<FoundRoot> found) {
    if (!found) return absent(root, found.error());
    if (found->lock) root.lock = std::move(found->lock);
    root.view.free_bytes = found->free_bytes;
    root.view.problem.reset();
    if (root.known.uuid != found->uuid) {
        root.known.uuid = found->uuid;
        store_.commit({store::PutSetting{setting_of(root.view.path), found->uuid}}, {});
    }
    if (std::exchange(root.view.is_present, true)) return;
    log::info("library: root is there", {{"path", root.view.path.native()}});
    if (on_changed) on_changed(root.view);
}

void Roots::absent(Root& root, Error problem) {
    const bool is_news = root.view.is_present || !root.view.problem;
    root.lock = Descriptor();  // or it would keep the old disk from being unmounted
    root.view.is_present = false;
    root.view.free_bytes = 0;
    root.view.problem = std::move(problem);
    if (!is_news) return;
    log::warning("library: root is absent", {{"why", root.view.problem->message}});
    if (on_changed) on_changed(root.view);
}

std::vector<RootView> Roots::views() const {
    std::vector<RootView> views;
    views.reserve(roots_.size());
    for (const Root& root : roots_)
        views.push_back(root.view);
    return views;
}

const RootView* Roots::first() const { return roots_.empty() ? nullptr : &roots_.front().view; }

const RootView* Roots::of(const fs::path& folder) const {
    const auto root = std::ranges::find_if(
        roots_, [&](const Root& each) { return is_below(folder, each.view.path); });
    return root == roots_.end() ? nullptr : &root->view;
}

}  // namespace croft::library
