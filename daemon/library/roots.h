#pragma once

#include "library/library.h"
#include "library/root_marker.h"
#include "library/work_queue.h"

#include <functional>
#include <vector>

namespace croft::library {

/// The folders that hold bundles: whether their disks are there, and how much room they have.
class Roots {
public:
    /// Looks at once, so that the caller knows how they stand; afterwards beside the loop.
    Roots(Pool& pool, store::Store& store, const std::vector<std::filesystem::path>& paths,
          const store::Snapshot& snapshot);

    /// Looks again at all of them. One that gives no answer for long counts as absent.
    void look();

    /// A disk went or came back.
    std::function<void(const RootView&)> on_changed;

    std::vector<RootView> views() const;
    const RootView* first() const;  ///< takes new bundles; none where none is configured
    const RootView* of(const std::filesystem::path& folder) const;  ///< the root it lies below

private:
    struct Root {
        KnownRoot known;
        RootView view;
        Descriptor lock;
        int looks_unanswered = 0;
    };
    void apply(Root& root, Result<FoundRoot> found);
    void absent(Root& root, Error problem);

    store::Store& store_;
    std::vector<Root> roots_;  // never resized after construction
    WorkQueue looking_;
};

}  // namespace croft::library
