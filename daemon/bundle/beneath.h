#pragma once

#include "base/file.h"

#include <string>

namespace croft::bundle {

/// Opens `relative` below `folder` (a descriptor), following no symlink in any of its components
/// and leaving the folder by none. No descriptor: `errno` says why (ELOOP for a symlink). Never
/// waits, not even for a FIFO's other end.
Descriptor open_beneath(const Descriptor& folder, const std::string& relative, int flags);

/// The same, component by component: for kernels before 5.6 and sandboxes without openat2.
Descriptor walk_beneath(const Descriptor& folder, const std::string& relative, int flags);

}  // namespace croft::bundle
