#pragma once

#include "feeds/fetcher.h"

#include <memory>
#include <optional>

namespace croft::feeds {

/// One GET with its redirects. Lives on curl's thread and belongs to fetcher.cpp.
class Transfer {
public:
    /// `options` outlive it. The clock of the whole starts now.
    Transfer(FetchRequest request, const FetcherOptions& options);
    ~Transfer();

    /// Makes `handle` ready for curl's multi interface.
    Outcome begin();

    /// What it came to, once curl is done with `handle` and says `code` (a CURLcode). Nothing where
    /// the answer was a redirect: add the handle again.
    std::optional<Result<Fetched>> end(int code);

    void* handle() const;  ///< a CURL*

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace croft::feeds
