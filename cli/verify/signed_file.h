#pragma once

#include "cli/verify/chain.h"
#include "cli/verify/verdict.h"
#include "cli/verify/verify.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace croft::cli::verify {

/// Hands every byte of a regular file to `take`, in constant memory. FIFOs and devices are refused
/// at once: `malformed`.
Outcome read_through(const std::filesystem::path& file, const Options& options,
                     const std::function<void(std::string_view)>& take);

/// A file and its signatures: `--sig`, else all that lie beside it. `no_signature` where there is
/// none, `bad_signature` where none of them can be read.
Result<catalog::SignedFile> read_signed_file(const std::filesystem::path& file,
                                             const Options& options);

/// Whether those whom the person believes stand for the file; the verdict learns who signed.
/// Answers which of `chains` does, none by keys alone.
Result<const Chain*> judge(const catalog::SignedFile& file, const Trusted& trusted,
                           std::span<const Chain> chains, Time now, Verdict& verdict);

}  // namespace croft::cli::verify
