#pragma once

#include "feeds/source_impl.h"

namespace croft::feeds {

/// A feed's folder on a disk of ours, read on the pool.
std::shared_ptr<Source> make_folder_source(std::shared_ptr<Context> context, std::string folder);

}  // namespace croft::feeds
