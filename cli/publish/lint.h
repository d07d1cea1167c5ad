#pragma once

#include "bundle/scan.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

namespace croft::publish {

struct LintOptions {
    std::vector<std::string>
        allow;  ///< globs: what may be published although it looks secret or broken
    std::function<void(std::uint64_t bytes_done)> on_bytes;  ///< amounts
    std::stop_token stop;
};

/// Why a file must not go out as it is.
struct Finding {
    std::string path;
    /// `unreadable`, `symlink`, `special_file`: never published. `secret_name`, `secret_content`,
    /// `password_column`, `dump_truncated`, `dump_malformed`, `damaged_archive`: until the user
    /// allows the path.
    std::string reason;
    std::string message;
};

/// What a folder holds, looked at before anything is hashed or signed. The folder is only read.
struct Lint {
    struct Dump {
        std::string path;
        std::uint64_t pages = 0;
    };

    std::filesystem::path folder;
    bundle::Scanned scanned;
    std::uint64_t bytes = 0, empty_files = 0;
    std::uint64_t addresses = 0,
                  files_with_addresses = 0;  ///< what looks like e-mail addresses, in text
    std::vector<Dump> dumps;                 ///< MediaWiki dumps, read to their end
    std::vector<Finding> refused;            ///< nothing is published while there is any
    std::vector<Finding> allowed;            ///< the same, let pass by the user
};

/// `not_found` for a folder that is not there, `invalid_argument` (reason `nothing_to_publish`) for
/// one without files. Text is read to its end, of other files the first block; MediaWiki dumps and
/// SQL also below their compression.
Result<Lint> lint(const std::filesystem::path& folder, const LintOptions& options);

/// `conflict`, reason `file_changed`, where files came, went, grew or were written since `lint` saw
/// them.
Outcome check_unchanged(const Lint& lint);

}  // namespace croft::publish
